import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import type { Report } from "../../plan/apply.ts";
import { APPLYING, carryOut, type CarriedOut } from "../../plan/carry-out.ts";
import type { StepOutcome } from "../../plan/execute.ts";
import { NOTHING_SENT } from "../../plan/notes.ts";
import { verb } from "../../verb.ts";
import type { AddressPlan } from "./address-plan.ts";
import { Region, RegistryWord } from "./flags.ts";
import { readChange } from "./read-change.ts";
import { readPrivateEndpoints } from "./read-private-endpoints.ts";
import { addressesFor, planAdd, planRemove, type ReplicaPlan } from "./replica-plan.ts";
import { viewReplica } from "./replica-view.ts";
import { isCreating } from "./replicas.ts";
import { requireNotOwed } from "./require-not-owed.ts";

const ReplicaInput = z
  .object({
    way: z.enum(["add", "remove"], {
      error: ({ input }) => `"${String(input)}" is neither add nor remove`,
    }),
    registry: RegistryWord,
    region: Region.optional(),
    zoneRedundant: z.boolean().default(false),
    outOfRouting: z.boolean().default(false),
    acceptRisk: z.boolean().default(false),
    keepRegional: z.boolean().default(false),
    apply: z.boolean().default(false),
    out: z.string().min(1).optional(),
  })
  .superRefine((input, check) => {
    const say = (flag: string, message: string): void =>
      check.addIssue({ code: "custom", path: [flag], message });
    if (input.region === undefined) say("region", "say where: --region <region>");
    if (input.way === "add" && input.keepRegional) say("keepRegional", "goes with acr replica remove");
    if (input.way === "add") return;
    for (const flag of ["zoneRedundant", "outOfRouting", "acceptRisk"] as const) {
      if (input[flag]) say(flag, "goes with acr replica add");
    }
  });
type ReplicaInput = z.infer<typeof ReplicaInput>;

/** What is there after an addition that failed. */
type Aftermath =
  /** With the minutes since it began, where the service tells that. */
  | { kind: "creating"; minutes: number | undefined }
  /** Not there: perhaps it was rolled back, so the addresses were counted once more. */
  | { kind: "gone"; addresses: AddressPlan }
  | { kind: "unread"; reason: string };

export interface ReplicaResult extends CarriedOut {
  change: ReplicaPlan;
  aftermath: Aftermath | undefined;
}

async function runReplica(input: ReplicaInput, ctx: Context): Promise<ReplicaResult> {
  const { apply, out } = input;
  const change = await planChange(input, ctx);
  const show = (shown: CarriedOut): View => viewReplica({ change, aftermath: undefined, ...shown });
  const done = await carryOut(change, { apply, out, show }, ctx);
  return { change, aftermath: await lookAfter(change, done.report, ctx), ...done };
}

async function planChange(
  { way, registry, region = "", ...wish }: ReplicaInput,
  ctx: Context,
): Promise<ReplicaPlan> {
  if (way === "add") {
    const state = await readChange(registry, { action: "replications/write", addresses: true }, ctx);
    return planAdd(state, { region, ...wish });
  }
  const state = await readChange(registry, { action: "replications/delete", addresses: false }, ctx);
  await requireNotOwed(state.replicas, [region], ctx);
  return planRemove(state, { region, ...wish });
}

/** Codes that refuse what was asked for, so that nothing was begun that could have been rolled back. */
const REFUSED = new Set([
  "InvalidParameter",
  "InvalidResourceLocation",
  "LocationNotAvailableForResourceType",
  "QuotaExceeded",
  "RegistryStatusConflict",
  "RequestDisallowedByAzure",
  "RequestDisallowedByPolicy",
  "ScopeLocked",
  "SkuNotAvailable",
  "SkuNotSupported",
]);

function isRefused({ note, failure }: StepOutcome): boolean {
  return (
    note?.startsWith(NOTHING_SENT) === true || failure?.kind === "auth" || REFUSED.has(failure?.code ?? "")
  );
}

/** What was done must be told even when it cannot be read back. */
async function lookAfter(
  { way, registry, region }: ReplicaPlan,
  report: Report | undefined,
  ctx: Context,
): Promise<Aftermath | undefined> {
  const failed = report?.outcomes.find(({ status }) => status === "failed");
  if (way !== "add" || !failed || isRefused(failed)) return undefined;
  try {
    const { registries, clock } = await ctx.azure();
    const replicas = await registries.listReplicas(registry);
    const found = replicas.find((each) => each.region === region);
    if (found) {
      return isCreating(found)
        ? { kind: "creating", minutes: minutesSince(found.since, clock.now()) }
        : undefined;
    }
    const privateEndpoints = await readPrivateEndpoints(registry, ctx);
    return { kind: "gone", addresses: addressesFor({ registry, replicas, privateEndpoints }) };
  } catch (error) {
    if (error instanceof AppError) return { kind: "unread", reason: error.message };
    throw error;
  }
}

function minutesSince(since: string | undefined, now: Date): number | undefined {
  return since === undefined ? undefined : Math.floor((now.getTime() - Date.parse(since)) / 60_000);
}

export const replica = verb({
  name: "replica",
  summary: "Add a replica of a registry in a region, or remove one",
  args: ["<way>", "<registry>"],
  examples: [
    "acr replica add shopregistry --region centralus",
    "acr replica add shopregistry --region centralus --out-of-routing --apply",
    "acr replica remove shopregistry --region westeurope",
  ],
  flags: [
    { flag: "--region <region>", summary: "where it is, or is to be", once: true },
    { flag: "--zone-redundant", summary: "add: spread it over zones, which is for the creation only" },
    { flag: "--out-of-routing", summary: "add: the global endpoint sends nobody there yet" },
    {
      flag: "--accept-risk",
      summary: "add: go on where it cannot be told whether a subnet has the addresses",
    },
    { flag: "--keep-regional", summary: "remove: leave regional endpoints on for the other replicas" },
    ...APPLYING,
  ],
  details: `
<way> is add or remove.
Shows its plan and changes nothing, unless --apply is given. A plan with a step exits 3.
A subnet without addresses for a new replica is named and exits 2, one of which that cannot be told exits 6.
Neither the home region nor the last replica that is ready and in routing is ever removed.`,
  input: ReplicaInput,
  asks: (input) => input.apply,
  run: runReplica,
  view: viewReplica,
});
