import { tellRefusal, type Known } from "../../azure/known.ts";
import type { AccessPort } from "../../azure/ports.ts";

/** By zone of one subscription: the number of the same physical zone in another. */
export type ZoneMap = Known<ReadonlyMap<string, string>>;

export function readZoneMap(
  pair: Parameters<AccessPort["mapZones"]>[0],
  access: AccessPort,
): Promise<ZoneMap> {
  return tellRefusal("the zones of both subscriptions", () => access.mapZones(pair));
}

/** The zone's number in the other subscription. */
export function peerZone(zone: string, map: ZoneMap): Known<string> {
  if ("unknown" in map) return map;
  const peer = map.value.get(zone);
  return peer === undefined ? { unknown: `the answer does not name zone ${zone}` } : { value: peer };
}
