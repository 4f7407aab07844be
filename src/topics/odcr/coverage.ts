import type { CapacityReservation, CapacityReservationGroup } from "../../azure/ports.ts";
import type { Cell, Table, Tone } from "../../output/view.ts";
import { nameOf } from "../../resource-id.ts";
import { reservationKind, scheduleText, type ReservationKind } from "./reservation-kind.ts";
import { slotText } from "./slots.ts";

export type CoverageState = "covered" | "overallocated" | "idle" | "empty" | "failed";

/** One reservation and how it is used. Counts only: Azure never says which VM holds which unit. */
export interface Coverage {
  group: string;
  groupId: string;
  reservation: string;
  location: string;
  /** Null means regional. */
  zone: string | null;
  size: string;
  kind: ReservationKind;
  /** Dates of a block or future reservation; null when there are none, or an open end. */
  start: string | null;
  end: string | null;
  /** Of a future reservation, in the service's words; null when not told. */
  reservationState: string | null;
  quantity: number;
  associated: number;
  allocated: number;
  state: CoverageState;
  /** Held, but not in use; null when Azure does not say how many units it holds. */
  free: number | null;
  /** Allocated beyond the quantity, so without protection. */
  unprotected: number;
  machines: string[];
}

/**
 * covered: members are allocated, all within the quantity; overallocated: more are allocated than reserved;
 * idle: reserved, but nobody is allocated; empty: nothing reserved, nothing allocated; failed: unusable.
 */
export function stateOf({ quantity, allocated, provisioningState }: CapacityReservation): CoverageState {
  if (/^failed$/i.test(provisioningState)) return "failed";
  if (allocated.length > quantity) return "overallocated";
  if (quantity === 0) return "empty";
  return allocated.length === 0 ? "idle" : "covered";
}

/** `today` is the date (ISO 8601, UTC) for what holds only between dates; without it that is not known. */
export function coverageOf(group: CapacityReservationGroup, today?: string): Coverage[] {
  return group.reservations.map((reservation) => {
    const { quantity, allocated, associated, schedule, reservationState } = reservation;
    const kind = reservationKind(group, reservation);
    const holds = holdsQuantity(reservation, kind, today);
    // Bookkeeping lags: an allocated VM may not be listed as associated yet.
    const machines = new Map([...associated, ...allocated].map((id) => [id.toLowerCase(), nameOf(id)]));
    return {
      group: group.name,
      groupId: group.id,
      reservation: reservation.name,
      location: reservation.location,
      zone: reservation.zone ?? null,
      size: reservation.size,
      kind,
      start: schedule?.start ?? null,
      end: schedule?.end ?? null,
      reservationState: reservationState ?? null,
      quantity,
      // Nobody is associated with an open one: those that use it just do.
      associated: kind === "open" ? associated.length : machines.size,
      allocated: allocated.length,
      state: stateOf(reservation),
      free: holds === null ? null : holds ? Math.max(0, quantity - allocated.length) : 0,
      unprotected: Math.max(0, allocated.length - quantity),
      machines: [...machines.values()].sort(),
    };
  });
}

/** Whether the quantity is really held now, or nothing; null when neither can be told. */
function holdsQuantity(
  reservation: CapacityReservation,
  kind: ReservationKind,
  today: string | undefined,
): boolean | null {
  const { schedule, reservationState: state } = reservation;
  if (stateOf(reservation) === "failed") return null;
  if (kind === "block" && schedule) return isWithin(schedule, today);
  if (kind !== "future" || /^live$/i.test(state ?? "")) return true;
  return state === undefined || /^partiallyfulfilled$/i.test(state) ? null : false;
}

/** On the first and the last day it depends on an hour that is not always told. */
function isWithin(
  { start, end }: NonNullable<CapacityReservation["schedule"]>,
  today: string | undefined,
): boolean | null {
  if (today === undefined) return null;
  const [day, first, last] = [today, start, end].map((date) => date?.slice(0, 10));
  if (day === undefined || day === first || day === last) return null;
  return (first === undefined || day > first) && (last === undefined || day < last);
}

const TONES: Readonly<Record<CoverageState, Tone>> = {
  covered: "good",
  overallocated: "bad",
  idle: "warn",
  empty: "dim",
  failed: "bad",
};

const REASONS: Readonly<Record<CoverageState, readonly string[]>> = {
  covered: ["odcr/protected-when-quantity-covers"],
  overallocated: [
    "odcr/overallocation-first-come",
    "azure-wire/overallocation-silent",
    "azure-wire/which-vm-unknown",
  ],
  idle: ["odcr/billing-starts-with-quantity"],
  empty: ["odcr/zero-quantity"],
  failed: ["azure-wire/failed-raise"],
};

export function coverageTable(coverages: readonly Coverage[]): Table {
  return {
    columns: [
      { header: "group" },
      { header: "reservation" },
      { header: "slot" },
      { header: "quantity", align: "right" },
      { header: "associated", align: "right" },
      { header: "allocated", align: "right" },
      { header: "free", align: "right" },
      { header: "state" },
      { header: "VMs" },
    ],
    rows: coverages.map((each) => ({ cells: cellsOf(each), because: reasonsOf(each) })),
  };
}

const KIND_REASONS: Readonly<Record<ReservationKind, readonly string[]>> = {
  targeted: [],
  open: ["azure-wire/open-and-optout"],
  block: ["azure-wire/block-reservations"],
  future: ["azure-wire/future-reservations"],
};

/** The article counts all associated VMs; Azure counts those that hold hardware. */
function reasonsOf({ state, kind, associated, quantity }: Coverage): readonly string[] {
  if (kind === "future") return KIND_REASONS.future;
  const onlyAllocated = state === "covered" && associated > quantity;
  const reasons = onlyAllocated ? ["azure-wire/overallocated-counts-allocated"] : REASONS[state];
  return [...reasons, ...KIND_REASONS[kind]];
}

/** "covered"; "open, idle"; "block, covered (2026-11-02 to 2027-02-01)"; "future, Committed (from 2027-02-01)" */
function stateText(each: Coverage): string {
  const { kind, state, start, end, reservationState } = each;
  if (kind === "targeted") return state;
  const dates = scheduleText({ schedule: { start: start ?? undefined, end: end ?? undefined } });
  const known = kind === "future" ? (reservationState ?? "state not told") : state;
  return `${kind}, ${known}${dates === "" ? "" : ` (${dates})`}`;
}

function cellsOf(each: Coverage): Cell[] {
  const { group, reservation, quantity, associated, allocated, free, state, machines } = each;
  const tone = each.kind === "future" ? "dim" : TONES[state];
  const counts = [quantity, associated, allocated, free ?? "?"];
  const slot = slotText({ ...each, zone: each.zone ?? undefined });
  return [group, reservation, slot, ...counts, { text: stateText(each), tone }, machines.join(", ")];
}
