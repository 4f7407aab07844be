import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { planAddresses, type AddressPlan } from "./address-plan.ts";
import type { Served } from "./addresses.ts";
import { azwiseAcr } from "./az-command.ts";
import { requireNew, requireTold } from "./plan-checks.ts";
import { Region, RegistryWord } from "./flags.ts";
import { viewIpPlan } from "./ip-plan-view.ts";
import { requirePremium } from "./obstacles.ts";
import { readRegistry, type RegistryRead } from "./read.ts";
import { readPrivateEndpoints } from "./read-private-endpoints.ts";

const Count = z
  .string()
  .regex(/^[1-9]\d?$/, "replicas are a whole number from 1 to 99, the home region counted")
  .transform(Number);

const IpPlanInput = z
  .object({
    registry: RegistryWord.optional(),
    replicas: Count.optional(),
    regional: z.boolean().default(false),
    add: z.array(Region).default([]),
    enable: z.literal("regional", "only regional can be enabled here").optional(),
  })
  .superRefine(({ registry, replicas, regional, add, enable }, check) => {
    const wrong = (key: string, message: string): void =>
      check.addIssue({ code: "custom", path: [key], message });
    if (registry === undefined) {
      if (add.length > 0) wrong("add", "goes with a registry; without one give --replicas");
      if (enable !== undefined) wrong("enable", "goes with a registry; without one give --regional");
      if (replicas === undefined) wrong("replicas", "say how many there are, or name a registry");
      return;
    }
    if (replicas !== undefined) wrong("replicas", "a registry tells its own; use --add");
    if (regional) wrong("regional", "a registry tells it itself; use --enable regional");
  });
type IpPlanInput = z.infer<typeof IpPlanInput>;

export type IpPlanResult =
  { kind: "numbers"; served: Served } | { kind: "live"; live: RegistryRead & Change; plan: AddressPlan };

/** How many replicas there are and whether they have regional endpoints, before and after. */
export interface Change {
  before: Served;
  after: Served;
}

async function runIpPlan(input: IpPlanInput, ctx: Context): Promise<IpPlanResult> {
  const { registry: wanted, replicas = 1, regional } = input;
  if (wanted === undefined) return { kind: "numbers", served: { replicas, regional } };
  const read = await readRegistry(wanted, ctx);
  const change = changeOf(read, input);
  const plan = planAddresses(change, await readPrivateEndpoints(read.registry, ctx));
  return { kind: "live", live: { ...read, ...change }, plan };
}

/** Throws AppError "usage" for a change that is none, or that this registry cannot have. */
function changeOf({ registry, replicas }: RegistryRead, { add, enable }: IpPlanInput): Change {
  requirePremium(registry, "replicas and regional endpoints");
  const added = new Set(add);
  for (const region of added) requireNew(region, registry, replicas);
  const regional = requireTold(registry);
  if (regional && enable !== undefined) {
    throw new AppError("usage", `regional endpoints of ${registry.name} are enabled already`, {
      hint: `leave out --enable; what they take is shown by: ${azwiseAcr("ip-plan", registry)}`,
    });
  }
  return {
    before: { replicas: replicas.length, regional },
    after: { replicas: replicas.length + added.size, regional: regional || enable !== undefined },
  };
}

export const ipPlan = verb({
  name: "ip-plan",
  summary: "Addresses that private endpoints of a registry take, and whether their subnets have them",
  args: ["[registry]"],
  examples: [
    "acr ip-plan shopregistry --add centralus --enable regional",
    "acr ip-plan shopregistry -o json",
    "acr ip-plan --replicas 3 --regional",
  ],
  flags: [
    {
      flag: "--add <region>",
      summary: "as if there were a replica in this region, too; repeatable",
      repeat: true,
    },
    { flag: "--enable <what>", summary: "regional: as if regional endpoints were enabled", once: true },
    { flag: "--replicas <n>", summary: "without a registry: replicas, the home region counted", once: true },
    { flag: "--regional", summary: "without a registry: with regional endpoints" },
  ],
  details: `
Changes nothing. A short subnet or a static address exits 3, otherwise cannot tell something 6.
From numbers alone nobody is asked: neither a sign-in nor a target is needed.`,
  input: IpPlanInput,
  run: runIpPlan,
  view: viewIpPlan,
});
