import { expect, test } from "vitest";
import type {
  CapacityReservation,
  CapacityReservationGroup,
  VirtualMachine,
} from "../../../src/azure/ports.ts";
import { addUnlisted } from "../../../src/topics/odcr/detach-members.ts";
import { planDetach, type DetachPlan } from "../../../src/topics/odcr/detach-plan.ts";
import type { DetachOptions } from "../../../src/topics/odcr/detach-verdict.ts";
import { group, groupId, machine, reservation, SUBSCRIPTION, vmId } from "./builders.ts";

const GROUP = groupId("crg-eastus2-zonal");
const OTHER = "00000000-0000-4000-8000-00000000000b";

/** A running member of the group. */
function member(name: string, change: Partial<VirtualMachine> = {}): VirtualMachine {
  return machine(name, { groupId: GROUP, ...change });
}

/** A reservation of two units with these members, all of which run. */
function held(names: string[], change: Partial<CapacityReservation> = {}): CapacityReservation {
  const ids = names.map(vmId);
  return reservation("Zone1_D4s_v5", { quantity: 2, associated: ids, allocated: ids, ...change });
}

interface Scene {
  leaving: VirtualMachine[];
  reservations: CapacityReservation[];
  options?: Partial<DetachOptions>;
  /** The group was named, and nothing narrows it. */
  whole?: boolean;
  change?: Partial<CapacityReservationGroup>;
}

function plan({ leaving, reservations, options, whole = false, change = {} }: Scene): DetachPlan {
  const groups = [group("crg-eastus2-zonal", { reservations, ...change })];
  return planDetach(
    { machines: leaving, groups, subscriptionId: SUBSCRIPTION, isWholeGroup: whole },
    { allowRestart: false, release: false, deleteEmpty: false, ...options },
  );
}

function titles({ steps }: DetachPlan): string[] {
  return steps.map(({ title }) => title);
}

function actions({ verdicts }: DetachPlan): string[] {
  return verdicts.map(({ machine: { name }, action }) => `${name} ${action}`);
}

const BOTH = [member("a"), member("b")];

test("without a flag no running VM leaves what holds units", () => {
  const made = plan({ leaving: BOTH, reservations: [held(["a", "b"])] });

  expect(actions(made)).toEqual(["a left alone", "b left alone"]);
  expect(titles(made)).toEqual([]);
});

test("with --release the units go first, where everybody leaves", () => {
  const made = plan({ leaving: BOTH, reservations: [held(["a", "b"])], options: { release: true } });

  expect(titles(made)).toEqual([
    "Lower Zone1_D4s_v5 from 2 to 0",
    "Detach a from crg-eastus2-zonal while it runs",
    "Detach b from crg-eastus2-zonal while it runs",
  ]);
  expect(made.steps.map(({ dependsOn }) => dependsOn)).toEqual([
    [],
    [made.steps[0]?.id],
    [made.steps[0]?.id],
  ]);
  expect(made.warnings.map(({ text }) => text)).toEqual([
    "2 reserved units are given up; having them again needs free hardware then",
  ]);
});

test.each([
  ["runs", held(["a", "b", "c"], { quantity: 3 })],
  ["is deallocated", held(["a", "b"], { quantity: 3, associated: [vmId("a"), vmId("b"), vmId("c")] })],
])("a unit is not taken from a member that stays and %s", (_, reserved) => {
  const made = plan({ leaving: BOTH, reservations: [reserved], options: { release: true } });

  expect(actions(made)).toEqual(["a left alone", "b left alone"]);
  expect(titles(made)).toEqual([]);
  expect(made.refusals[0]?.text).toBe("others stay in Zone1_D4s_v5: use --allow-restart");
});

test("with --allow-restart one VM after the other stops, leaves and starts; the quantity stays", () => {
  const made = plan({
    leaving: BOTH,
    reservations: [held(["a", "b", "c"], { quantity: 3 })],
    options: { allowRestart: true },
  });

  expect(titles(made)).toEqual([
    "Deallocate a",
    "Detach a from crg-eastus2-zonal",
    "Start a",
    "Deallocate b",
    "Detach b from crg-eastus2-zonal",
    "Start b",
  ]);
  expect(made.steps[3]?.dependsOn).toEqual([made.steps[2]?.id]);
  expect(made.steps[2]?.mustFollow).toBe(made.steps[0]?.id);
  expect(made.warnings.map(({ text }) => text)).toEqual([
    "its quantity of 3 stays reserved and billed; --release gives up what the VMs leave",
  ]);
});

test("what leavers leave is given up after them, and nothing that is in use", () => {
  const made = plan({
    leaving: BOTH,
    reservations: [held(["a", "b", "c"], { quantity: 4 })],
    options: { allowRestart: true, release: true },
  });

  expect(titles(made).at(-1)).toBe("Lower Zone1_D4s_v5 from 4 to 2");
  expect(made.steps.at(-1)?.dependsOn).toEqual(["start a rg-app", "start b rg-app"]);
});

test("an overallocated reservation is not lowered below what stays in use", () => {
  const made = plan({
    leaving: [member("a")],
    reservations: [held(["a", "b", "c"], { quantity: 2 })],
    options: { allowRestart: true, release: true },
  });

  expect(made.reservations[0]?.quantity).toEqual({ now: 2, planned: 2 });
});

test("a deallocated VM leaves at once", () => {
  const made = plan({
    leaving: [member("a", { power: "deallocated" })],
    reservations: [held(["b"], { associated: [vmId("a"), vmId("b")] })],
  });

  expect(titles(made)).toEqual(["Detach a from crg-eastus2-zonal"]);
});

test("a running VM leaves a reservation that holds nothing", () => {
  const made = plan({ leaving: [member("a")], reservations: [held(["a"], { quantity: 0 })] });

  expect(titles(made)).toEqual(["Detach a from crg-eastus2-zonal while it runs"]);
});

test("--delete-empty deletes reservations and then the group, once everybody has left", () => {
  const empty = reservation("Zone2_D4s_v5", { zone: "2" });
  const made = plan({
    leaving: BOTH,
    reservations: [held(["a", "b"]), empty],
    options: { release: true, deleteEmpty: true },
  });

  expect(titles(made).slice(3)).toEqual([
    "Delete reservation Zone1_D4s_v5",
    "Delete reservation Zone2_D4s_v5",
    "Delete capacity reservation group crg-eastus2-zonal",
  ]);
  const [first, second, last] = made.steps.slice(3);
  expect(first?.dependsOn).toEqual(["detach a rg-app", "detach b rg-app"]);
  expect(last?.dependsOn).toEqual([first?.id, second?.id]);
  // Its quantity of 0 ends with the reservation, so the last check must not look for it.
  expect(made.steps[0]?.transient).toBe(true);
});

test("--delete-empty keeps units that only --release gives up, and what has members", () => {
  const idle = reservation("Zone2_D4s_v5", { zone: "2", quantity: 1 });
  const made = plan({
    leaving: [member("a", { power: "deallocated" })],
    reservations: [held(["b"], { associated: [vmId("a"), vmId("b")] }), idle],
    options: { deleteEmpty: true },
  });

  expect(titles(made)).toEqual(["Detach a from crg-eastus2-zonal"]);
  expect(made.deletedGroups).toEqual([]);
  expect(made.warnings.map(({ subject, text }) => `${subject}: ${text}`)).toContain(
    "Zone2_D4s_v5: it is not deleted: it still holds 1 units, which only --release gives up",
  );
});

test.each<[string, Partial<VirtualMachine>, Partial<CapacityReservationGroup>, string]>([
  ["of another subscription", { subscriptionId: OTHER }, {}, "refused"],
  ["that is updating", { provisioningState: "Updating" }, {}, "refused"],
  ["that is starting", { power: "starting" }, {}, "refused"],
  ["of a block", {}, { reservationType: "Block" }, "refused"],
  ["whose group belongs to others", {}, { subscriptionId: OTHER }, "left alone"],
  ["in no group", { groupId: undefined }, {}, "nothing to do"],
])("a VM %s is %s", (_, own, change, action) => {
  const theirs = change.subscriptionId === undefined ? GROUP : GROUP.replace(SUBSCRIPTION, OTHER);
  const made = plan({
    leaving: [
      member("a", { ...(own.groupId === undefined && "groupId" in own ? {} : { groupId: theirs }), ...own }),
    ],
    reservations: [held(["a"])],
    options: { release: true, deleteEmpty: true },
    change: { id: theirs, ...change },
  });

  expect(actions(made)).toEqual([`a ${action}`]);
  expect(made.steps.filter(({ kind }) => kind === "detach")).toEqual([]);
});

test("a failed reservation is not lowered for anybody", () => {
  const made = plan({
    leaving: BOTH,
    reservations: [held(["a", "b"], { provisioningState: "Failed" })],
    options: { release: true },
  });

  expect(titles(made)).toEqual([]);
});

test("a future reservation is neither left, lowered nor deleted", () => {
  const made = plan({
    leaving: BOTH,
    reservations: [
      held(["a", "b"], { reservationState: "Live" }),
      reservation("Zone2", { zone: "2", reservationState: "Pending" }),
    ],
    options: { release: true, deleteEmpty: true },
  });

  expect(actions(made)).toEqual(["a refused", "b refused"]);
  expect(titles(made)).toEqual([]);
});

test("units of a reservation that nobody selected was in go only with the whole group", () => {
  const idle = reservation("Zone2_D4s_v5", { zone: "2", quantity: 10 });
  const scene = {
    leaving: BOTH,
    reservations: [held(["a", "b"]), idle],
    options: { release: true, deleteEmpty: true },
  };

  expect(titles(plan(scene))).not.toContain("Delete reservation Zone2_D4s_v5");
  expect(titles(plan({ ...scene, whole: true }))).toContain("Delete reservation Zone2_D4s_v5");
});

test("a shared group is not deleted, and that is said", () => {
  const made = plan({
    leaving: BOTH,
    reservations: [held(["a", "b"])],
    options: { release: true, deleteEmpty: true },
    change: { sharedWith: [OTHER] },
  });

  expect(titles(made)).not.toContain("Delete capacity reservation group crg-eastus2-zonal");
  expect(made.warnings.map(({ text }) => text)).toContain(
    "the group is not deleted: it is shared with 1 other subscription",
  );
});

test("a member that the lists do not name yet stays, and so do its units", () => {
  const groups = [group("crg-eastus2-zonal", { reservations: [held(["a", "b"])] })];
  const known = groups.map((each) => addUnlisted(each, [member("late")]));

  const made = planDetach(
    { machines: BOTH, groups: known, subscriptionId: SUBSCRIPTION, isWholeGroup: true },
    { allowRestart: false, release: true, deleteEmpty: true },
  );

  expect(titles(made)).toEqual([]);
});

test("groups of one name in two resource groups have steps of their own", () => {
  const twin = GROUP.replace("rg-app", "rg-other");
  const one = group("crg-eastus2-zonal", { reservations: [held(["a"])] });
  const moved = { ...held(["b"]), id: `${twin}/capacityReservations/Zone1_D4s_v5` };
  const other = group("crg-eastus2-zonal", { id: twin, reservations: [moved] });

  const { steps } = planDetach(
    {
      machines: [member("a"), member("b", { groupId: twin })],
      groups: [one, other],
      subscriptionId: SUBSCRIPTION,
      isWholeGroup: false,
    },
    { allowRestart: false, release: true, deleteEmpty: true },
  );

  expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
  expect(steps).toHaveLength(8);
});

test.each<[string, Partial<VirtualMachine>, Partial<CapacityReservation>, string]>([
  ["is Failed", {}, { provisioningState: "Failed" }, "Zone1_D4s_v5 is Failed: use --allow-restart"],
  [
    "holds a stopped VM",
    { power: "stopped" },
    {},
    "it holds a unit of Zone1_D4s_v5: use --release to give the units up, or az vm deallocate, as it is stopped but still allocated",
  ],
])("why a VM stays is said where its reservation %s", (_, own, change, text) => {
  const made = plan({ leaving: [member("a", own)], reservations: [held(["a"], change)] });

  expect(made.refusals[0]?.text).toBe(text);
});
