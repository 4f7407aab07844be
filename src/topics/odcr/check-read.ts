import pLimit from "p-limit";
import { tellRefusal, type Known } from "../../azure/known.ts";
import type { Azure, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { nameOf, parseResourceId } from "../../resource-id.ts";
import type { AskedSlot, CheckState, Grant } from "./check-judge.ts";
import { readZoneMap } from "./zone-map.ts";

export interface CheckWish {
  slots: readonly AskedSlot[];
  /** Existing VMs that the slots come from. */
  machines: readonly VirtualMachine[];
  /** Name or id. */
  group: string | undefined;
  resourceGroup: string | undefined;
}

/** The group that was named: where it is, and what is in it when it exists. */
interface Wished {
  id: string | undefined;
  group: Known<CapacityReservationGroup> | undefined;
}

/** Asks everything at once; a read that is refused is an answer that cannot be told. */
export async function readCheckState(wish: CheckWish, ctx: Context): Promise<CheckState> {
  const azure = await ctx.azure();
  const [own] = azure.target.subscriptionIds;
  ctx.progress("reading the group");
  const wished = await readWished(wish.group, azure);
  const owner = parseResourceId(wished.id ?? "")?.subscriptionId ?? own;
  const isShared = owner !== own;
  const locations = [...new Set(wish.slots.map(({ location }) => location))];
  const limit = pLimit(ctx.concurrency);
  const byLocation = async <T>(
    read: (location: string) => Promise<Known<T>>,
  ): Promise<Map<string, Known<T>>> =>
    new Map(await Promise.all(locations.map(async (at) => [at, await limit(() => read(at))] as const)));
  const grantAt = (scope: string): Promise<Grant> => limit(() => readGrant(scope, azure));
  ctx.progress("reading sizes, usages and permissions");
  const [offers, usages, zoneMaps, places, machines] = await Promise.all([
    byLocation((at) => tellRefusal("the sizes", () => azure.compute.listSizes(own, at))),
    byLocation((at) => tellRefusal("the usages", () => azure.compute.listUsages(owner, at))),
    isShared
      ? byLocation((location) => readZoneMap({ subscriptionId: own, peerId: owner, location }, azure.access))
      : undefined,
    Promise.all(placesOf(wish, wished, own).map(grantAt)),
    Promise.all(wish.machines.map(async (machine) => ({ machine, grant: await grantAt(machine.id) }))),
  ]);
  ctx.progress(undefined);
  // The owner's usage does not hold what our VMs use.
  const slots = isShared ? wish.slots.map((slot) => ({ ...slot, counted: 0 })) : wish.slots;
  const { group } = wished;
  const missing = group === undefined ? wish.group : undefined;
  return { slots, offers, usages, group, missing, places, machines, zoneMaps };
}

async function readGrant(scope: string, azure: Azure): Promise<Grant> {
  const permissions = await tellRefusal("the permissions", () => azure.access.listPermissions(scope));
  return { scope, partial: parseScope(scope) === "subscription", permissions };
}

function parseScope(scope: string): "subscription" | "below" {
  return scope.split("/").length === 3 ? "subscription" : "below";
}

/** The group itself; where there is none, its resource group, or those of the VMs, or the subscription. */
function placesOf({ resourceGroup, machines }: CheckWish, { id, group }: Wished, own: string): string[] {
  if (id !== undefined && group) return [id];
  const named = id === undefined ? resourceGroup : parseResourceId(id)?.resourceGroup;
  const subscriptionId = parseResourceId(id ?? "")?.subscriptionId ?? own;
  const groups = named === undefined ? machines.map((each) => each.resourceGroup) : [named];
  const unique = [...new Map(groups.map((name) => [name.toLowerCase(), name])).values()];
  const subscription = `/subscriptions/${subscriptionId}`;
  if (unique.length === 0) return [subscription];
  return unique.map((name) => `${subscription}/resourceGroups/${name}`);
}

async function readWished(wanted: string | undefined, azure: Azure): Promise<Wished> {
  if (wanted === undefined) return { id: undefined, group: undefined };
  const id = parseResourceId(wanted) ? wanted : await findByName(wanted, azure);
  if (id === undefined) return { id, group: undefined };
  const read = await tellRefusal(`group ${nameOf(id)}`, () => azure.compute.getGroup(id));
  if ("unknown" in read) return { id, group: read };
  return { id, group: read.value && { value: read.value } };
}

/** A group of the subscription goes before one that is shared into it. */
async function findByName(name: string, azure: Azure): Promise<string | undefined> {
  const listed = await azure.compute.listGroups(azure.target.subscriptionIds[0]);
  const hits = listed.filter((each) => each.name.toLowerCase() === name.toLowerCase());
  const own = hits.filter(({ shared }) => !shared);
  const [found, other] = own.length > 0 ? own : hits;
  if (!found || !other) return found?.id;
  throw new AppError("usage", `there are several groups named ${found.name}`, {
    hint: `give the id: --group ${found.id}`,
  });
}
