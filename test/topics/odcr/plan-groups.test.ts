import { expect, test } from "vitest";
import { group, machine, state, vmId } from "./builders.ts";

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
