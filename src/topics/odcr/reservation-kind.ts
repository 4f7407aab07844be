import type { CapacityReservation, CapacityReservationGroup } from "../../azure/ports.ts";

/**
 * targeted: VMs are associated with it, and it holds at once; open: VMs of its slot use it without that;
 * block: it holds between two dates; future: it was ordered for later.
 */
export type ReservationKind = "targeted" | "open" | "block" | "future";

/** Only groups of type Block have blocks, so a schedule anywhere else is that of a future reservation. */
export function kindOf(
  { reservationType }: Pick<CapacityReservationGroup, "reservationType">,
  { schedule, reservationState }: Pick<CapacityReservation, "schedule" | "reservationState">,
): ReservationKind {
  if (/^block$/i.test(reservationType)) return "block";
  if (schedule !== undefined || reservationState !== undefined) return "future";
  return /^open$/i.test(reservationType) ? "open" : "targeted";
}

/** "from 2027-02-01", "2026-11-02 to 2027-02-01"; empty without dates. */
export function scheduleText({ schedule }: Pick<CapacityReservation, "schedule">): string {
  const { start, end } = schedule ?? {};
  if (end === undefined) return start === undefined ? "" : `from ${start}`;
  return start === undefined ? `until ${end}` : `${start} to ${end}`;
}
