import type { Known } from "../../azure/known.ts";
import type { Usage } from "../../azure/ports.ts";
import type { CheckState, Finding } from "./check-judge.ts";
import { findOffer } from "./check-size.ts";

/** vCPUs of all slots that one limit counts together. */
interface Demand {
  location: string;
  /** Name of the usage: a family, or all of them. */
  usage: string;
  all: number;
  /** Without those of VMs that count against quota already. */
  further: number;
  /** Why the vCPUs are not known. */
  unknown?: string;
}

type QuotaState = Pick<CheckState, "slots" | "offers" | "usages">;

/** What Compute calls the limit over all families of a location. */
const ALL_FAMILIES = "cores";
const BECAUSE = [
  "odcr/quota-is-a-credit-limit",
  "azure-wire/usages-by-family",
  "azure-wire/quota-at-creation",
];

/** Whether the vCPUs of all slots together fit under the limits of their families and locations. */
export function judgeQuota(state: QuotaState): Finding[] {
  return demandsOf(state).flatMap((demand) => {
    const usages = state.usages.get(demand.location) ?? { unknown: "the usages were not read" };
    // A location whose list has no such line is judged by its families alone.
    const isListed = "value" in usages && usages.value.some(({ name }) => isNamed(name, demand.usage));
    return demand.usage === ALL_FAMILIES && !isListed ? [] : [judgeDemand(demand, usages)];
  });
}

function demandsOf({ slots, offers }: QuotaState): Demand[] {
  const demands = new Map<string, Demand>();
  for (const slot of slots) {
    const { location, size, units, counted } = slot;
    const found = findOffer(slot, offers.get(location));
    const { family = "", vCpus } = ("value" in found && found.value) || {};
    const known = family !== "" && vCpus !== undefined;
    const each = known ? { all: units * vCpus, further: (units - counted) * vCpus } : { all: 0, further: 0 };
    const unknown = known ? {} : { unknown: `the family and the vCPUs of ${size} are not known` };
    for (const usage of [known ? family : size, ALL_FAMILIES]) {
      const key = `${location}|${usage.toLowerCase()}`;
      const earlier = demands.get(key) ?? { location, usage, all: 0, further: 0 };
      const sum = { all: earlier.all + each.all, further: earlier.further + each.further };
      demands.set(key, { ...earlier, ...unknown, ...sum });
    }
  }
  return [...demands.values()].sort(byFamilyFirst);
}

function byFamilyFirst(left: Demand, right: Demand): number {
  const isLast = ({ usage }: Demand): number => Number(usage === ALL_FAMILIES);
  return left.location.localeCompare(right.location) || isLast(left) - isLast(right);
}

function judgeDemand(demand: Demand, usages: Known<Usage[]>): Finding {
  const { location, usage, all, further } = demand;
  const asked = { question: "quota", about: `${location} ${usage}`, because: BECAUSE };
  const unknown = demand.unknown ?? ("unknown" in usages ? usages.unknown : undefined);
  if (unknown !== undefined) return { ...asked, answer: "cannot tell", detail: unknown };
  const listed = "value" in usages ? usages.value.find(({ name }) => isNamed(name, usage)) : undefined;
  if (!listed) return { ...asked, answer: "cannot tell", detail: "the list of usages does not name it" };
  const { current, limit } = listed;
  const left = limit - current;
  const detail = `${all} vCPUs needed, ${left} left (${current} of ${limit} used)`;
  if (all <= left) return { ...asked, answer: "yes", detail: `${detail}; a credit limit, no capacity` };
  if (further > Math.max(left, 0)) {
    const already = all === further ? "" : `; ${all - further} of them are in use already`;
    return { ...asked, answer: "no", detail: detail + already };
  }
  const because = [...BECAUSE, "azure-wire/raise-over-members-quota"];
  const but = `; ${all - further} of them are in use already, and whether those are asked for again is not documented`;
  return { ...asked, answer: "cannot tell", detail: detail + but, because };
}

function isNamed(name: string, usage: string): boolean {
  return name.toLowerCase() === usage.toLowerCase();
}
