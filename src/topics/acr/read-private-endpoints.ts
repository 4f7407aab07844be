import pLimit from "p-limit";
import { tellFailure } from "../../azure/known.ts";
import type { NetworkPort } from "../../azure/network-ports.ts";
import type { PrivateEndpointConnection, Registry } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { parseResourceId } from "../../resource-id.ts";
import type { ConnectedEndpoint, Seen } from "./address-plan.ts";

/** Every private endpoint of a registry with its subnet; what may not be read is said to be unknown. */
export async function readPrivateEndpoints(
  { privateEndpoints }: Registry,
  ctx: Context,
): Promise<ConnectedEndpoint[]> {
  const { network, target } = await ctx.azure();
  const limit = pLimit(ctx.concurrency);
  ctx.progress("reading private endpoints");
  return Promise.all(
    privateEndpoints.map((connection) =>
      limit(async () => ({
        id: connection.endpointId,
        status: connection.status,
        seen: await see(connection, network, target.subscriptionIds),
      })),
    ),
  );
}

const UNKNOWN = "unknown" as const;

async function see(
  connection: PrivateEndpointConnection,
  network: NetworkPort,
  given: readonly string[],
): Promise<Seen> {
  const { endpointId, status } = connection;
  const foreign = outside(endpointId, given);
  if (foreign !== undefined) return foreign;
  const seen = await tellFailure("the private endpoint or its subnet", async (): Promise<Seen> => {
    const endpoint = await network.getPrivateEndpoint(endpointId);
    if (endpoint) return seeAddresses(endpoint, network, given);
    if (/^(rejected|disconnected)$/i.test(status)) return { kind: "gone" };
    return { kind: UNKNOWN, reason: `not found, though its connection is ${status}` };
  });
  return "unknown" in seen ? { kind: UNKNOWN, reason: seen.unknown } : seen.value;
}

async function seeAddresses(
  { subnetId, interfaceIds }: { subnetId: string; interfaceIds: string[] },
  network: NetworkPort,
  given: readonly string[],
): Promise<Seen> {
  const foreign = outside(subnetId, given);
  if (foreign !== undefined) return foreign;
  const [subnet, ...lists] = await Promise.all([
    network.getSubnet(subnetId),
    ...interfaceIds.map((id) => network.listAddresses(id)),
  ]);
  const addresses = lists.flatMap((list) => list ?? []);
  if (subnet === undefined) return { kind: UNKNOWN, reason: "its subnet is not found" };
  if (interfaceIds.length === 0 || lists.includes(undefined)) {
    return { kind: UNKNOWN, reason: "its network interface is not found" };
  }
  return {
    kind: "here",
    subnet,
    addresses: addresses.length,
    isStatic: addresses.some((each) => each.isStatic),
  };
}

function outside(id: string, given: readonly string[]): Seen | undefined {
  const reason = whyNotRead(id, given);
  return reason === undefined ? undefined : { kind: UNKNOWN, reason };
}

/** Nothing is read outside the given subscriptions; undefined for what may be. */
export function whyNotRead(id: string, given: readonly string[]): string | undefined {
  const subscriptionId = parseResourceId(id)?.subscriptionId;
  if (subscriptionId === undefined) return "its id is not told";
  if (given.includes(subscriptionId)) return undefined;
  return `its subscription was not given; add --subscription ${subscriptionId}`;
}
