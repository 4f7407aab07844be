import type { CapacityReservation, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { idKey, nameOf, sameId } from "../../resource-id.ts";
import { leftOf, withoutLeft } from "./detach-members.ts";
import { goneId, leave, leaveStopped, lower, removeGroup, removeReservation } from "./detach-steps.ts";
import { judgeLeaving, type DetachOptions, type DetachState, type DetachVerdict } from "./detach-verdict.ts";
import type { Reason } from "./eligibility.ts";
import { resizeCommand } from "./odcr-command.ts";
import { findFixed } from "./reservation-kind.ts";
import { scaleSetsOf } from "./scale-sets.ts";
import { isAllocated, slotKey, slotOf } from "./slots.ts";

/** What becomes of one reservation. */
export interface ReservationPlan {
  groupId: string;
  reservation: CapacityReservation;
  /** Those of the selection that leave it. */
  leavers: DetachVerdict[];
  /** Those that have left its group already, although the lists still name them. */
  left: VirtualMachine[];
  quantity: { now: number; planned: number };
  /** Of another subscription, whose owner alone lowers it. */
  foreign: boolean;
  /** Units that cover those who stay. */
  enough: number;
  /** VMs that are in it afterwards. */
  members: number;
  deleted: boolean;
}

export interface DetachPlan {
  verdicts: DetachVerdict[];
  reservations: ReservationPlan[];
  /** Groups that are deleted. */
  deletedGroups: string[];
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
}

/** The order that the service accepts: units are given up, VMs leave one by one or side by side, the empty goes. */
export function planDetach(read: DetachState, options: DetachOptions): DetachPlan {
  const machines = [...read.machines].sort((left, right) => idKey(left.id).localeCompare(idKey(right.id)));
  const known = [...machines, ...(read.others ?? [])];
  const state = { ...read, groups: read.groups.map((group) => withoutLeft(group, known)) };
  const verdicts = judgeLeaving({ ...state, machines }, options);
  const reservations = state.groups.flatMap((group) => {
    const left = leftOf(
      read.groups.find(({ id }) => sameId(id, group.id)),
      known,
    );
    return group.reservations.map((each) => ({
      ...planReservation(each, group, { verdicts, options, state }),
      left,
    }));
  });
  const deletedGroups = state.groups
    .filter((group) => options.deleteEmpty && isOurs(group, state) && group.sharedWith.length === 0)
    .filter((group) => isEmptied(group, reservations))
    .map(({ id }) => id);
  return {
    verdicts,
    reservations,
    deletedGroups,
    steps: planSteps(verdicts, reservations, deletedGroups),
    warnings: [
      ...reservations.flatMap((each) => warn(each, options)),
      ...(options.deleteEmpty ? state.groups.flatMap(warnShared) : []),
      ...warnScaleSets(verdicts),
    ],
    refusals: verdicts
      .filter(({ action }) => action === "refused" || action === "left alone")
      .map(({ machine, text, because }) => ({ subject: machine.id, text, because })),
  };
}

interface Around {
  verdicts: readonly DetachVerdict[];
  options: DetachOptions;
  state: DetachState;
}

function planReservation(
  reservation: CapacityReservation,
  group: CapacityReservationGroup,
  { verdicts, options, state }: Around,
): Omit<ReservationPlan, "left"> {
  const leavers = verdicts.filter(
    ({ action, machine }) =>
      leaves(action) &&
      sameId(machine.groupId, group.id) &&
      slotKey(slotOf(machine)) === slotKey(slotOf(reservation)),
  );
  const left = new Set(leavers.map(({ machine }) => idKey(machine.id)));
  const stays = (ids: readonly string[]): string[] => ids.filter((id) => !left.has(idKey(id)));
  const members = new Set(stays([...reservation.associated, ...reservation.allocated]).map(idKey)).size;
  const now = reservation.quantity;
  const mayChange = isOurs(group, state) && findFixed(group, reservation) === undefined;
  // Units are given up for those who leave, never for those who stay, whether they run or not.
  const needed = members === 0 ? 0 : Math.max(now - leavers.length, stays(reservation.allocated).length);
  const enough = Math.min(now, needed);
  const planned = options.release && mayChange && leavers.length > 0 ? enough : now;
  // Units of a reservation that none of the selected VMs was in are given up only with the whole group.
  const mayGiveUp = now === 0 || (options.release && (leavers.length > 0 || state.isWholeGroup));
  const deleted = options.deleteEmpty && mayChange && members === 0 && mayGiveUp && isSettled(reservation);
  const foreign = group.subscriptionId !== state.subscriptionId;
  const quantity = { now, planned };
  return { groupId: group.id, reservation, leavers, quantity, foreign, enough, members, deleted };
}

function leaves(action: DetachVerdict["action"]): boolean {
  return action === "detach" || action === "restart";
}

function isSettled({ provisioningState }: CapacityReservation): boolean {
  return provisioningState === "Succeeded" || provisioningState === "Failed";
}

/** Its type never changes, and of others' groups, and of blocks, nothing is changed here. */
function isOurs(group: CapacityReservationGroup, { subscriptionId }: DetachState): boolean {
  return group.subscriptionId === subscriptionId && group.reservationType === "Targeted";
}

function isEmptied({ id }: CapacityReservationGroup, reservations: readonly ReservationPlan[]): boolean {
  return reservations.filter(({ groupId }) => sameId(groupId, id)).every(({ deleted }) => deleted);
}

function planSteps(
  verdicts: readonly DetachVerdict[],
  reservations: readonly ReservationPlan[],
  deletedGroups: readonly string[],
): Step[] {
  const zeros = new Map(reservations.filter(needsZero).map((each) => [each, giveUp(each, [])]));
  const zeroFor = (verdict: DetachVerdict): string[] => {
    const zero = [...zeros].find(([{ leavers }]) => leavers.includes(verdict))?.[1];
    return zero && isAllocated(verdict.machine) ? [zero.id] : [];
  };
  const calm = verdicts
    .filter(({ action }) => action === "detach")
    .map((verdict) => leave(verdict.machine, zeroFor(verdict)));
  const before = [...zeros.values(), ...calm];
  return [
    ...before,
    ...planRestarts(verdicts, before),
    ...reservations
      .filter((each) => !zeros.has(each) && isLowered(each))
      .map((each) => giveUp(each, gone(each))),
    ...planDeletions(reservations, deletedGroups, zeros),
  ];
}

function planDeletions(
  reservations: readonly ReservationPlan[],
  deletedGroups: readonly string[],
  zeros: ReadonlyMap<ReservationPlan, Step>,
): Step[] {
  const deletions = reservations
    .filter(({ deleted }) => deleted)
    .map((each) => ({
      groupId: each.groupId,
      step: removeReservation(each.reservation, { zero: zeros.has(each), dependsOn: gone(each) }),
    }));
  const groups = deletedGroups.map((id) => {
    const own = deletions.filter(({ groupId }) => sameId(groupId, id));
    return removeGroup(
      id,
      own.map(({ step }) => step.id),
    );
  });
  return [...deletions.map(({ step }) => step), ...groups];
}

/** The steps after which a reservation's leavers have left for good. */
function gone({ leavers }: ReservationPlan): string[] {
  return leavers.map(({ machine, action }) => goneId(machine, action === "restart"));
}

/** What is deleted need not be lowered first. */
function isLowered({ quantity, deleted }: ReservationPlan): boolean {
  return !deleted && quantity.planned < quantity.now;
}

/** A running VM leaves only a reservation that holds nothing. */
function needsZero({ leavers, quantity }: ReservationPlan): boolean {
  return (
    quantity.now > 0 && leavers.some(({ action, machine }) => action === "detach" && isAllocated(machine))
  );
}

function giveUp(
  { reservation, left, quantity, deleted }: ReservationPlan,
  dependsOn: readonly string[],
): Step {
  const { allocated, associated } = reservation;
  const to = quantity.planned;
  const because = [
    "odcr/billing-starts-with-quantity",
    ...(to === 0 ? ["azure-wire/detach-running-needs-zero"] : []),
  ];
  const isFirst = dependsOn.length === 0;
  const step = lower({
    reservation,
    to,
    because,
    dependsOn,
    mostUsed: isFirst ? allocated.length : to,
    left,
    ...(isFirst ? { mostMembers: associated.length } : {}),
  });
  return deleted ? { ...step, transient: true } : step;
}

/** One VM at a time, after everything that disturbs nothing. */
function planRestarts(verdicts: readonly DetachVerdict[], before: readonly Step[]): Step[] {
  const steps: Step[] = [];
  let dependsOn = before.map(({ id }) => id);
  for (const { machine, action, because } of verdicts) {
    if (action !== "restart") continue;
    const chain = leaveStopped(machine, because, dependsOn);
    steps.push(...chain);
    dependsOn = chain.slice(-1).map(({ id }) => id);
  }
  return steps;
}

/** What a plan gives up, or leaves behind, that nobody asked for in words. */
function warn(plan: ReservationPlan, { release, deleteEmpty }: DetachOptions): Finding[] {
  const { reservation, quantity, foreign, leavers, members, deleted } = plan;
  const { name } = reservation;
  const { now, planned } = quantity;
  const found: Reason[] = [];
  if (foreign) found.push(...ownersPart(plan));
  else if (!release && leavers.length > 0 && now > 0) {
    const text = `its quantity of ${now} stays reserved and billed; --release gives up what the VMs leave`;
    found.push({ text, because: ["odcr/billing-starts-with-quantity"] });
  }
  const givenUp = deleted ? now : now - planned;
  if (givenUp > 0) {
    const text = `${givenUp} reserved unit${givenUp === 1 ? " is" : "s are"} given up; having them again needs free hardware then`;
    found.push({ text, because: ["azure-wire/all-or-nothing", "odcr/running-first"] });
  }
  if (deleteEmpty && !deleted) {
    const why =
      members > 0
        ? `${members} VMs stay in it`
        : foreign
          ? "only its owner deletes it"
          : `it still holds ${now} units, which only --release gives up`;
    found.push({ text: `it is not deleted: ${why}`, because: [] });
  }
  return found.map((each) => ({ subject: name, ...each }));
}

/** What the VMs leave is lowered where the group is, and by nobody else. */
function ownersPart({ groupId, reservation, quantity, enough, leavers }: ReservationPlan): Reason[] {
  if (leavers.length === 0 || enough === quantity.now) return [];
  const command = resizeCommand({ groupId, reservation: reservation.name, quantity: enough });
  const text = `its quantity of ${quantity.now} stays reserved and billed to its owner, who gives up what the VMs leave: ${command}`;
  return [{ text, because: ["azure-wire/owner-pays-idle-units"] }];
}

/** Others may be about to use it, and Azure does not tell them that it is gone. */
function warnShared({ name, sharedWith }: CapacityReservationGroup): Finding[] {
  if (sharedWith.length === 0) return [];
  const text = `the group is not deleted: it is shared with ${sharedWith.length} other subscription${sharedWith.length === 1 ? "" : "s"}`;
  return [{ subject: name, text, because: ["odcr/shared-groups"] }];
}

/** Detach changes VMs and never the model of their scale set. */
function warnScaleSets(verdicts: readonly DetachVerdict[]): Finding[] {
  const leavers = verdicts.filter(({ action }) => leaves(action)).map(({ machine }) => machine);
  return scaleSetsOf(leavers).map((id) => ({
    subject: `scale set ${nameOf(id)}`,
    text: "if its model names the group, VMs that it makes later join that again, and Azure may not delete it",
    because: ["azure-wire/scale-set-model"],
  }));
}
