import { expect, test } from "vitest";
import { classify, sortRows, type AuditMachine } from "../../../src/topics/odcr/audit-classify.ts";
import { group, groupId, machine, reservation, vmId } from "./builders.ts";

const MINE = groupId("mine");

function audited(change: Partial<AuditMachine> = {}): AuditMachine {
  return { ...machine("a"), obstacle: undefined, ...change };
}

function facts(change: Parameters<typeof reservation>[1] = {}) {
  const held = reservation("Zone1_D4s_v5", { quantity: 2, allocated: [vmId("a")], ...change });
  return {
    groups: new Map([[MINE.toLowerCase(), group("mine", { reservations: [held] })]]),
    unsupported: new Set(["eastus2|standard_a2_v2"]),
    openGroups: [],
    reservationTypes: new Map(),
  };
}

const three = [vmId("a"), vmId("b"), vmId("c")];

test.each([
  ["a VM without a reservation", {}, {}, "unprotected", "no reservation"],
  [
    "a running regional VM",
    { zone: undefined },
    {},
    "needs-restart",
    "no reservation; a running regional VM joins only with a restart",
  ],
  [
    "a deallocated regional VM",
    { zone: undefined, power: "deallocated" as const },
    {},
    "unprotected",
    "no reservation",
  ],
  [
    "a VM whose power state is not known",
    { zone: undefined, power: "unknown" as const },
    {},
    "unprotected",
    "no reservation; its power state is not known",
  ],
  [
    "a VM with an obstacle",
    { obstacle: { text: "it is a Spot VM", because: ["x"] } },
    {},
    "not-eligible",
    "it is a Spot VM",
  ],
  [
    "a size without support",
    { size: "Standard_A2_v2" },
    {},
    "not-eligible",
    "size Standard_A2_v2 does not support capacity reservations",
  ],
  ["a member within the quantity", { groupId: MINE }, {}, "covered", "1 of 2 units of Zone1_D4s_v5 in use"],
  [
    "a member of a slot with more VMs than units",
    { groupId: MINE.toUpperCase() },
    { allocated: three },
    "overallocated",
    "3 VMs share 2 units of Zone1_D4s_v5; which ones is not known",
  ],
  [
    "a member of a reservation with quantity zero",
    { groupId: MINE },
    { quantity: 0, allocated: [] },
    "overallocated",
    "the quantity of Zone1_D4s_v5 is 0",
  ],
  [
    "a member that a full reservation does not count",
    { groupId: MINE },
    { quantity: 1, allocated: [vmId("b")] },
    "unknown",
    "Zone1_D4s_v5 is full and does not count this VM as allocated",
  ],
  [
    "a deallocated member",
    { groupId: MINE, power: "deallocated" as const },
    {},
    "deallocated",
    "associated with mine, but deallocated",
  ],
  [
    "a member whose size has no reservation",
    { groupId: MINE, size: "Standard_E8s_v5" },
    {},
    "unprotected",
    "mine holds no reservation for its size and zone",
  ],
  [
    "a member of a failed reservation",
    { groupId: MINE },
    { provisioningState: "Failed" },
    "unprotected",
    "reservation Zone1_D4s_v5 is failed",
  ],
  [
    "a member of a group that may not be read",
    { groupId: groupId("other") },
    {},
    "unknown",
    "its group cannot be read by this identity",
  ],
])("%s is told so", (_, change, held, state, text) => {
  const row = classify(audited(change), facts(held));

  expect({ state: row.state, text: row.text }).toEqual({ state, text });
  expect(row.because).not.toEqual([]);
});

test("a member that is not protected tells what its group lacks, and others do not", () => {
  const over = { allocated: three };
  const held = (change: Partial<AuditMachine>, found: Parameters<typeof facts>[0]) =>
    classify(audited(change), facts(found)).held;

  expect(held({ groupId: MINE }, over)).toEqual({
    groupId: MINE,
    lack: "units",
    reservation: "Zone1_D4s_v5",
    quantity: 2,
    allocated: 3,
    fixed: undefined,
  });
  expect(held({ groupId: MINE }, { provisioningState: "Failed" })).toMatchObject({
    lack: "repair",
    quantity: 2,
  });
  expect(held({ groupId: MINE }, { reservationState: "Committed" })?.lack).toBe("date");
  expect(held({ groupId: MINE, zone: "2" }, {})).toMatchObject({
    lack: "reservation",
    reservation: undefined,
  });
  expect(held({ groupId: MINE }, { ...over, reservationState: "Live" })?.fixed).toBe(
    "reservation Zone1_D4s_v5 is a future one, which is never changed here",
  );
  expect([held({ groupId: MINE }, {}), held({}, over)]).toEqual([undefined, undefined]);
});

test("the most urgent come first, whatever order they were read in", () => {
  const rows = [
    classify(audited({ name: "covered", groupId: MINE }), facts()),
    classify(audited({ name: "b", id: vmId("b") }), facts()),
    classify(audited(), facts()),
  ];

  expect(sortRows(rows).map(({ machine: each }) => each.name)).toEqual(["a", "b", "covered"]);
});
