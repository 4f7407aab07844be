import type { SizeOffer, Usage } from "../../../src/azure/ports.ts";
import { list, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { FaultName, World } from "../../../src/sandbox/world.ts";
import { planAcquire, type AcquirePlan, type AcquireState } from "../../../src/topics/odcr/acquire-plan.ts";
import type { Known } from "../../../src/azure/known.ts";
import type { Slot } from "../../../src/topics/odcr/slots.ts";
import { LOCATION, offer, SUBSCRIPTION } from "./builders.ts";

export const WISH = { quantity: 4, everyMs: 600_000, forMs: 3_600_000, offHours: new Map() };
export const NEW = { group: undefined, resourceGroup: "rg-app", subscriptionId: SUBSCRIPTION };

export function slot(zone: string | undefined, change: Partial<Slot> = {}): Slot {
  return { location: LOCATION, zone, size: "Standard_D4s_v5", ...change };
}

interface Parts {
  quantity?: number;
  slots?: Slot[];
  offers?: SizeOffer[];
  usages?: Known<Usage[]>;
  existing?: AcquireState["existing"];
  wish?: Partial<AcquireState["wish"]>;
}

export function plan({
  quantity = 4,
  slots = [slot("1")],
  offers = [offer()],
  usages,
  existing = [],
  wish,
}: Parts = {}): AcquirePlan {
  const places = [LOCATION, "centralus"];
  return planAcquire(
    {
      slots,
      existing,
      wish: { ...NEW, ...wish },
      offers: new Map(places.map((at) => [at, { value: offers.map((each) => ({ ...each, location: at })) }])),
      usages: new Map(places.map((at) => [at, usages ?? { value: [] }])),
    },
    { ...WISH, quantity },
  );
}

export function refuseRaises(world: World, name: FaultName, times: number): void {
  world.faults.push({ name, match: { method: "PATCH" }, times, skip: 0 });
}

export function quantities(world: World): Record<string, number> {
  const reservations = list(world, RESERVATION).filter(({ id }) => /\/crg-shop/.test(id));
  return Object.fromEntries(reservations.map(({ name, sku }) => [name, sku.capacity]));
}
