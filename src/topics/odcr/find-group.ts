import type { CapacityReservationGroup, GroupSummary } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { idKey, parseResourceId, type ResourceId } from "../../resource-id.ts";

/** One group by its name in the pinned subscription, or by its id. Throws AppError "usage" when there is none. */
export async function findGroup(wanted: string, ctx: Context): Promise<CapacityReservationGroup> {
  const azure = await ctx.azure();
  const id = parseResourceId(wanted) ? wanted : await findId(wanted, ctx);
  const group = await azure.compute.getGroup(id);
  if (group) return group;
  throw unknownGroup(wanted, []);
}

/** What is named, and is not only to be shown, must be in the pinned subscription. Throws AppError "auth" otherwise. */
export function requireOurs(
  { name, subscriptionId }: Pick<ResourceId, "name" | "subscriptionId">,
  ours: string,
): void {
  if (subscriptionId === ours) return;
  throw new AppError("auth", `${name} is in subscription ${subscriptionId}, this run is pinned to ${ours}`, {
    hint: `use --subscription ${subscriptionId}`,
  });
}

async function findId(name: string, ctx: Context): Promise<string> {
  const azure = await ctx.azure();
  const [subscriptionId] = azure.target.subscriptionIds;
  const groups = await azure.compute.listGroups(subscriptionId);
  const [found, another] = groups.filter((each) => isNamed(each, name));
  if (!found) throw unknownGroup(name, groups);
  if (!another) return found.id;
  throw new AppError("usage", `there are several groups named ${name}`, {
    hint: `give the id, such as ${found.id}`,
  });
}

export function isNamed({ id, name }: GroupSummary, wanted: string): boolean {
  return idKey(id) === idKey(wanted) || name.toLowerCase() === wanted.toLowerCase();
}

export function unknownGroup(wanted: string, groups: readonly GroupSummary[]): AppError {
  const message = `there is no capacity reservation group "${wanted}" here`;
  return new AppError("usage", message, { hint: hintFor(wanted, groups) });
}

function hintFor(wanted: string, groups: readonly GroupSummary[]): string {
  if (parseResourceId(wanted)) return "check the id; azwise odcr status lists the groups";
  const names = groups.map(({ name }) => name).sort();
  return names.length === 0
    ? "there is none; azwise odcr attach makes one"
    : `there are: ${names.join(", ")}`;
}
