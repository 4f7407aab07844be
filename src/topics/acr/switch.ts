import * as z from "zod";
import type { RegionHost } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError, EXIT } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { APPLYING, carryOut, type CarriedOut } from "../../plan/carry-out.ts";
import { verb, type Flag } from "../../verb.ts";
import { RegistryWord } from "./flags.ts";
import { readChange } from "./read-change.ts";
import { planSwitch, type Feature, type SwitchPlan } from "./switch-plan.ts";
import { viewSwitch } from "./switch-view.ts";

const SwitchInput = z
  .object({
    way: z.enum(["enable", "disable"], {
      error: ({ input }) => `"${String(input)}" is neither enable nor disable`,
    }),
    registry: RegistryWord,
    acceptRisk: z.boolean().default(false),
    apply: z.boolean().default(false),
    out: z.string().min(1).optional(),
  })
  .refine(({ way, acceptRisk }) => way === "enable" || !acceptRisk, {
    path: ["acceptRisk"],
    error: "goes with acr regional enable",
  });
type SwitchInput = z.infer<typeof SwitchInput>;

export interface SwitchResult extends CarriedOut {
  change: SwitchPlan;
  /** As the service tells them once it is done; undefined before, and where they cannot be read. */
  hosts: RegionHost[] | undefined;
}

async function runSwitch(feature: Feature, input: SwitchInput, ctx: Context): Promise<SwitchResult> {
  const { way, registry: wanted, acceptRisk, apply, out } = input;
  const on = way === "enable";
  const state = await readChange(wanted, { action: "write", addresses: on && feature === "regional" }, ctx);
  const cloud = (await ctx.azure()).target.cloud;
  const change = planSwitch(state, { feature, on, acceptRisk, cloud });
  const show = (shown: CarriedOut): View => viewSwitch({ change, hosts: undefined, ...shown });
  const done = await carryOut(change, { apply, out, show }, ctx);
  const hosts = done.report?.exit === EXIT.ok ? await readHosts(change, ctx) : undefined;
  return { change, hosts, ...done };
}

/** What was done must be told even when it cannot be read back. */
async function readHosts(
  { registry: { id }, feature }: SwitchPlan,
  ctx: Context,
): Promise<RegionHost[] | undefined> {
  try {
    const registry = await (await ctx.azure()).registries.get(id);
    return feature === "regional" ? registry?.regionalHosts : registry?.dataHosts;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

const ACCEPT: Flag = {
  flag: "--accept-risk",
  summary: "go on where it cannot be told whether a subnet has the addresses",
};

export const regional = verb({
  name: "regional",
  summary: "Regional endpoints of a registry, on or off",
  args: ["<way>", "<registry>"],
  examples: ["acr regional enable shopregistry", "acr regional disable shopregistry --apply"],
  flags: [ACCEPT, ...APPLYING],
  details: `
<way> is enable or disable.
Shows its plan and changes nothing, unless --apply is given. A plan with a step exits 3, an empty one 0.
Enabling takes an address per replica at each private endpoint: a subnet that is short is named and exits 2,
one of which that cannot be told exits 6. Disabling cuts off clients that are pinned to a regional host.`,
  input: SwitchInput,
  asks: (input) => input.apply,
  run: (input, ctx) => runSwitch("regional", input, ctx),
  view: viewSwitch,
});

export const dataEndpoints = verb({
  name: "data-endpoints",
  summary: "Dedicated data endpoints of a registry, on or off",
  args: ["<way>", "<registry>"],
  examples: ["acr data-endpoints enable shopregistry", "acr data-endpoints disable shopregistry --apply"],
  flags: APPLYING,
  details: `
<way> is enable or disable.
Shows its plan and changes nothing, unless --apply is given. A plan with a step exits 3, an empty one 0.
With a private endpoint they are on by themselves and cannot be disabled.`,
  input: SwitchInput,
  asks: (input) => input.apply,
  run: (input, ctx) => runSwitch("data-endpoints", input, ctx),
  view: viewSwitch,
});
