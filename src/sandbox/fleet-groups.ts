import type * as z from "zod";
import { locationOf, RESOURCE_GROUP_NAME, subscriptionId, type FleetMachine } from "./fleet-machines.ts";
import type { World as schema } from "./world-schema.ts";

type Body = z.input<typeof schema>["resources"][string];

/** How a subscription reserves. */
interface Habit {
  type: "Targeted" | "Open" | "Block";
  roles: readonly FleetMachine["role"][];
  /** Units beyond those that its allocated VMs need; negative for too few. */
  spare: number;
  /** Reserved for later; nothing is there yet. */
  future?: boolean;
}

const DB = ["db"] as const;

/** By the number's rest of 50, else of 10; all others reserve nothing. */
const RARE: Readonly<Record<number, Habit>> = {
  9: { type: "Open", roles: ["app"], spare: 1 },
  29: { type: "Block", roles: DB, spare: 0 },
  49: { type: "Targeted", roles: DB, spare: 2, future: true },
};
const USUAL: Readonly<Record<number, Habit>> = {
  3: { type: "Targeted", roles: DB, spare: 0 },
  4: { type: "Targeted", roles: DB, spare: 0 },
  5: { type: "Targeted", roles: DB, spare: 0 },
  6: { type: "Targeted", roles: DB, spare: -1 },
  7: { type: "Targeted", roles: ["db", "web"], spare: 1 },
};

const SCHEDULE = { start: "2026-11-02", end: "2027-02-01" };
const LATER = { start: "2027-02-01", minimumCommitmentDays: 30, modifiableUntil: "2027-01-01" };
const CREATED = "2026-03-02T09:00:00.5+00:00";

interface Groups {
  bodies: Body[];
  /** The group that a VM is associated with. */
  groupOf(machine: FleetMachine): string | undefined;
}

/** A subscription's group with its reservations; empty when it reserves nothing. */
export function makeGroups(number: number, machines: readonly FleetMachine[]): Groups {
  const habit = RARE[number % 50] ?? USUAL[number % 10];
  const wanted = machines.filter(({ role, optedOut }) => habit?.roles.includes(role) && !optedOut);
  if (!habit || wanted.length === 0) return { bodies: [], groupOf: () => undefined };
  const place = `/subscriptions/${subscriptionId(number)}/resourceGroups/${RESOURCE_GROUP_NAME}`;
  const id = `${place}/providers/Microsoft.Compute/capacityReservationGroups/crg-${habit.type.toLowerCase()}`;
  const { name: location, zones } = locationOf(number);
  const group = {
    id,
    name: `crg-${habit.type.toLowerCase()}`,
    type: "Microsoft.Compute/capacityReservationGroups",
    location,
    ...(zones.length > 0 ? { zones: [...zones] } : {}),
    properties: { reservationType: habit.type, provisioningState: "Succeeded" },
  };
  const slots = new Map<string, FleetMachine[]>();
  for (const machine of wanted) {
    const slot = `${machine.zone ?? ""}|${machine.size}`;
    slots.set(slot, [...(slots.get(slot) ?? []), machine]);
  }
  const reservations = [...slots.values()].map((members) => makeReservation(id, habit, members));
  const members = new Set(habit.type === "Open" ? [] : wanted);
  return {
    bodies: [group, ...reservations],
    groupOf: (machine) => (members.has(machine) ? id : undefined),
  };
}

function makeReservation(groupId: string, habit: Habit, members: readonly FleetMachine[]): Body {
  const [{ zone, size, location } = { zone: undefined, size: "", location: "" }] = members;
  const allocated = members.filter(({ power }) => power !== "deallocated").length;
  const capacity = Math.max(0, allocated + habit.spare);
  const name = `${zone === undefined ? "Regional" : `Zone${zone}`}_${size.replace("Standard_", "")}`;
  const future = habit.future === true;
  return {
    id: `${groupId}/capacityReservations/${name}`,
    name,
    type: "Microsoft.Compute/capacityReservationGroups/capacityReservations",
    location,
    ...(zone === undefined ? {} : { zones: [zone] }),
    sku: { name: size, capacity },
    etag: '"1"',
    properties: {
      platformFaultDomainCount: 1,
      provisioningState: "Succeeded",
      timeCreated: CREATED,
      ...(habit.type === "Block" ? { scheduleProfile: SCHEDULE } : future ? { scheduleProfile: LATER } : {}),
      instanceView: {
        utilizationInfo: { currentCapacity: future ? 0 : capacity },
        ...(future ? { reservationStateInfo: { reservationState: "Committed" } } : {}),
      },
    },
  };
}
