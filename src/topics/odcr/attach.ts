import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { APPLYING } from "../../plan/carry-out.ts";
import { verb } from "../../verb.ts";
import { viewAttach } from "./attach-view.ts";
import { carryOut, type CarriedOut } from "./carry-out.ts";
import { Group, Minimum, SELECTED, SELECTORS } from "./flags.ts";
import { planAttach, type AttachPlan } from "./plan.ts";
import { readAttachState } from "./read.ts";
import { selectionOf, selectMachines } from "./select.ts";

const AttachInput = z
  .object({
    ...SELECTED,
    group: Group.optional(),
    cover: z.enum(["running", "all"], "use running or all").default("running"),
    minimum: Minimum.optional(),
    allowRestart: z.boolean().default(false),
    move: z.boolean().default(false),
    apply: z.boolean().default(false),
    out: z.string().min(1).optional(),
  })
  .refine(({ cover, minimum }) => cover !== "all" || minimum === undefined, {
    error: "it cannot be used with --cover all",
    path: ["minimum"],
  });
type AttachInput = z.infer<typeof AttachInput>;

export interface AttachResult extends CarriedOut {
  attach: AttachPlan;
}

async function runAttach(input: AttachInput, ctx: Context): Promise<AttachResult> {
  const { resourceGroup } = input;
  const machines = await selectMachines(selectionOf(input), ctx);
  requireEnough(machines.length, input.minimum);
  const { target } = await ctx.azure();
  const [subscriptionId] = target.subscriptionIds;
  const state = await readAttachState(machines, { group: input.group, resourceGroup, subscriptionId }, ctx);
  const attach = planAttach(state, input);
  const groupIds = attach.slots.map(({ groupId }) => groupId);
  const { apply, out } = input;
  const show = (shown: CarriedOut): View => viewAttach({ attach, ...shown });
  return { attach, ...(await carryOut(attach, { apply, out, groupIds, show }, ctx)) };
}

function requireEnough(selected: number, minimum = 0): void {
  if (minimum <= selected) return;
  const text = `--minimum ${minimum} is more than the ${selected} selected VM${selected === 1 ? "" : "s"}`;
  throw new AppError("usage", text, { hint: "select more VMs, or lower the minimum" });
}

export const attach = verb({
  name: "attach",
  summary: "Protect VMs with capacity reservations",
  examples: [
    "odcr attach --resource-group rg-shop-prod",
    "odcr attach --vm shop-web-01 --vm shop-web-02 --apply",
    "odcr attach --scale-set web --minimum 3",
    "odcr attach --tag tier=db --cover all --allow-restart --out plan.json",
    "odcr attach --vm shop-web-01 --group crg-platform --subscription <the VMs'> --subscription <its owner's>",
  ],
  flags: [
    ...SELECTORS,
    {
      flag: "--group <name|id>",
      summary: "the capacity reservation group (default: derived from the location)",
    },
    { flag: "--cover <running|all>", summary: "members to hold capacity for (default running)" },
    {
      flag: "--minimum <n>",
      summary: "units for all selected VMs together, for a pool that scales out and in",
    },
    { flag: "--allow-restart", summary: "restart VMs that cannot join while they run" },
    { flag: "--move", summary: "take VMs out of another group" },
    ...APPLYING,
  ],
  details: `
Shows its plan and changes nothing, unless --apply is given. A plan with steps exits 3, an empty one 0.
Running zonal VMs join without downtime. Running regional VMs are left alone unless --allow-restart is given.
The group may be of another subscription: with a second --subscription, its owner's, reservations are made there.`,
  input: AttachInput,
  asks: (input) => input.apply,
  run: runAttach,
  view: viewAttach,
});
