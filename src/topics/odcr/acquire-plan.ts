import type { Cause } from "../../advice.ts";
import type { CapacityReservation, SizeOffer } from "../../azure/ports.ts";
import { AppError } from "../../errors.ts";
import { parseResourceId } from "../../resource-id.ts";
import type { OffHours } from "../../plan/off-hours.ts";
import type { Finding, Plan, Step } from "../../plan/plan.ts";
import type { Choice as PursuedChoice } from "../../plan/pursuit.ts";
import { groupsOf, type Grouping, type SlotGroup } from "./acquire-groups.ts";
import type { CheckState } from "./check-judge.ts";
import { judgeQuota } from "./check-quota.ts";
import { findOffer, judgeSize } from "./check-size.ts";
import type { Reason } from "./eligibility.ts";
import { zonesForGroup } from "./plan-groups.ts";
import { createGroup, createReservation, here, raise } from "./plan-steps.ts";
import { findFixed } from "./reservation-kind.ts";
import { freeName, slotKey, slotOf, type Slot } from "./slots.ts";

export interface AcquireState extends Grouping, Pick<CheckState, "offers" | "usages"> {}

export interface AcquireWish {
  /** Units of the reservation afterwards. */
  quantity: number;
  everyMs: number;
  forMs: number;
  /** By location; one that is not there may be tried at any time. */
  offHours: ReadonlyMap<string, OffHours>;
}

/** One slot that would do, and what is known of it before the first try. */
export interface AcquireChoice {
  name: string;
  slot: Slot;
  group: SlotGroup;
  reservation: CapacityReservation | undefined;
  reservationName: string;
  reservationId: string;
  /** Why it is not tried; undefined when it is. */
  refused: (Reason & { cause: Cause | "group" | "in use" }) | undefined;
  /** The first choice counts by its quantity, an alternative only by units that nobody uses. */
  isThere: boolean;
}

export interface AcquirePlan {
  choices: AcquireChoice[];
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
  /** Undefined when there is nothing to try. */
  pursuit?: NonNullable<Plan["pursuit"]>;
}

/** Steps for each slot that would do, to be tried in turn. Throws AppError "usage" when the named group does not fit. */
export function planAcquire(state: AcquireState, wish: AcquireWish): AcquirePlan {
  const groups = groupsOf(state);
  requireFit(groups[0], state);
  const choices = state.slots.map((slot, index) => choose(slot, groups[index] as SlotGroup, { state, wish }));
  const refusals = choices.flatMap(({ name, refused }): Finding[] =>
    refused ? [{ subject: name, text: `${refused.cause}: ${refused.text}`, because: refused.because }] : [],
  );
  const tried = choices.some(({ isThere }) => isThere) ? [] : choices.filter(({ refused }) => !refused);
  if (tried.length === 0)
    return {
      choices,
      steps: [],
      warnings: choices.filter(({ isThere }) => isThere).flatMap(warnUsed),
      refusals,
    };
  const chains = tried.map((choice) => stepsOf(choice, tried, { state, wish }));
  const { everyMs, forMs, offHours } = wish;
  const pursued = tried.map((choice, index) => {
    const hours = offHours.get(choice.slot.location);
    const steps = (chains[index] ?? []).map(({ id }) => id);
    return {
      name: choice.name,
      steps,
      leaves: leavesOf(choice, tried),
      ...(hours ? { offHours: hours } : {}),
    };
  });
  return {
    choices,
    steps: [...new Map(chains.flat().map((step) => [step.id, step])).values()],
    warnings: [
      ...warn(wish.quantity),
      ...tried.flatMap((each) => [
        ...warnUsed(each),
        ...warnUnknown(each, state),
        ...warnQuota(each, { state, wish }),
      ]),
    ],
    refusals,
    pursuit: {
      everyMs,
      forMs,
      because: ["odcr/retry-until-it-succeeds", ...(offHours.size > 0 ? ["odcr/off-hours"] : [])],
      look: "azwise odcr status",
      choices: pursued,
    },
  };
}

interface Around {
  state: AcquireState;
  wish: AcquireWish;
}

/** What was named and does not fit is refused, instead of making another group that nobody asked for. */
function requireFit(first: SlotGroup | undefined, { wish }: AcquireState): void {
  if (!first?.unfit || wish.group === undefined) return;
  const hint = "name another group, or one that is not there yet";
  throw new AppError("usage", first.unfit.text, { hint, because: first.unfit.because });
}

function choose(asked: Slot, group: SlotGroup, { state, wish }: Around): AcquireChoice {
  const offer = findOffer(asked, state.offers.get(asked.location));
  const slot = { ...asked, size: ("value" in offer && offer.value?.size) || asked.size };
  const reservation = group.found?.reservations.find((each) => slotKey(slotOf(each)) === slotKey(slot));
  const reservationName = reservation?.name ?? freeName(slot, group.found);
  const misfit =
    group.unfit ?? (group.found && findFixed(group.found, reservation)) ?? findUnsettled(reservation);
  const hasUnits = reservation !== undefined && reservation.quantity >= wish.quantity;
  const isTaken =
    hasUnits && asked !== state.slots[0] && reservation.quantity - usedOf(reservation) < wish.quantity;
  return {
    name: `${wish.quantity} x ${slot.size} in ${slot.location} ${slot.zone === undefined ? "regional" : `zone ${slot.zone}`}`,
    slot,
    group,
    reservation,
    reservationName,
    reservationId: reservation?.id ?? `${group.id}/capacityReservations/${reservationName}`,
    refused: refuse(
      slot,
      state,
      misfit ? { cause: "group", ...misfit } : isTaken ? takenBy(reservation) : undefined,
    ),
    isThere: misfit === undefined && hasUnits && !isTaken,
  };
}

function refuse(slot: Slot, state: AcquireState, known: AcquireChoice["refused"]): AcquireChoice["refused"] {
  if (known) return known;
  const no = judgeSize(slot, state.offers.get(slot.location)).find(({ answer }) => answer === "no");
  if (!no) return undefined;
  const cause = no.question === "unrestricted" ? "restriction" : "size not offered";
  return { cause, text: no.detail, because: [...new Set(["odcr/causes-of-failure", ...no.because])] };
}

function usedOf({ allocated }: CapacityReservation): number {
  return allocated.length;
}

/** To ask for a quantity that is there would end it at once, with units that others use. */
function takenBy(reservation: CapacityReservation): AcquireChoice["refused"] {
  const text = `reservation ${reservation.name} has ${usedText(reservation)}, so --quantity asks for nothing more`;
  return { cause: "in use", text, because: ["azure-wire/overallocated-counts-allocated"] };
}

function findUnsettled(reservation: CapacityReservation | undefined): Reason | undefined {
  const { name, provisioningState } = reservation ?? {};
  if (provisioningState === undefined || provisioningState === "Succeeded") return undefined;
  return {
    text: `reservation ${name} is ${provisioningState}; azwise odcr resize sets its quantity again`,
    because: ["azure-wire/provisioning-must-succeed"],
  };
}

/** Groups are made for all choices that go to them, so that their steps are the same and run once. */
function stepsOf(choice: AcquireChoice, tried: readonly AcquireChoice[], { state, wish }: Around): Step[] {
  const { group, slot, reservation, reservationId: id } = choice;
  const mates = tried.filter((each) => each.group.id === group.id).map((each) => each.slot);
  const make = group.found
    ? []
    : [createGroup(group.id, slot.location, zonesForGroup(mates, offersAt(slot, state)))];
  const create = reservation
    ? []
    : [
        createReservation(
          id,
          slot,
          make.map((step) => step.id),
        ),
      ];
  const step = raise({
    id,
    from: reservation?.quantity ?? 0,
    to: wish.quantity,
    saw: reservation?.quantity,
    because: [
      "azure-wire/all-or-nothing",
      "azure-wire/quota-at-creation",
      "odcr/retry-until-it-succeeds",
      "odcr/billing-starts-with-quantity",
    ],
    dependsOn: create.map((each) => each.id),
  });
  return [...make, ...create, step];
}

function offersAt({ location }: Slot, { offers }: AcquireState): SizeOffer[] {
  const known = offers.get(location);
  return known && "value" in known ? known.value : [];
}

function leavesOf(choice: AcquireChoice, tried: readonly AcquireChoice[]): PursuedChoice["leaves"] {
  const { group, reservationId, reservationName: name } = choice;
  const isAlone = tried.every((each) => each === choice || each.group.id !== group.id);
  return {
    subject: reservationId,
    text: `reservation ${name} of group ${group.name} is left with quantity 0, which costs nothing; to remove it: ${removal(choice, isAlone)}`,
    because: ["odcr/zero-quantity", "odcr/billing-starts-with-quantity"],
    when: here(reservationId, { "sku.capacity": 0 }),
  };
}

/** In a group that was there, or that another choice is granted in, detach would take more than the reservation. */
function removal(
  { group: { id, name: group, found }, reservationName: name }: AcquireChoice,
  isAlone: boolean,
): string {
  const { resourceGroup = "", subscriptionId = "" } = parseResourceId(id) ?? {};
  if (!found && isAlone)
    return `azwise odcr detach --group ${group} --delete-empty --apply --subscription ${subscriptionId}`;
  const place = `--resource-group ${resourceGroup} --subscription ${subscriptionId}`;
  return `az capacity reservation delete --capacity-reservation-group ${group} --name ${name} ${place}`;
}

function warn(quantity: number): Finding[] {
  const units = `${quantity} unit${quantity === 1 ? "" : "s"}`;
  const together = {
    subject: units,
    text: "granted together or not at all; fewer may be found sooner",
    because: ["azure-wire/all-or-nothing"],
  };
  return [
    {
      subject: units,
      text: `billed from the moment ${quantity === 1 ? "it is" : "they are"} there, used or not`,
      because: ["odcr/billing-starts-with-quantity"],
    },
    ...(quantity === 1 ? [] : [together]),
    {
      subject: "VMs that run already",
      text: "cover them with azwise odcr attach, which needs no new hardware",
      because: ["odcr/running-first", "odcr/raise-over-running"],
    },
  ];
}

/** `--quantity` is the whole quantity, so what VMs use already is part of it. */
function warnUsed({ name, reservation }: AcquireChoice): Finding[] {
  if (!reservation || usedOf(reservation) === 0) return [];
  const text = `${usedText(reservation)}, and --quantity counts them, too`;
  return [{ subject: name, text, because: ["azure-wire/overallocated-counts-allocated"] }];
}

/** More VMs than units may use it. */
export function usedText(reservation: CapacityReservation): string {
  return `${reservation.quantity} units now, used by ${usedOf(reservation)} VMs`;
}

/** A list that says nothing, for a location whose name is wrong for instance. */
function warnUnknown({ name, slot }: AcquireChoice, { offers }: AcquireState): Finding[] {
  const judged = judgeSize(slot, offers.get(slot.location));
  const [unknown] = judged.filter(({ answer }) => answer === "cannot tell");
  if (!unknown) return [];
  const text = `cannot tell whether the size is offered: ${unknown.detail}`;
  return [{ subject: name, text, because: unknown.because }];
}

/** A yes is no promise, and a no may be out of date by the time of a try. */
function warnQuota({ name, slot, reservation }: AcquireChoice, { state, wish }: Around): Finding[] {
  const units = wish.quantity - (reservation?.quantity ?? 0);
  return judgeQuota({ ...state, slots: [{ ...slot, units, counted: 0 }] })
    .filter(({ answer }) => answer === "no")
    .map(({ detail, because }) => ({ subject: name, text: `quota may not suffice: ${detail}`, because }));
}
