import type { CapacityReservation, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { idKey, nameOf, sameId } from "../../resource-id.ts";
import { findObstacle, type Reason, type Surroundings } from "./eligibility.ts";
import { kindKey, kindOf, type ChosenGroup } from "./plan-groups.ts";
import { associate, createGroup, createReservation, raise, restart } from "./plan-steps.ts";
import { isAllocated, reservationName, slotKey, slotOf, slotText, type Slot } from "./slots.ts";

export interface AttachState extends Surroundings {
  machines: readonly VirtualMachine[];
  /** Where VMs of each kind go. */
  chosen: readonly ChosenGroup[];
  /** Groups that exist: the chosen ones, and those that selected VMs are in. */
  groups: readonly CapacityReservationGroup[];
}

export interface AttachOptions {
  cover: "running" | "all";
  allowRestart: boolean;
  move: boolean;
}

export type Action = "attach" | "restart" | "nothing to do" | "left alone" | "refused";

/** What becomes of one VM, and why. */
export interface Verdict extends Reason {
  machine: VirtualMachine;
  action: Action;
}

export interface SlotPlan {
  slot: Slot;
  groupId: string;
  reservationName: string;
  verdicts: Verdict[];
  quantity: { now: number; then: number };
}

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
  const slots = groupBySlot(verdicts).map((each) => planSlot(each, state, options));
  slots.sort((left, right) => slotKey(left.slot).localeCompare(slotKey(right.slot)));
  return {
    slots,
    steps: planSteps(slots, state),
    warnings: slots.flatMap((slot) => warn(slot, state, options)),
    refusals: verdicts
      .filter(({ action }) => action === "refused" || action === "left alone")
      .map(({ machine, text, because }) => ({ subject: machine.id, text, because })),
  };
}

function judge(machine: VirtualMachine, state: AttachState, options: AttachOptions): Verdict {
  const verdict = (action: Action, text: string, because: string[]): Verdict => ({
    machine,
    action,
    text,
    because,
  });
  const obstacle = findObstacle(machine, state) ?? findUnsettled(machine) ?? findUnfit(machine, state);
  if (obstacle) return verdict("refused", obstacle.text, obstacle.because);
  const target = chosenFor(machine, state);
  if (sameId(machine.groupId, target.id)) return verdict("nothing to do", `already in ${target.name}`, []);
  if (machine.groupId !== undefined && !options.move) {
    const text = `it is in group ${nameOf(machine.groupId)}; use --move to change that`;
    return verdict("refused", text, ["azure-wire/detach-running-needs-zero"]);
  }
  if (!isAllocated(machine)) return verdict("attach", "deallocated", ["odcr/stopped-immediate"]);
  const live = canJoinLive(machine, state);
  if (live === undefined) return verdict("attach", "joins while it runs", ["odcr/zonal-live-attach"]);
  if (machine.power === "stopped") {
    const text = "it is stopped but still allocated: deallocate or start it first";
    return verdict("refused", text, ["azure-wire/stopped-is-not-deallocated", ...live]);
  }
  return options.allowRestart
    ? verdict("restart", "is restarted once", live)
    : verdict("left alone", "it would have to be restarted: use --allow-restart", live);
}

/** Undefined when a VM that holds hardware can join without a stop; else the facts that forbid it. */
function canJoinLive(machine: VirtualMachine, state: AttachState): string[] | undefined {
  if (machine.zone === undefined) return ["azure-wire/regional-must-be-deallocated", "odcr/regional-restart"];
  if (machine.groupId === undefined) return undefined;
  const from = state.groups.find((group) => sameId(group.id, machine.groupId));
  const held = from && findReservation(from, slotOf(machine));
  return held?.quantity === 0 ? undefined : ["azure-wire/detach-running-needs-zero"];
}

function findUnsettled({ power }: VirtualMachine): Reason | undefined {
  if (power === "running" || power === "stopped" || power === "deallocated") return undefined;
  const text = `its power state is ${power}; try again when it has settled`;
  return { text, because: ["azure-wire/verify-after-write"] };
}

/** A group that exists may not fit: its location, zones and type can never change. */
function findUnfit(machine: VirtualMachine, state: AttachState): Reason | undefined {
  const group = existingFor(machine, state);
  if (!group) return undefined;
  const zonal = machine.zone !== undefined;
  const fits =
    group.location === machine.location &&
    (zonal ? group.zones.includes(machine.zone ?? "") : group.zones.length === 0);
  if (!fits) {
    const where = group.zones.length === 0 ? "regional" : `zones ${group.zones.join(", ")}`;
    const text = `group ${group.name} (${group.location}, ${where}) cannot hold it: use another --group`;
    return { text, because: ["azure-wire/group-zones-immutable"] };
  }
  if (group.reservationType !== "Targeted") {
    const text = `group ${group.name} is of type ${group.reservationType}, which VMs do not join by association`;
    return { text, because: ["azure-wire/open-and-optout"] };
  }
  const reservation = findReservation(group, slotOf(machine));
  if (!reservation || reservation.provisioningState === "Succeeded") return undefined;
  const text = `reservation ${reservation.name} is ${reservation.provisioningState}; set its quantity back first`;
  return { text, because: ["azure-wire/failed-raise"] };
}

function groupBySlot(verdicts: readonly Verdict[]): Verdict[][] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const key = slotKey(slotOf(verdict.machine));
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.values()];
}

function planSlot(verdicts: Verdict[], state: AttachState, options: AttachOptions): SlotPlan {
  const [first] = verdicts as [Verdict, ...Verdict[]];
  const slot = slotOf(first.machine);
  const target = chosenFor(first.machine, state);
  const existing = reservationFor(first.machine, state);
  const now = existing?.quantity ?? 0;
  const restarts = verdicts.filter(({ action }) => action === "restart").length;
  const then = Math.max(now, staying(verdicts, existing, options).size + restarts);
  const name = existing?.name ?? freeName(slot, existingFor(first.machine, state));
  const changes = verdicts.some(isMember);
  return {
    slot,
    groupId: target.id,
    reservationName: name,
    verdicts,
    quantity: { now, then: changes ? then : now },
  };
}

/** Keys of the members that the quantity has to cover without any restart. */
function staying(
  verdicts: readonly Verdict[],
  existing: CapacityReservation | undefined,
  options: AttachOptions,
): Set<string> {
  const all = options.cover === "all";
  const members = verdicts.filter((verdict) => isMember(verdict) && verdict.action !== "restart");
  const counted = members.filter(({ machine }) => all || isAllocated(machine));
  const others = [...(existing?.allocated ?? []), ...(all ? (existing?.associated ?? []) : [])];
  return new Set([...others, ...counted.map(({ machine }) => machine.id)].map(idKey));
}

function isMember({ action }: Verdict): boolean {
  return action === "attach" || action === "restart" || action === "nothing to do";
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
    quantity.then > quantity.now || verdicts.some(({ action }) => action === "attach" || action === "restart")
  );
}

/** A new group gets every zone its sizes are offered in, because zones cannot be added later. */
function planGroups(slots: readonly SlotPlan[], state: AttachState): Step[] {
  const missing = new Map<string, SlotPlan[]>();
  for (const slot of slots) {
    if (state.groups.some((group) => sameId(group.id, slot.groupId))) continue;
    missing.set(slot.groupId, [...(missing.get(slot.groupId) ?? []), slot]);
  }
  return [...missing].map(([id, members]) => {
    const { location, zone } = (members[0] as SlotPlan).slot;
    const sizes = new Set(members.map(({ slot }) => slot.size.toLowerCase()));
    const offers = state.offers.filter(
      (offer) => offer.location === location && sizes.has(offer.size.toLowerCase()),
    );
    const zones = [...new Set(offers.flatMap((offer) => offer.zones))].sort();
    return createGroup(id, location, zone === undefined ? [] : zones);
  });
}

/** Reservation with quantity zero, associations, then one raise over what already runs. */
function planSlotSteps(plan: SlotPlan, state: AttachState, groups: readonly Step[]): Step[] {
  const path = reservationPath(plan);
  const [first] = plan.verdicts as [Verdict, ...Verdict[]];
  const existing = reservationFor(first.machine, state);
  const groupStep = groups.find((step) => sameId(step.resource, plan.groupId));
  const create = existing ? [] : [createReservation(path, plan.slot, groupStep ? [groupStep.id] : [])];
  const ready = create.map((step) => step.id);
  const joins = plan.verdicts
    .filter(({ action }) => action === "attach")
    .map(({ machine }) => associate(machine, plan.groupId, ready));
  const to = plan.quantity.then - restartsOf(plan).length;
  const now = plan.quantity.now;
  if (to <= now) return [...create, ...joins];
  const dependsOn = joins.length > 0 ? joins.map((step) => step.id) : ready;
  const because = ["odcr/raise-over-running", "odcr/order-of-steps", "odcr/billing-starts-with-quantity"];
  const last = raise({ id: path, slot: plan.slot, from: now, to, saw: existing && now, because, dependsOn });
  return [...create, ...joins, last];
}

/** One VM at a time, after everything that disturbs nothing; each unit is acquired before its VM is stopped. */
function planRestarts(slots: readonly SlotPlan[], state: AttachState, calm: readonly Step[]): Step[] {
  const steps: Step[] = [];
  let dependsOn = calm.map((step) => step.id);
  for (const plan of slots) {
    const restarts = restartsOf(plan);
    const base = plan.quantity.then - restarts.length;
    let quantity = Math.max(plan.quantity.now, base);
    for (const [index, { machine }] of restarts.entries()) {
      const needed = base + index + 1;
      if (needed > quantity) {
        const step = acquire(plan, { from: quantity, to: needed, state, dependsOn });
        steps.push(step);
        dependsOn = [step.id];
        quantity = needed;
      }
      const chain = restart(machine, plan.groupId, dependsOn);
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
}

function acquire(plan: SlotPlan, { from, to, state, dependsOn }: Acquiring): Step {
  const [first] = plan.verdicts as [Verdict, ...Verdict[]];
  const existing = reservationFor(first.machine, state);
  const saw = existing && from === existing.quantity ? existing.quantity : undefined;
  const because = [
    "azure-wire/all-or-nothing",
    "azure-wire/regional-must-be-deallocated",
    "azure-wire/quota-at-creation",
  ];
  return raise({ id: reservationPath(plan), slot: plan.slot, from, to, saw, because, dependsOn });
}

function restartsOf(plan: SlotPlan): Verdict[] {
  return plan.verdicts.filter(({ action }) => action === "restart");
}

function reservationPath(plan: SlotPlan): string {
  return `${plan.groupId}/capacityReservations/${plan.reservationName}`;
}

function warn(plan: SlotPlan, state: AttachState, options: AttachOptions): Finding[] {
  if (options.cover === "all" || !plan.verdicts.some(isMember)) return [];
  const [first] = plan.verdicts as [Verdict, ...Verdict[]];
  const existing = reservationFor(first.machine, state);
  const everyone =
    staying(plan.verdicts, existing, { ...options, cover: "all" }).size + restartsOf(plan).length;
  const short = everyone - plan.quantity.then;
  if (short <= 0) return [];
  const text = `${short} deallocated member${short === 1 ? "" : "s"} not counted; if all start, the slot is overallocated (--cover all counts them)`;
  return [{ subject: slotText(plan.slot), text, because: ["odcr/overallocation-first-come"] }];
}

function chosenFor(machine: VirtualMachine, state: AttachState): ChosenGroup {
  const key = kindKey(kindOf(machine));
  const found = state.chosen.find((each) => kindKey(each.kind) === key);
  if (!found) throw new Error(`no group was chosen for ${key}`);
  return found;
}

function existingFor(machine: VirtualMachine, state: AttachState): CapacityReservationGroup | undefined {
  const { id } = chosenFor(machine, state);
  return state.groups.find((group) => sameId(group.id, id));
}

function reservationFor(machine: VirtualMachine, state: AttachState): CapacityReservation | undefined {
  const group = existingFor(machine, state);
  return group && findReservation(group, slotOf(machine));
}

function findReservation(group: CapacityReservationGroup, slot: Slot): CapacityReservation | undefined {
  return group.reservations.find((reservation) => slotKey(slotOf(reservation)) === slotKey(slot));
}

/** The article's name, unless another slot's reservation already has it. */
function freeName(slot: Slot, group: CapacityReservationGroup | undefined): string {
  const name = reservationName(slot);
  const taken = group?.reservations.some((each) => each.name.toLowerCase() === name.toLowerCase()) === true;
  return taken ? `${name}_${slot.location}` : name;
}
