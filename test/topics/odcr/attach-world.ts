import type { Context } from "../../../src/context.ts";
import { AppError, EXIT } from "../../../src/errors.ts";
import type { JsonObject } from "../../../src/json.ts";
import { find, groupIdOf, GROUP, list, MACHINE, powerOf, RESERVATION } from "../../../src/sandbox/bodies.ts";
import { keyOf, nameOf } from "../../../src/sandbox/ids.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { attach } from "../../../src/topics/odcr/attach.ts";
import { resume } from "../../../src/topics/runs/resume.ts";
import type { Verb } from "../../../src/verb.ts";
import { openDriver, SUBSCRIPTION, type OpenWorld } from "../../harness.ts";
import { checkEnd, watchInvariants, type Allowed } from "../../sandbox/invariants.ts";

/** Two zonal slots, and two regional VMs that have to be restarted. */
export const VMS = ["shop-web-01", "shop-db-02", "shop-legacy-01", "shop-legacy-02"];

/** What attaching those VMs sends when nothing goes wrong. */
export const CLEAN_CHANGES = { PUT: 6, PATCH: 8, POST: 4 };

export interface Ended {
  exit: number;
  /** Of the steps, in order: done, failed or not tried. */
  statuses: string[];
  /** The report of the run; undefined when the verb stopped with an error. */
  report: JsonObject | undefined;
  error: AppError | undefined;
}

export async function applyAttach(ctx: Context): Promise<Ended> {
  return end(attach, { vm: VMS, allowRestart: true, apply: true }, ctx);
}

export async function resumeRun(id: string, ctx: Context): Promise<Ended> {
  return end(resume, { id }, ctx);
}

/** What `applyAttach` allows. */
export const ALLOWED: Allowed = { verb: "attach", restart: true };

/** Watches a world from now on; the answer stops that, and tells what was not allowed at any request or in the end. */
export function watch({ world }: OpenWorld, allowed: Allowed): (ended: Ended) => string[] {
  const start = structuredClone(world);
  const watched = watchInvariants(start, allowed, (each) => each === world);
  return ({ exit }) => {
    watched.stop();
    const cut = exit !== EXIT.ok;
    return [...watched.violations, ...checkEnd(start, world, { ...allowed, cut })];
  };
}

/** Runs a verb on the world, and says how it ended. */
export async function end(verb: Verb, input: object, ctx: Context): Promise<Ended> {
  try {
    const view = verb.view(await verb.run(verb.input.parse(input), ctx));
    const report = (view.data["report"] as JsonObject | null) ?? undefined;
    const statuses = stepsOf(report).map(({ status }) => status);
    return { exit: view.exit ?? EXIT.ok, statuses, report, error: undefined };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { exit: EXIT[error.kind], statuses: [], report: undefined, error };
  }
}

export interface ReportedStep {
  id: string;
  resource: string;
  status: string;
}

export function stepsOf(report: JsonObject | undefined): ReportedStep[] {
  return (report?.["steps"] ?? []) as unknown as ReportedStep[];
}

let clean: Promise<JsonObject> | undefined;

/** The state that a run without any fault ends in. */
export function cleanState(): Promise<JsonObject> {
  clean ??= openDriver().then(async ({ open, ctx }) => {
    await applyAttach(ctx);
    return stateOf(open.world);
  });
  return clean;
}

/** Lets whatever is still under way come to its end. */
export function settle({ sandbox, azure }: OpenWorld): Promise<unknown> {
  return sandbox.sleep(600_000).then(() => azure.compute.listGroups(SUBSCRIPTION));
}

/** What an attach is about: power and group of each VM, and each reservation's place and quantity. */
export function stateOf(world: World): JsonObject {
  return {
    machines: list(world, MACHINE).map((machine) => ({
      name: machine.name,
      power: powerOf(machine),
      group: groupIdOf(machine) === undefined ? null : nameOf(groupIdOf(machine) ?? ""),
    })),
    groups: list(world, GROUP).map(({ name, zones = [] }) => ({ name, zones })),
    reservations: list(world, RESERVATION).map(({ id, sku, zones = [], properties }) => ({
      id: keyOf(id),
      size: sku.name,
      quantity: sku.capacity,
      zones,
      state: properties.provisioningState,
    })),
    capacity: world.capacity,
  };
}

/** What a step's report says, compared with the world: "done" must be so, one sentence for each that is not. */
export function untruths({ report }: Ended, world: World): string[] {
  return stepsOf(report)
    .filter(({ status }) => status === "done")
    .filter(({ id, resource }) => !isSo(id, resource, world))
    .map(({ id }) => `"${id}" is reported done and is not so`);
}

function isSo(id: string, resource: string, world: World): boolean {
  const verb = id.split(" ")[0];
  const machine = find(world, MACHINE, resource);
  if (verb === "start") return machine !== undefined && powerOf(machine) === "running";
  if (verb === "associate") return machine !== undefined && groupIdOf(machine) !== undefined;
  if (verb === "raise") {
    return (find(world, RESERVATION, resource)?.sku.capacity ?? 0) >= Number(id.split(" to ")[1]);
  }
  return verb === "deallocate" || world.resources[keyOf(resource)] !== undefined;
}
