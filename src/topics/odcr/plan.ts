import type { CapacityReservation } from "../../azure/ports.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { idKey, sameId } from "../../resource-id.ts";
import { zonesForGroup } from "./plan-groups.ts";
import {
  associate,
  createGroup,
  createReservation,
  freeUnit,
  raise,
  restart,
  type SeenQuantity,
} from "./plan-steps.ts";
import {
  chosenFor,
  existingFor,
  judge,
  reservationFor,
  type AttachOptions,
  type AttachState,
  type Verdict,
} from "./plan-verdict.ts";
import { warnForeign, withinUnits } from "./plan-foreign.ts";
import { shareMinimum, warnShort, type Share } from "./plan-minimum.ts";
import { isMember, restartsOf, staying, type SlotPlan } from "./plan-members.ts";
import { warn, warnScaleSets } from "./plan-warnings.ts";
import { freeName, isAllocated, slotKey, slotOf } from "./slots.ts";

export interface AttachPlan {
  slots: SlotPlan[];
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
}

/** Everything that is missing for the selected VMs to be covered, in the order of the article. */
export function planAttach(state: AttachState, options: AttachOptions): AttachPlan {
  const machines = [...state.machines].sort((left, right) => idKey(left.id).localeCompare(idKey(right.id)));
  const verdicts = machines.map((machine) => judge(machine, state, options));
  const { minimum } = options;
  const bySlot = groupBySlot(verdicts);
  const shares =
    minimum === undefined
      ? []
      : shareMinimum(minimum, bySlot, ({ machine }) => reservationFor(machine, state));
  const slots = bySlot.map((each, index) =>
    withinUnits(planSlot(shares[index] ?? { verdicts: each }, state, options), state.foreign, options),
  );
  slots.sort((left, right) => slotKey(left.slot).localeCompare(slotKey(right.slot)));
  return {
    slots,
    steps: planSteps(slots, state),
    warnings: [
      ...slots.flatMap((slot) => warn(slot, existingOf(slot, state), options)),
      ...warnShort(minimum, shares),
      ...warnScaleSets(slots),
      ...warnForeign(slots, state.foreign),
    ],
    refusals: inOrderOf(machines, slots)
      .filter(({ action }) => action === "refused" || action === "left alone")
      .map(({ machine, text, because }) => ({ subject: machine.id, text, because })),
  };
}

/** What was decided in the end, by VM. */
function inOrderOf(machines: AttachState["machines"], slots: readonly SlotPlan[]): Verdict[] {
  const decided = new Map(
    slots.flatMap(({ verdicts }) => verdicts.map((verdict) => [verdict.machine, verdict] as const)),
  );
  return machines.flatMap((machine) => decided.get(machine) ?? []);
}

function groupBySlot(verdicts: readonly Verdict[]): Verdict[][] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const key = slotKey(slotOf(verdict.machine));
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.values()];
}

function planSlot(
  { verdicts, units, others = 0 }: Pick<Share, "verdicts"> & Partial<Share>,
  state: AttachState,
  options: AttachOptions,
): SlotPlan {
  const [first] = verdicts as [Verdict, ...Verdict[]];
  const slot = slotOf(first.machine);
  const target = chosenFor(first.machine, state);
  const existing = reservationFor(first.machine, state);
  const now = existing?.quantity ?? 0;
  const restarts = verdicts.filter(({ action }) => action === "restart").length;
  const everyone = staying(verdicts, existing, options.cover).size + restarts;
  const share = units === 0 ? 0 : others + (units ?? 0);
  const planned = Math.max(now, units === undefined ? everyone : share);
  const name = existing?.name ?? freeName(slot, existingFor(first.machine, state));
  const quantity = { now, planned: verdicts.some(isMember) ? planned : now };
  return {
    slot,
    groupId: target.id,
    reservationName: name,
    verdicts,
    quantity,
    units: units === undefined ? undefined : Math.max(0, quantity.planned - others),
  };
}

function planSteps(slots: readonly SlotPlan[], state: AttachState): Step[] {
  const active = slots.filter((slot) => needsWork(slot));
  const groups = planGroups(active, state);
  const calm = active.flatMap((slot) => planSlotSteps(slot, state, groups));
  const steps = [...groups, ...calm];
  return [...steps, ...planRestarts(active, state, steps)];
}

function needsWork({ verdicts, quantity }: SlotPlan): boolean {
  return (
    quantity.planned > quantity.now ||
    verdicts.some(({ action }) => action === "attach" || action === "restart")
  );
}

function planGroups(slots: readonly SlotPlan[], state: AttachState): Step[] {
  const missing = new Map<string, SlotPlan[]>();
  for (const slot of slots) {
    if (state.groups.some((group) => sameId(group.id, slot.groupId))) continue;
    missing.set(slot.groupId, [...(missing.get(slot.groupId) ?? []), slot]);
  }
  return [...missing].map(([id, members]) => {
    const slots = members.map(({ slot }) => slot);
    return createGroup(id, (members[0] as SlotPlan).slot.location, zonesForGroup(slots, state.offers));
  });
}

/** Reservation with quantity zero, associations, then the raise over what already runs. */
function planSlotSteps(plan: SlotPlan, state: AttachState, groups: readonly Step[]): Step[] {
  const path = reservationPath(plan);
  const existing = existingOf(plan, state);
  const groupStep = groups.find((step) => sameId(step.resource, plan.groupId));
  const create = existing ? [] : [createReservation(path, plan.slot, groupStep ? [groupStep.id] : [])];
  const ready = create.map((step) => step.id);
  const join = { groupId: plan.groupId, dependsOn: ready, relies: reliesOn(existing) };
  const joins = plan.verdicts
    .filter(({ action }) => action === "attach")
    .map(({ machine }) => {
      const step = associate(machine, join);
      // What others need of an owner's units must not be taken by a VM that came later than the plan.
      const isGuest = state.foreign?.mayChange === false && isAllocated(machine);
      return isGuest ? { ...step, needs: freeUnit(path) } : step;
    });
  const dependsOn = joins.length > 0 ? joins.map((step) => step.id) : ready;
  return [...create, ...joins, ...planRaises(plan, existing, dependsOn)];
}

/** What already runs is covered first, because that needs no new hardware and so should not wait for what does. */
function planRaises(
  plan: SlotPlan,
  existing: CapacityReservation | undefined,
  dependsOn: readonly string[],
): Step[] {
  const all = plan.quantity.planned - restartsOf(plan).length;
  const running = Math.min(all, staying(plan.verdicts, existing, "running").size);
  const { now } = plan.quantity;
  const goals = [...new Set([running, all])].filter((goal) => goal > now);
  const because = ["odcr/raise-over-running", "odcr/order-of-steps", "odcr/billing-starts-with-quantity"];
  const steps: Step[] = [];
  for (const to of goals) {
    const earlier = steps.at(-1);
    const from = steps.length === 0 ? now : (goals[steps.length - 1] ?? now);
    steps.push(
      raise({
        id: reservationPath(plan),
        from,
        to,
        saw: earlier ? undefined : existing?.quantity,
        because,
        dependsOn: earlier ? [earlier.id] : dependsOn,
      }),
    );
  }
  return steps;
}

function reliesOn(existing: CapacityReservation | undefined): SeenQuantity | undefined {
  return existing && { reservationId: existing.id, quantity: existing.quantity };
}

/** One VM at a time, after everything that disturbs nothing; each unit is acquired before its VM is stopped. */
function planRestarts(slots: readonly SlotPlan[], state: AttachState, calm: readonly Step[]): Step[] {
  const steps: Step[] = [];
  let dependsOn = calm.map((step) => step.id);
  for (const plan of slots) {
    const restarts = restartsOf(plan);
    const base = plan.quantity.planned - restarts.length;
    let quantity = Math.max(plan.quantity.now, base);
    for (const [index, { machine, because }] of restarts.entries()) {
      const needed = base + index + 1;
      if (needed > quantity) {
        const step = acquire(plan, { from: quantity, to: needed, state, dependsOn, because });
        steps.push(step);
        dependsOn = [step.id];
        quantity = needed;
      }
      const chain = restart(machine, {
        groupId: plan.groupId,
        reservationId: reservationPath(plan),
        because,
        dependsOn,
        relies: undefined,
      });
      steps.push(...chain);
      dependsOn = chain.slice(-1).map((step) => step.id);
    }
  }
  return steps;
}

interface Acquiring {
  from: number;
  to: number;
  state: AttachState;
  dependsOn: readonly string[];
  because: readonly string[];
}

function acquire(plan: SlotPlan, { from, to, state, dependsOn, because }: Acquiring): Step {
  const existing = existingOf(plan, state);
  const saw = existing && from === existing.quantity ? existing.quantity : undefined;
  const reasons = ["azure-wire/all-or-nothing", "azure-wire/quota-at-creation", ...because];
  return raise({ id: reservationPath(plan), from, to, saw, because: reasons, dependsOn });
}

/** The slot's reservation as it was read. */
function existingOf(plan: SlotPlan, state: AttachState): CapacityReservation | undefined {
  const [first] = plan.verdicts as [Verdict, ...Verdict[]];
  return reservationFor(first.machine, state);
}

function reservationPath(plan: SlotPlan): string {
  return `${plan.groupId}/capacityReservations/${plan.reservationName}`;
}
