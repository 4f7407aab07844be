import pLimit from "p-limit";
import { AzureError } from "../../azure/azure-error.ts";
import type {
  Azure,
  CapacityReservationGroup,
  GroupSummary,
  SizeOffer,
  VirtualMachine,
} from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import { idKey, nameOf, parseResourceId, sameId, sameText } from "../../resource-id.ts";
import type { ForeignGroup } from "./plan-foreign.ts";
import { chooseGroups, possibleNames, type GroupWish, type Place } from "./plan-groups.ts";
import type { AttachState } from "./plan-verdict.ts";
import { readZoneMap } from "./zone-map.ts";

/** Everything that planning an attach needs to know, read at once. */
export async function readAttachState(
  machines: readonly VirtualMachine[],
  asked: GroupWish,
  ctx: Context,
): Promise<AttachState> {
  const azure = await ctx.azure();
  ctx.progress("reading sizes and groups");
  const listed = await azure.compute.listGroups(asked.subscriptionId);
  const wish = { ...asked, group: findSharedId(asked.group, listed) ?? asked.group };
  const [offers, singlePlacementSets, named] = await Promise.all([
    readOffers(machines, azure),
    readSinglePlacementSets(machines, azure),
    readNamedGroups(machines, wish, { listed, ctx }),
  ]);
  const foreign = await readForeign(wish, { named, listed, azure });
  oneSubscription(azure.target, foreign?.owner);
  const left = machines.flatMap(({ groupId }) => groupId ?? []);
  const sources = await readGroupsById(
    left.filter((id) => !named.some((group) => sameId(group.id, id))),
    ctx,
  );
  ctx.progress(undefined);
  const groups = [...named, ...sources.values()];
  const chosen = chooseGroups({ machines, wish, existing: named });
  return { machines, chosen, groups, foreign, offers, singlePlacementSets };
}

async function readOffers(machines: readonly VirtualMachine[], azure: Azure): Promise<SizeOffer[]> {
  const [subscriptionId] = azure.target.subscriptionIds;
  const locations = [...new Set(machines.map(({ location }) => location))];
  const lists = await Promise.all(
    locations.map((location) => azure.compute.listSizes(subscriptionId, location)),
  );
  return lists.flat();
}

async function readSinglePlacementSets(
  machines: readonly VirtualMachine[],
  azure: Azure,
): Promise<Set<string>> {
  const ids = new Map(machines.flatMap(({ scaleSetId: id }) => (id === undefined ? [] : [[idKey(id), id]])));
  const single = await Promise.all(
    [...ids].map(async ([key, id]) =>
      (await azure.compute.isSinglePlacementGroup(id)) === true ? [key] : [],
    ),
  );
  return new Set(single.flat());
}

/** The id of a shared group by its name, where no group of the subscription itself has it. */
export function findSharedId(group: string | undefined, listed: readonly GroupSummary[]): string | undefined {
  const hits = listed.filter((each) => group !== undefined && sameText(each.name, group));
  if (hits.some(({ shared }) => !shared)) return undefined;
  const [found, another] = hits;
  if (found && another) throw severalNamed(found, "shared with this subscription");
  return found?.id;
}

interface Listed {
  listed: readonly GroupSummary[];
  ctx: Context;
}

/** The groups that --group names or that the derived names would hit. */
export async function readNamedGroups(
  machines: readonly Place[],
  { group }: Pick<GroupWish, "group">,
  { listed, ctx }: Listed,
): Promise<CapacityReservationGroup[]> {
  const wishedId = group !== undefined && parseResourceId(group) ? group : undefined;
  const names = new Set(possibleNames(machines, group));
  const own = listed.filter(({ name, shared }) => !shared && names.has(name.toLowerCase()));
  if (wishedId === undefined) refuseUnclear(own);
  const ids = own
    .filter(({ name }) => wishedId === undefined || !sameText(name, nameOf(wishedId)))
    .map(({ id }) => id);
  return readGroups([...(wishedId === undefined ? [] : [wishedId]), ...ids], [], ctx);
}

/** A name must mean one group. */
function refuseUnclear(own: readonly GroupSummary[]): void {
  const twice = own.find((each, index) => own.slice(0, index).some(({ name }) => sameText(name, each.name)));
  if (twice) throw severalNamed(twice, "in this subscription");
}

function severalNamed({ id, name }: GroupSummary, where: string): AppError {
  const hint = `give the id: --group ${id}`;
  return new AppError("usage", `there are several groups named ${name} ${where}`, { hint });
}

interface ReadGroups {
  named: readonly CapacityReservationGroup[];
  listed: readonly GroupSummary[];
  azure: Azure;
}

/** How far the wished group can be used, when it is in another subscription than the VMs. */
async function readForeign(
  { group: wished = "", subscriptionId }: GroupWish,
  { named, listed, azure }: ReadGroups,
): Promise<ForeignGroup | undefined> {
  const owner = parseResourceId(wished)?.subscriptionId ?? subscriptionId;
  if (owner === subscriptionId) return undefined;
  const group = named.find(({ id }) => sameId(id, wished));
  if (!group) {
    throw new AppError("usage", `there is no group ${wished}, and none is made in another subscription`, {
      hint: "check the id; azwise odcr status lists the groups",
    });
  }
  const { name, location, zones, sharedWith } = group;
  const isListed = listed.some(({ id }) => sameId(id, wished));
  return {
    name,
    owner,
    isShared: isListed || sharedWith.some((each) => sameText(each, subscriptionId)),
    mayChange: azure.target.subscriptionIds.includes(owner),
    zones:
      zones.length === 0
        ? { unknown: "the zones were not compared" }
        : await readZoneMap({ subscriptionId, peerId: owner, location }, azure.access),
  };
}

/** Reads each group once, leaving out those already known and those that do not exist. */
export async function readGroups(
  ids: readonly string[],
  known: readonly CapacityReservationGroup[],
  ctx: Context,
): Promise<CapacityReservationGroup[]> {
  const azure = await ctx.azure();
  const have = new Set(known.map(({ id }) => idKey(id)));
  const wanted = new Map(ids.filter((id) => !have.has(idKey(id))).map((id) => [idKey(id), id]));
  const limit = pLimit(ctx.concurrency);
  const groups = await Promise.all([...wanted.values()].map((id) => limit(() => azure.compute.getGroup(id))));
  return groups.filter((group) => group !== undefined);
}

/** The groups, by idKey. A group that may not be read is left out, not an error. */
export async function readGroupsById(
  wanted: readonly string[],
  ctx: Context,
): Promise<Map<string, CapacityReservationGroup>> {
  const azure = await ctx.azure();
  const ids = new Map(wanted.map((id) => [idKey(id), id]));
  const limit = pLimit(ctx.concurrency);
  const found = new Map<string, CapacityReservationGroup>();
  const read = async (key: string, id: string): Promise<void> => {
    try {
      const group = await azure.compute.getGroup(id);
      if (group) found.set(key, group);
    } catch (error) {
      if (!(error instanceof AzureError) || !isOutOfSight(error)) throw error;
    }
  };
  await Promise.all([...ids].map(([key, id]) => limit(() => read(key, id))));
  return found;
}

/** A group's owner may be a subscription, or a tenant, where this identity is nobody. */
function isOutOfSight({ status, code }: AzureError): boolean {
  const codes = ["SubscriptionNotFound", "InvalidAuthenticationTokenTenant"];
  return status === 403 || (code !== undefined && codes.includes(code));
}
