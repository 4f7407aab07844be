import { join } from "node:path";
import { EXIT } from "../../../src/errors.ts";
import { GROUP, MACHINE, RESERVATION, type Resource } from "../../../src/sandbox/bodies.ts";
import { keyOf, subscriptionOf } from "../../../src/sandbox/ids.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { loadWorld as loadFile, saveWorld } from "../../../src/sandbox/world-file.ts";
import { createTestHost, loadWorld, runCli, SUBSCRIPTION, type CliResult } from "../../harness.ts";
import { checkEnd, watchInvariants, type Allowed } from "../../sandbox/invariants.ts";

export const FLEET = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute`;
const LOCATION = "eastus2";

export interface FleetMachine {
  name: string;
  size: string;
  /** Undefined is regional. */
  zone?: string | undefined;
  /** Running when left out. */
  power?: "running" | "stopped" | "deallocated";
  tags?: Record<string, string>;
}

/** Contoso's tenant and everything of its other subscriptions, with these VMs alone in the first one. */
export async function makeFleetWorld(machines: readonly FleetMachine[]): Promise<World> {
  const world = await loadWorld();
  const types: string[] = [MACHINE, GROUP, RESERVATION];
  for (const body of Object.values(world.resources)) {
    const isOwn = subscriptionOf(body.id) === SUBSCRIPTION && types.includes(body.type);
    if (isOwn) delete world.resources[keyOf(body.id)];
  }
  Object.assign(world, { capacity: {}, quota: {} });
  addMachines(world, machines);
  return world;
}

export function addMachines(world: World, machines: readonly FleetMachine[]): void {
  for (const { name, size, zone, power = "running", tags = {} } of machines) {
    put(world, {
      id: `${FLEET}/virtualMachines/${name}`,
      name,
      type: MACHINE,
      location: LOCATION,
      ...(zone === undefined ? {} : { zones: [zone] }),
      tags,
      etag: '"1"',
      properties: {
        hardwareProfile: { vmSize: size },
        provisioningState: "Succeeded",
        instanceView: {
          statuses: [{ code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` }],
        },
      },
    });
  }
}

export interface Fixed {
  group: string;
  type: "Open" | "Block" | "Targeted";
  /** Of its one reservation. */
  properties: object;
}

/** A group that no verb may change, with one reservation of two units. */
export function addFixed(world: World, { group, type, properties }: Fixed): void {
  const id = `${FLEET}/capacityReservationGroups/${group}`;
  const place = { location: LOCATION, zones: ["1"] };
  put(world, {
    id,
    name: group,
    type: GROUP,
    ...place,
    properties: { reservationType: type, provisioningState: "Succeeded" },
  });
  put(world, {
    id: `${id}/capacityReservations/Zone1_D2s_v5`,
    name: "Zone1_D2s_v5",
    type: RESERVATION,
    ...place,
    sku: { name: "Standard_D2s_v5", capacity: 2 },
    etag: '"1"',
    properties: {
      provisioningState: "Succeeded",
      instanceView: { utilizationInfo: { currentCapacity: 2 } },
      ...properties,
    },
  });
}

function put(world: World, body: Resource & Record<string, unknown>): void {
  world.resources[keyOf(body.id)] = body;
}

const BROKEN: readonly number[] = [EXIT.failed, EXIT.partial, EXIT.timeout];

export interface Lived extends CliResult {
  /** What the command line did not allow, after each request and in the end. */
  violations: string[];
  /** How many requests were looked at. */
  requests: number;
}

/** One estate that command lines change one after the other. */
export interface Life {
  run(command: string): Promise<Lived>;
  world(): Promise<World>;
  /** What others do to it between two commands. */
  edit(change: (world: World) => void): Promise<void>;
}

export async function beginLife(world: World): Promise<Life> {
  const host = createTestHost();
  const file = join(host.state, "sandbox", "world.json");
  await saveWorld(file, world);
  const edit: Life["edit"] = async (change) => {
    const now = await loadFile(file);
    change(now);
    await saveWorld(file, now);
  };
  // What a command left under way comes to its end.
  const settle = async (): Promise<void> => {
    await edit((now) => void (now.clockOffsetMs += 600_000));
    await runCli(host, "odcr", "status");
  };
  return {
    edit,
    async run(command) {
      const argv = command.split(" ");
      const allowed = allowedBy(argv);
      const before = await loadFile(file);
      const watched = watchInvariants(before, allowed);
      const result = await runCli(host, ...argv, ...(argv.includes("--apply") ? ["--yes"] : []));
      const cut = result.exit !== EXIT.ok;
      if (BROKEN.includes(result.exit)) await settle();
      watched.stop();
      const inTheEnd = checkEnd(before, await loadFile(file), { ...allowed, cut });
      const { violations, requests } = watched;
      return { ...result, requests, violations: [...violations, ...inTheEnd] };
    },
    world: () => loadFile(file),
  };
}

/** Read off the command line itself, so that nothing is allowed that was not typed. */
function allowedBy(argv: readonly string[]): Allowed {
  const [, word, first = ""] = argv;
  const has = (flag: string): boolean => argv.includes(flag);
  const valueOf = (flag: string): string => argv[argv.indexOf(flag) + 1] ?? "";
  const verb = (["attach", "detach", "resize", "acquire"] as const).find((each) => each === word);
  if (!has("--apply") || verb === undefined) return { verb: "read" };
  const group = verb === "acquire" ? valueOf("--group") : first;
  const quantity = Number(valueOf("--quantity"));
  return {
    verb,
    restart: has("--allow-restart"),
    release: has("--release"),
    deleteEmpty: has("--delete-empty"),
    move: has("--move"),
    ...(has("--quantity") ? { asked: { group, quantity } } : {}),
  };
}
