import * as z from "zod";
import type { Context } from "../../context.ts";
import type { Row, Table, View } from "../../output/view.ts";
import { GROUP, list, MACHINE, powerOf, RESERVATION } from "../../sandbox/bodies.ts";
import { subscriptionOf } from "../../sandbox/ids.ts";
import type { World } from "../../sandbox/world.ts";
import { loadWorld } from "../../sandbox/world-file.ts";
import { verb } from "../../verb.ts";
import { faultJson, faultTable } from "./fault-table.ts";
import { summarizeTenants, tenantTable } from "./tenant-table.ts";
import { worldPath } from "./world-path.ts";

const ShowInput = z.object({});

interface ShowResult {
  world: World;
  clock: Date;
}

async function runShow(_input: z.infer<typeof ShowInput>, ctx: Context): Promise<ShowResult> {
  const world = await loadWorld(worldPath(ctx));
  return { world, clock: new Date(ctx.now().getTime() + world.clockOffsetMs) };
}

type Counts = {
  name: string;
  id: string;
  tenantId: string;
  virtualMachines: number;
  running: number;
  groups: number;
  reservations: number;
};

function countSubscriptions(world: World): Counts[] {
  return world.subscriptions.map(({ subscriptionId: id, displayName: name, tenantId }) => {
    const isIn = (body: { id: string }): boolean => subscriptionOf(body.id) === id.toLowerCase();
    const machines = list(world, MACHINE).filter(isIn);
    return {
      name,
      id,
      tenantId,
      virtualMachines: machines.length,
      running: machines.filter((machine) => powerOf(machine) === "running").length,
      groups: list(world, GROUP).filter(isIn).length,
      reservations: list(world, RESERVATION).filter(isIn).length,
    };
  });
}

/** More rows than this are for programs: people are shown one row for each tenant instead. */
const MOST_SUBSCRIPTION_ROWS = 50;

function viewShow({ world, clock }: ShowResult): View {
  const subscriptions = countSubscriptions(world);
  const tenants = summarizeTenants(world);
  const isLarge = subscriptions.length > MOST_SUBSCRIPTION_ROWS;
  return {
    data: {
      world: world.name,
      clock: clock.toISOString(),
      tenants,
      subscriptions,
      faults: world.faults.map(faultJson),
    },
    tables: [
      isLarge ? tenantTable(tenants) : subscriptionTable(subscriptions),
      ...(world.faults.length > 0 ? [faultTable(world.faults)] : []),
    ],
    notes: [
      { level: "info", text: `world ${world.name}; its clock says ${clock.toISOString()}` },
      ...(world.faults.length > 0 ? [] : [{ level: "info" as const, text: "no faults are active" }]),
    ],
  };
}

function subscriptionTable(subscriptions: readonly Counts[]): Table {
  return {
    title: "Subscriptions",
    columns: [
      { header: "subscription" },
      { header: "id" },
      { header: "tenant" },
      { header: "VMs", align: "right" },
      { header: "running", align: "right" },
      { header: "groups", align: "right" },
      { header: "reservations", align: "right" },
    ],
    rows: subscriptions.map((each): Row => {
      const { name, id, tenantId, virtualMachines, running, groups, reservations } = each;
      return { cells: [name, id, tenantId, virtualMachines, running, groups, reservations] };
    }),
  };
}

export const show = verb({
  name: "show",
  summary: "Show the sandbox's world, its clock, what is in it and the active faults",
  flags: [],
  examples: ["sandbox show"],
  input: ShowInput,
  run: runShow,
  view: viewShow,
});
