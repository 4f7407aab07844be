import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../../src/context.ts";
import { find, list, REGISTRY, REPLICATION, type Replication } from "../../../src/sandbox/bodies.ts";
import { sameText } from "../../../src/sandbox/ids.ts";
import { ANSWERED, type Answered } from "../../../src/sandbox/open.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { route } from "../../../src/topics/acr/route.ts";
import { openDriver, SUBSCRIPTION, type Driver, type OpenWorld } from "../../harness.ts";
import { end, type Ended } from "../odcr/attach-world.ts";

export const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.ContainerRegistry/registries/shopregistry`;

/** Contoso's shopregistry with a home region that can leave, and these of its three regions in routing. */
export function onlyIn(...regions: string[]): (world: World) => void {
  return (world) => {
    world.settings.homeReplication = "listed";
    const home = find(world, REGISTRY, SHOP)?.location ?? "";
    const [sample] = list(world, REPLICATION).filter(({ id }) => id.includes("/shopregistry/"));
    if (!sample) throw new Error("shopregistry has no replica");
    const id = `${SHOP}/replications/${home}`;
    world.resources[id.toLowerCase()] = { ...structuredClone(sample), id, name: home, location: home };
    for (const each of replications(world)) {
      each.properties.regionEndpointEnabled = regions.includes(each.location);
    }
  };
}

function replications(world: World): Replication[] {
  return list(world, REPLICATION).filter(({ id }) => id.toLowerCase().startsWith(`${SHOP.toLowerCase()}/`));
}

/** Regions of shopregistry in global routing; a home region without a replication is. */
export function regionsIn(world: World): string[] {
  const home = find(world, REGISTRY, SHOP)?.location ?? "";
  const all = replications(world);
  const routed = all.filter(({ properties }) => properties.regionEndpointEnabled);
  const unshown = all.some(({ location }) => sameText(location, home)) ? [] : [home];
  return [...unshown, ...routed.map(({ location }) => location)].sort();
}

/** Watches a world from now on; the answer stops that, and tells the requests after which no replica was in routing. */
export function watchPool(world: World): () => string[] {
  const empty: string[] = [];
  const look = (message: unknown): void => {
    const answered = message as Answered;
    if (answered.world !== world || regionsIn(world).length > 0) return;
    empty.push(`${answered.request.method} ${new URL(answered.request.url).pathname}`);
  };
  subscribe(ANSWERED, look);
  return () => {
    unsubscribe(ANSWERED, look);
    return empty;
  };
}

export type Words = { way: "out" | "in"; region: string } | { regions: string };

/** Applies one command line to shopregistry; a plan's regions are written to a file first. */
export function applyRoute(
  { host, ctx }: { host: Driver["host"]; ctx: Context },
  words: Words,
): Promise<Ended> {
  if ("way" in words) return run(ctx, words.way, { region: words.region });
  writeFileSync(join(host.folder, "routing.yaml"), `regions: {${words.regions}}\n`);
  return run(ctx, "plan", { file: "routing.yaml" });
}

function run(ctx: Context, way: string, flags: object): Promise<Ended> {
  return end(route, { way, registry: "shopregistry", apply: true, ...flags }, ctx);
}

/** Lets whatever is still under way come to its end. */
export async function settle({ sandbox, azure }: OpenWorld): Promise<void> {
  await sandbox.sleep(600_000);
  await azure.registries.get(SHOP);
}

/** Another process on the same world and the same machine. */
export function again({ host, open }: Driver): Promise<Driver> {
  return openDriver(undefined, { host, world: open.world });
}
