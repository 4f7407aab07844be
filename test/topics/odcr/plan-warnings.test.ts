import { expect, test } from "vitest";
import { planAttach } from "../../../src/topics/odcr/plan.ts";
import { group, machine, options, reservation, state, vmId } from "./builders.ts";

function warnings(plan: ReturnType<typeof planAttach>): string[] {
  return plan.warnings.map(({ text }) => text);
}

test("free units that are taken are named, because they may be kept for somebody", () => {
  const held = reservation("Zone1_D4s_v5", { quantity: 4, allocated: [vmId("other")] });
  const crg = group("crg-eastus2-zonal", { reservations: [held] });

  const plan = planAttach(state({ machines: [machine("a"), machine("b")], groups: [crg] }), options());

  expect(warnings(plan)).toEqual([
    "uses 2 of 3 free units of Zone1_D4s_v5; whoever they were kept for must do without",
  ]);
});

test("a slot that is raised by as many as join takes no free unit", () => {
  const held = reservation("Zone1_D4s_v5", { quantity: 1, allocated: [vmId("other")] });
  const crg = group("crg-eastus2-zonal", { reservations: [held] });

  expect(warnings(planAttach(state({ machines: [machine("a")], groups: [crg] }), options()))).toEqual([]);
});

test("the quantity that a moving VM leaves behind is said to stay billed", () => {
  const other = group("crg-other", { reservations: [reservation("x", { quantity: 3 })] });
  const machines = [machine("a", { groupId: other.id, power: "deallocated" })];

  const plan = planAttach(state({ machines, groups: [other] }), options({ move: true, cover: "all" }));

  expect(warnings(plan)).toEqual([
    "the quantity that moving VMs leave behind in crg-other stays reserved and billed",
  ]);
});
