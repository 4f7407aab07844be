import type { Subnet } from "../../azure/network-ports.ts";
import { idKey } from "../../resource-id.ts";
import { addressesOf, usableAddresses, type Addresses, type Served } from "./addresses.ts";

/** A private endpoint connection of a registry, and what was read of its private endpoint. */
export interface ConnectedEndpoint {
  id: string;
  /** Of the connection: Approved, Pending, Rejected or Disconnected. */
  status: string;
  seen: Seen;
}

export type Seen =
  | { kind: "here"; subnet: Subnet; addresses: number; isStatic: boolean }
  /** It does not exist any more. */
  | { kind: "gone" }
  | { kind: "unknown"; reason: string };

export type Verdict = "enough" | "short" | "static" | "cannot tell" | "gone";

export interface EndpointPlan {
  id: string;
  status: string;
  verdict: Verdict;
  /** Undefined when not known, as all that follows. */
  subnetId: string | undefined;
  now: number | undefined;
  after: number | undefined;
  isStatic: boolean | undefined;
  /** Free addresses of its subnet, before the change. */
  free: number | undefined;
  /** Addresses that its subnet lacks for all private endpoints in it together. */
  short: number;
  /** Why it cannot be told. */
  reason: string | undefined;
}

export interface SubnetPlan {
  id: string;
  prefixes: string[];
  /** Undefined when the subnet tells no IPv4 prefix. */
  usable: number | undefined;
  listed: number;
  /** Undefined when it cannot be told, for this reason. */
  free: number | undefined;
  reason: string | undefined;
  /** Addresses that private endpoints of this registry still need in it. */
  further: number;
  endpoints: number;
}

/** What a change of a registry takes in the subnets of its private endpoints. */
export interface AddressPlan {
  /** Of each private endpoint. */
  before: Addresses;
  after: Addresses;
  endpoints: EndpointPlan[];
  subnets: SubnetPlan[];
}

/** Whether every subnet has the addresses that each private endpoint in it needs after the change. */
export function planAddresses(
  { before, after }: { before: Served; after: Served },
  connected: readonly ConnectedEndpoint[],
): AddressPlan {
  const each = { before: addressesOf(before), after: addressesOf(after) };
  const subnets = planSubnets(connected, each);
  return { ...each, endpoints: connected.map((endpoint) => judge(endpoint, each, subnets)), subnets };
}

interface Each {
  before: Addresses;
  after: Addresses;
}

/** An endpoint that has less than it should gets the rest as well; what it has beyond that stays. */
function furtherOf(addresses: number, { before, after }: Each): number {
  return Math.max(0, after.total - Math.min(before.total, addresses));
}

function planSubnets(connected: readonly ConnectedEndpoint[], each: Each): SubnetPlan[] {
  const inside = new Map<string, { subnet: Subnet; has: number[] }>();
  for (const { seen } of connected) {
    if (seen.kind !== "here") continue;
    const { subnet, addresses } = seen;
    const known = inside.get(idKey(subnet.id)) ?? { subnet, has: [] };
    inside.set(idKey(subnet.id), { ...known, has: [...known.has, addresses] });
  }
  return [...inside.values()].map(({ subnet, has }) => ({
    id: subnet.id,
    prefixes: subnet.prefixes,
    usable: usableAddresses(subnet.prefixes),
    listed: subnet.listed,
    ...freeIn(subnet, sum(has)),
    further: sum(has.map((addresses) => furtherOf(addresses, each))),
    endpoints: has.length,
  }));
}

/** A list that leaves out addresses which are known to be in use says nothing of the others. */
function freeIn({ prefixes, listed }: Subnet, has: number): Pick<SubnetPlan, "free" | "reason"> {
  const usable = usableAddresses(prefixes);
  if (usable === undefined) return { free: undefined, reason: "the subnet tells no IPv4 prefix" };
  if (listed >= has) return { free: Math.max(0, usable - listed), reason: undefined };
  const reason = `the subnet lists ${listed} addresses in use, and these private endpoints alone have ${has}`;
  return { free: undefined, reason };
}

function judge(endpoint: ConnectedEndpoint, each: Each, subnets: readonly SubnetPlan[]): EndpointPlan {
  const { id, status, seen } = endpoint;
  const nothing = { subnetId: undefined, now: undefined, after: undefined, isStatic: undefined };
  const blank = { id, status, ...nothing, free: undefined, short: 0, reason: undefined };
  if (seen.kind === "gone") return { ...blank, verdict: "gone" };
  if (seen.kind === "unknown") return { ...blank, verdict: "cannot tell", reason: seen.reason };
  const { subnet, addresses: now, isStatic } = seen;
  const plan = subnets.find((other) => idKey(other.id) === idKey(subnet.id));
  const { free, reason, further = 0 } = plan ?? {};
  const short = free === undefined ? 0 : Math.max(0, further - free);
  const room = free === undefined ? "cannot tell" : "enough";
  const verdict = short > 0 ? "short" : isStatic ? "static" : room;
  const after = now + furtherOf(now, each);
  return { id, status, verdict, subnetId: subnet.id, now, after, isStatic, free, short, reason };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

/** That a subnet has too few addresses; undefined where it has enough, or that cannot be told. */
export function shortText({ id, free, further }: SubnetPlan): string | undefined {
  if (free === undefined || further <= free) return undefined;
  return `subnet ${subnetName(id)} is short by ${further - free}: ${further} more needed, ${free} free`;
}

/** Of a private endpoint with one; the fact is azure-wire/acr-static-addresses. */
export const STATIC_TEXT =
  "static addresses stand in the way of new replicas; whether of regional endpoints, too, is not known";

/** `shop-vnet/private`. */
export function subnetName(id: string): string {
  const [network = "", , subnet = ""] = id.split("/").slice(-3);
  return `${network}/${subnet}`;
}
