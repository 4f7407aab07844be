import pLimit from "p-limit";
import type {
  Azure,
  CapacityReservationGroup,
  GroupSummary,
  SizeOffer,
  VirtualMachine,
} from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { idKey, nameOf, parseResourceId } from "../../resource-id.ts";
import { chooseGroups, possibleNames, type GroupWish } from "./plan-groups.ts";
import type { AttachState } from "./plan-verdict.ts";

/** Everything that planning an attach needs to know, read at once. */
export async function readAttachState(
  machines: readonly VirtualMachine[],
  wish: GroupWish,
  ctx: Context,
): Promise<AttachState> {
  const azure = await ctx.azure();
  ctx.progress("reading sizes and groups");
  const [offers, singlePlacementSets, named] = await Promise.all([
    readOffers(machines, azure),
    readSinglePlacementSets(machines, azure),
    readNamedGroups(machines, wish, ctx),
  ]);
  const sources = await readGroups(
    machines.flatMap(({ groupId }) => (groupId === undefined ? [] : [groupId])),
    named,
    ctx,
  );
  ctx.progress(undefined);
  const groups = [...named, ...sources];
  const chosen = chooseGroups({ machines, wish, existing: named });
  return { machines, chosen, groups, offers, singlePlacementSets };
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

/** The groups that --group names or that the derived names would hit. */
async function readNamedGroups(
  machines: readonly VirtualMachine[],
  wish: GroupWish,
  ctx: Context,
): Promise<CapacityReservationGroup[]> {
  const azure = await ctx.azure();
  const { group } = wish;
  const wishedId = group !== undefined && parseResourceId(group) ? group : undefined;
  if (wishedId !== undefined) requirePinned(wishedId, azure);
  const names = new Set(possibleNames(machines, group));
  const listed = await azure.compute.listGroups(wish.subscriptionId);
  const hits = listed.filter(({ name }) => names.has(name.toLowerCase()));
  const own = hits.filter(({ shared }) => !shared);
  if (wishedId === undefined) refuseUnclear(own, hits, group);
  const ids = own
    .filter(({ name }) => wishedId === undefined || !isNamed(name, nameOf(wishedId)))
    .map(({ id }) => id);
  return readGroups([...(wishedId === undefined ? [] : [wishedId]), ...ids], [], ctx);
}

function isNamed(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted.toLowerCase();
}

/** A name must mean one group, and one that this run may change. */
function refuseUnclear(
  own: readonly GroupSummary[],
  hits: readonly GroupSummary[],
  group: string | undefined,
): void {
  const twice = own.find((each, index) => own.slice(0, index).some(({ name }) => isNamed(name, each.name)));
  if (twice) {
    const hint = `give the id: --group ${twice.id}`;
    throw new AppError("usage", `there are several groups named ${twice.name} in this subscription`, {
      hint,
    });
  }
  if (group === undefined || own.some(({ name }) => isNamed(name, group))) return;
  const shared = hits.find(({ name }) => isNamed(name, group));
  if (shared) requirePinned(shared.id, { target: { subscriptionIds: [] } });
}

/** A group elsewhere may be named, but what it changes must be within the pin. */
function requirePinned(
  groupId: string,
  { target }: { target: { subscriptionIds: readonly string[] } },
): void {
  const owner = parseResourceId(groupId)?.subscriptionId ?? "";
  if (target.subscriptionIds[0] === owner) return;
  throw new AppError(
    "auth",
    `group ${nameOf(groupId)} is in subscription ${owner}, which this run may not touch`,
    {
      hint: "use a group of the VMs' own subscription",
      because: ["azure-wire/shared-groups-hidden"],
    },
  );
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
