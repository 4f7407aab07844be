import { expect, test } from "vitest";
import { createGroup } from "../../../src/topics/odcr/plan-steps.ts";
import { planAttach } from "../../../src/topics/odcr/plan.ts";
import { group, groupId, machine, options, reservation, state, vmId } from "./builders.ts";

test("a wished name goes to zonal VMs, regional ones get a suffix", () => {
  const machines = [machine("a"), machine("b", { zone: undefined, power: "deallocated" })];

  const { chosen } = state({ machines, wish: { group: "mine" } });

  expect(chosen.map(({ name }) => name)).toEqual(["mine", "mine-eastus2-regional"]);
});

test("a wished name that exists as a regional group stays with regional VMs", () => {
  const machines = [machine("a"), machine("b", { zone: undefined, power: "deallocated" })];

  const { chosen } = state({ machines, wish: { group: "Mine" }, groups: [group("mine", { zones: [] })] });

  expect(chosen.map(({ name }) => name)).toEqual(["Mine-eastus2-zonal", "mine"]);
});

test("a new group goes where most of its VMs are", () => {
  const elsewhere = vmId("c").replace("rg-app", "rg-z");
  const machines = [
    machine("c", { id: elsewhere, resourceGroup: "RG-Z" }),
    machine("d", { id: `${elsewhere}d`, resourceGroup: "rg-z" }),
    machine("a"),
  ];

  const { chosen } = state({ machines });

  expect(chosen[0]?.id).toContain("/resourceGroups/rg-z/");
});

test("a wished id is used exactly, even when another group has its name", () => {
  const elsewhere = groupId("mine").replace("rg-app", "rg-other");

  const { chosen } = state({ machines: [machine("a")], wish: { group: elsewhere }, groups: [group("mine")] });

  expect(chosen).toEqual([{ kind: { location: "eastus2", zonal: true }, id: elsewhere, name: "mine" }]);
});

test("a wished group that fits nothing is chosen all the same, so that its VMs are refused", () => {
  const machines = [machine("a", { zone: undefined, power: "deallocated" })];

  const { chosen } = state({ machines, wish: { group: "mine" }, groups: [group("mine")] });

  expect(chosen.map(({ name }) => name)).toEqual(["mine"]);
});

test("a group with the suffix, made earlier, is preferred to one that does not fit", () => {
  const machines = [machine("a", { zone: undefined, power: "deallocated" })];
  const earlier = group("mine-eastus2-regional", { zones: [] });

  const { chosen } = state({ machines, wish: { group: "mine" }, groups: [group("mine"), earlier] });

  expect(chosen.map(({ name }) => name)).toEqual(["mine-eastus2-regional"]);
});

test("reservations of one name in two groups have steps of their own", () => {
  const machines = [machine("a"), machine("b", { zone: undefined, power: "deallocated" })];
  const named = (name: string, zone: string | undefined): ReturnType<typeof reservation> =>
    reservation("same", { id: `${groupId(name)}/capacityReservations/same`, zone });
  const groups = [
    group("mine", { reservations: [named("mine", "1")] }),
    group("mine-eastus2-regional", { zones: [], reservations: [named("mine-eastus2-regional", undefined)] }),
  ];

  const { steps } = planAttach(
    state({ machines, wish: { group: "mine" }, groups }),
    options({ cover: "all" }),
  );

  expect(steps.filter(({ kind }) => kind === "raise").map(({ id }) => id)).toEqual([
    "raise rg-app/mine-eastus2-regional/capacityreservations/same to 1",
    "raise rg-app/mine/capacityreservations/same to 1",
  ]);
});

test("groups of one name in two resource groups have steps of their own", () => {
  const there = groupId("mine").replace("rg-app", "rg-z");

  const ids = [groupId("mine"), there].map((id) => createGroup(id, "eastus2", []).id);

  expect(ids).toEqual(["create rg-app/mine", "create rg-z/mine"]);
});
