import type { CapacityReservation, CapacityReservationGroup } from "../../azure/ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { lower } from "./detach-steps.ts";
import { raise } from "./plan-steps.ts";
import { findFixed } from "./reservation-kind.ts";
import { slotOf, slotText, unitsText } from "./slots.ts";

/** Which reservation of a group is meant: its name, or where it holds capacity. */
export interface SlotWish {
  name?: string | undefined;
  zone?: string | undefined;
  size?: string | undefined;
}

export interface ResizeWish {
  slot: SlotWish;
  quantity: number;
  /** VMs may lose their protection. */
  release: boolean;
}

export interface ResizePlan {
  group: CapacityReservationGroup;
  reservation: CapacityReservation;
  quantity: number;
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
}

/** One reservation gets another quantity. Throws AppError "usage" when it is not clear which, or must not be. */
export function planResize(group: CapacityReservationGroup, wish: ResizeWish): ResizePlan {
  const reservation = chooseReservation(group, wish.slot);
  const fixed = findFixed(group, reservation);
  if (fixed) throw new AppError("usage", fixed.text, { because: fixed.because });
  requireSettled(reservation);
  const { quantity } = wish;
  const now = reservation.quantity;
  if (quantity < now) requireSpare(reservation, wish);
  const isFailed = reservation.provisioningState === "Failed";
  const step = quantity >= now ? raiseTo(reservation, quantity) : lowerTo(reservation, wish);
  // Setting the old quantity again is what makes a failed one usable.
  const steps = quantity === now && !isFailed ? [] : [step];
  const warnings = steps.length === 0 ? [] : warn(reservation, quantity);
  return { group, reservation, quantity, steps, warnings, refusals: [] };
}

function chooseReservation(
  { name, reservations }: CapacityReservationGroup,
  wish: SlotWish,
): CapacityReservation {
  const [found, another] = reservations.filter((each) => fits(each, wish));
  if (found && !another) return found;
  const all = reservations.map((each) => `${each.name} (${slotText(slotOf(each))})`).join(", ");
  const what = found ? "several reservations" : "no reservation";
  const text =
    reservations.length === 0 ? `group ${name} has no reservation` : `${what} of group ${name} fit`;
  throw new AppError("usage", text, {
    hint: all === "" ? "azwise odcr attach makes one" : `name one with --slot: ${all}`,
  });
}

function fits({ name, zone, size }: CapacityReservation, wish: SlotWish): boolean {
  const isNamed = wish.name === undefined || name.toLowerCase() === wish.name.toLowerCase();
  const isThere = wish.zone === undefined || (zone ?? "regional") === wish.zone;
  return isNamed && isThere && (wish.size === undefined || shortSize(size) === shortSize(wish.size));
}

function shortSize(size: string): string {
  return size.toLowerCase().replace(/^standard_/, "");
}

/** A failed one may be set back to its old quantity, which is what makes it usable again. */
function requireSettled({ name, provisioningState }: CapacityReservation): void {
  if (provisioningState === "Succeeded" || provisioningState === "Failed") return;
  throw new AppError("changes", `reservation ${name} is ${provisioningState}`, {
    hint: "try again when it has settled",
    because: ["azure-wire/provisioning-must-succeed"],
  });
}

function requireSpare(reservation: CapacityReservation, { quantity, release }: ResizeWish): void {
  const { name, allocated } = reservation;
  if (release || quantity >= allocated.length) return;
  throw new AppError(
    "usage",
    `${allocated.length} VMs use ${name}: with a quantity of ${quantity}, ${loss(reservation, quantity)}`,
    {
      hint: `use --quantity ${allocated.length} or more, or --release`,
      because: ["azure-wire/overallocation-silent", "azure-wire/which-vm-unknown"],
    },
  );
}

function loss({ allocated }: CapacityReservation, quantity: number): string {
  const lost = allocated.length - quantity;
  return `${lost} of them ${lost === 1 ? "loses its" : "lose their"} protection, and nobody can say which`;
}

function raiseTo(reservation: CapacityReservation, to: number): Step {
  const { id, name, quantity } = reservation;
  const step = raise({
    id,
    from: quantity,
    to,
    saw: quantity,
    because: [
      "azure-wire/all-or-nothing",
      "azure-wire/quota-at-creation",
      "odcr/billing-starts-with-quantity",
    ],
    dependsOn: [],
  });
  return to === quantity ? { ...step, title: `Set ${name} to its quantity of ${to} again` } : step;
}

function lowerTo(reservation: CapacityReservation, { quantity: to, release }: ResizeWish): Step {
  const because = ["odcr/billing-starts-with-quantity"];
  const mostUsed = release ? reservation.allocated.length : to;
  return lower({ reservation, to, because, dependsOn: [], mostUsed });
}

function warn(reservation: CapacityReservation, quantity: number): Finding[] {
  const { name, quantity: now, allocated, associated } = reservation;
  const found: Omit<Finding, "subject">[] = [];
  const fresh = quantity - Math.max(now, allocated.length);
  if (fresh > 0) {
    const text = `${unitsText(fresh)} beyond what runs: Azure has to find new hardware, and may refuse`;
    found.push({ text, because: ["odcr/raise-over-running", "odcr/causes-of-failure"] });
  }
  if (quantity < now) {
    const text = `${unitsText(now - quantity)} given up; having them again needs free hardware then`;
    found.push({ text, because: ["azure-wire/all-or-nothing", "odcr/running-first"] });
  }
  if (quantity < allocated.length) {
    const text = `${allocated.length} VMs use it: ${loss(reservation, quantity)}`;
    found.push({ text, because: ["azure-wire/overallocation-silent", "azure-wire/which-vm-unknown"] });
  } else if (quantity < associated.length) {
    const text = `${associated.length} VMs are associated; if all start, the slot is overallocated`;
    found.push({ text, because: ["odcr/overallocation-first-come"] });
  }
  return found.map((each) => ({ subject: name, ...each }));
}
