import * as z from "zod";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { APPLYING } from "../../plan/carry-out.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import { verb } from "../../verb.ts";
import { carryOut, type CarriedOut } from "./carry-out.ts";
import { findGroup, requireOurs } from "./find-group.ts";
import { Group, SlotWord } from "./flags.ts";
import { planResize, type ResizePlan } from "./resize-plan.ts";
import { viewResize } from "./resize-view.ts";

const ResizeInput = z.object({
  group: Group,
  slot: SlotWord.optional(),
  quantity: z
    .string({ error: "say how many units: --quantity <n>" })
    .regex(/^\d{1,5}$/, "a quantity is a whole number from 0 on")
    .transform(Number),
  release: z.boolean().default(false),
  apply: z.boolean().default(false),
  out: z.string().min(1).optional(),
});
type ResizeInput = z.infer<typeof ResizeInput>;

export interface ResizeResult extends CarriedOut {
  resize: ResizePlan;
}

async function runResize(input: ResizeInput, ctx: Context): Promise<ResizeResult> {
  const { slot = {}, quantity, release, apply, out } = input;
  const { target } = await ctx.azure();
  const group = await findGroup(input.group, ctx);
  requireOurs(group, oneSubscription(target));
  const resize = planResize(group, { slot, quantity, release });
  const show = (shown: CarriedOut): View => viewResize({ resize, ...shown });
  return { resize, ...(await carryOut(resize, { apply, out, groupIds: [group.id], show }, ctx)) };
}

export const resize = verb({
  name: "resize",
  summary: "Raise or lower the quantity of one reservation",
  args: ["<group>"],
  examples: [
    "odcr resize crg-shop --quantity 6",
    "odcr resize crg-shop --slot zone=1,size=E8s_v5 --quantity 2 --apply",
    "odcr resize crg-shop --slot Zone1_E8s_v5 --quantity 0 --release --out plan.json",
  ],
  flags: [
    { flag: "--slot <slot>", summary: "zone=<n|regional>,size=<size>, or a reservation's name", once: true },
    { flag: "--quantity <n>", summary: "units to hold from then on", once: true },
    { flag: "--release", summary: "lower it below what is in use" },
    ...APPLYING,
  ],
  details: `
Shows its plan and changes nothing, unless --apply is given. A plan with a step exits 3, an empty one 0.
--slot may be left out where the group has one reservation. A raise that Azure refuses for capacity exits 6.`,
  input: ResizeInput,
  asks: (input) => input.apply,
  run: runResize,
  view: viewResize,
});
