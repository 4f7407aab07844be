import type { CapacityReservation, CapacityReservationGroup } from "../../azure/ports.ts";
import type { Reason } from "./eligibility.ts";

/**
 * targeted: VMs are associated with it, and it holds at once; open: VMs of its slot use it without that;
 * block: it holds between two dates; future: it was ordered for later.
 */
export type ReservationKind = "targeted" | "open" | "block" | "future";

/** Only groups of type Block have blocks, so a schedule anywhere else is that of a future reservation. */
export function reservationKind(
  { reservationType }: Pick<CapacityReservationGroup, "reservationType">,
  { schedule, reservationState }: Pick<CapacityReservation, "schedule" | "reservationState">,
): ReservationKind {
  if (/^block$/i.test(reservationType)) return "block";
  if (schedule !== undefined || reservationState !== undefined) return "future";
  return /^open$/i.test(reservationType) ? "open" : "targeted";
}

/** Why a reservation is never changed here; undefined for one that may be. */
export function findFixed(
  group: Pick<CapacityReservationGroup, "name" | "reservationType">,
  reservation: Pick<CapacityReservation, "name" | "schedule" | "reservationState"> | undefined,
): Reason | undefined {
  if (group.reservationType !== "Targeted") {
    const text = `group ${group.name} is of type ${group.reservationType}, which is never changed here`;
    return { text, because: ["azure-wire/open-and-optout", "azure-wire/block-reservations"] };
  }
  if (reservation === undefined || reservationKind(group, reservation) === "targeted") return undefined;
  const text = `reservation ${reservation.name} is a future one, which is never changed here`;
  return { text, because: ["azure-wire/future-reservations"] };
}

/** "from 2027-02-01", "2026-11-02 to 2027-02-01"; empty without dates. */
export function scheduleText({ schedule }: Pick<CapacityReservation, "schedule">): string {
  const { start, end } = schedule ?? {};
  if (end === undefined) return start === undefined ? "" : `from ${start}`;
  return start === undefined ? `until ${end}` : `${start} to ${end}`;
}
