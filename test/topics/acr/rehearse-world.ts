import type { JsonObject } from "../../../src/json.ts";
import type { View } from "../../../src/output/view.ts";
import { find, REGISTRY, REPLICATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { rehearse } from "../../../src/topics/acr/rehearse.ts";
import type { Driver } from "../../harness.ts";
import { SHOP } from "./route-world.ts";

export const COMMAND = ["acr", "rehearse", "shopregistry", "--region", "westeurope"];

/** Where this machine is served by the region that is to be lost. */
export function close(world: World): void {
  world.settings.closestRegion = "westeurope";
}

export function replication(
  world: World,
  region: string,
): NonNullable<ReturnType<typeof find<typeof REPLICATION>>> {
  return find(world, REPLICATION, `${SHOP}/replications/${region}`)!;
}

/** Data endpoints off and no private endpoint, so that layers come from storage accounts. */
export function unseen(world: World): void {
  const { properties } = find(world, REGISTRY, SHOP)!;
  properties.dataEndpointEnabled = false;
  properties.privateEndpointConnections = [];
}

export const INPUT = { registry: "shopregistry", region: "westeurope", hold: "1m", apply: true };

export async function run({ ctx }: Driver, more: object = {}): Promise<View> {
  return rehearse.view(await rehearse.run(rehearse.input.parse({ ...INPUT, ...more }), ctx));
}

export interface Told {
  exit: number | undefined;
  text: string;
  /** How proof, hold and the proof of being back ended; undefined when there was none. */
  ends: (string | undefined)[];
  /** Who answered in the hold. */
  held: (string | undefined)[];
  /** Seconds from the first event to the last. */
  seconds: number;
}

export function told({ exit, data }: View): Told {
  const part = (name: string): { end: string; looks: { region?: string }[] } | undefined =>
    (data[name] as unknown as ReturnType<typeof part> | null) ?? undefined;
  const timeline = data["timeline"] as unknown as { sinceMs: number }[];
  return {
    exit,
    text: String((data["result"] as JsonObject)["text"]),
    ends: ["proof", "hold", "proofIn"].map((name) => part(name)?.end),
    held: part("hold")?.looks.map(({ region }) => region) ?? [],
    seconds: Math.round((timeline.at(-1)?.sinceMs ?? 0) / 1000),
  };
}

/** Whether the replica is out of routing, so that proof or hold is under way. */
export function isOut({ open }: Driver): boolean {
  return !replication(open.world, "westeurope").properties.regionEndpointEnabled;
}

export function isData({ url }: { url: string }): boolean {
  return url.includes("/blobs/");
}
