import { expect, test } from "vitest";
import type { AuditRow, AuditState, HeldUnits } from "../../../src/topics/odcr/audit-classify.ts";
import { planReport, type ResiliencyReport } from "../../../src/topics/odcr/report-plan.ts";
import { groupId, machine, SUBSCRIPTION, vmId } from "./builders.ts";

const OTHER = "00000000-0000-4000-8000-00000000000b";

function row(name: string, state: AuditState, change: Partial<Parameters<typeof machine>[1]> = {}): AuditRow {
  return { machine: { ...machine(name, change), obstacle: undefined }, state, text: state, because: [] };
}

/** The group's own subscription is given unless others are. */
function report(rows: AuditRow[], byTag?: string, subscriptionIds = [SUBSCRIPTION]): ResiliencyReport {
  return planReport(rows, { mustRun: [{ key: "up", value: "always" }], byTag, tags: [], subscriptionIds });
}

function heldIn(reservation: string | undefined, change: Partial<HeldUnits> = {}): HeldUnits {
  const held = {
    groupId: groupId("crg"),
    lack: "units",
    quantity: 0,
    allocated: 0,
    fixed: undefined,
  } as const;
  return { ...held, reservation, ...change };
}

const UP = { tags: { Up: "always" } };

test("must-run VMs come first, and then urgency", () => {
  const { findings, mustRun } = report([
    row("a", "unprotected"),
    row("b", "overallocated", UP),
    row("c", "unknown"),
    row("d", "covered", UP),
    row("e", "not-eligible"),
  ]);

  expect(findings.map((each) => `${each.row.machine.name} ${each.mustRun}`)).toEqual([
    "b true",
    "a false",
    "c false",
  ]);
  expect(mustRun).toBe(2);
});

test("coverage is counted by subscription, slot and tag, worst first", () => {
  const rows = [
    row("a", "covered"),
    row("b", "unprotected", { subscriptionId: OTHER, zone: "2", tags: { tier: "db" } }),
    row("c", "deallocated", { tags: { TIER: "db" } }),
  ];

  const { bySubscription, bySlot, byTag } = report(rows, "tier");

  expect(bySubscription).toEqual([
    { name: OTHER, total: 1, covered: 0, atRisk: 1, others: 0 },
    { name: SUBSCRIPTION, total: 2, covered: 1, atRisk: 0, others: 1 },
  ]);
  expect(bySlot.map(({ name, total }) => [name, total])).toEqual([
    [`eastus2 zone 2 Standard_D4s_v5 of ${OTHER}`, 1],
    [`eastus2 zone 1 Standard_D4s_v5 of ${SUBSCRIPTION}`, 2],
  ]);
  expect(byTag?.map(({ name, total, atRisk }) => [name, total, atRisk])).toEqual([
    ["tier=db", 2, 1],
    ["without tier", 1, 0],
  ]);
});

test("one command mends a resource group; a restart is said, and an unreadable group is not mended", () => {
  const { fixes } = report([
    row("a", "unprotected", { resourceGroup: "RG-App" }),
    row("b", "needs-restart", { resourceGroup: "rg-app", zone: undefined }),
    row("c", "unprotected", { resourceGroup: "rg-db" }),
    row("d", "unknown", { resourceGroup: "rg-far" }),
  ]);

  expect(fixes.map(({ machines, restarts, command }) => [machines, restarts, command])).toEqual([
    [2, true, `azwise odcr attach --subscription ${SUBSCRIPTION} --resource-group RG-App --allow-restart`],
    [1, false, `azwise odcr attach --subscription ${SUBSCRIPTION} --resource-group rg-db`],
  ]);
});

test("an overallocated reservation is mended once, by more units; an attach is for the others", () => {
  const held = heldIn("Zone1_D4s_v5", { allocated: 3 });
  const { fixes } = report([
    row("a", "unprotected"),
    { ...row("b", "overallocated"), held },
    { ...row("c", "overallocated"), held: { ...held, groupId: groupId("CRG") } },
    // Azure counts none yet.
    { ...row("d", "overallocated"), held: { ...held, reservation: "new", allocated: 0 } },
    // Of an Open reservation: it is in no group, so it can be attached.
    row("e", "overallocated"),
  ]);

  const resize = `azwise odcr resize ${groupId("crg")} --subscription ${SUBSCRIPTION}`;
  expect(fixes.map(({ machines, command }) => [machines, command])).toEqual([
    [2, `azwise odcr attach --subscription ${SUBSCRIPTION} --resource-group rg-app`],
    [2, `${resize} --slot Zone1_D4s_v5 --quantity 3`],
    [1, `${resize} --slot new --quantity 1`],
  ]);
});

test("a reservation that may not be changed from here gets words instead of a command", () => {
  const held = heldIn("r", { allocated: 3 });
  const rows = [
    { ...row("a", "overallocated", { subscriptionId: OTHER }), held },
    { ...row("b", "overallocated"), held: { ...held, reservation: "s", fixed: "it is a block" } },
  ];
  const { fixes } = report(rows, undefined, [OTHER]);

  expect(fixes.map(({ command, text }) => [command, text])).toEqual([
    [undefined, `r of group ${groupId("crg")} needs 3 units: the owner of the group has to do it`],
    [undefined, `s of group ${groupId("crg")} needs 3 units: it is a block`],
  ]);
});

test("a reservation that is shared is raised where its owner's subscription was given", () => {
  const held = heldIn("r", { allocated: 2 });
  const rows = ["a", "b"].map((name) => ({ ...row(name, "overallocated", { subscriptionId: OTHER }), held }));
  const { fixes } = report(rows, undefined, [OTHER, SUBSCRIPTION]);

  expect(fixes.map(({ machines, command }) => [machines, command])).toEqual([
    [2, `azwise odcr resize ${groupId("crg")} --subscription ${SUBSCRIPTION} --slot r --quantity 2`],
  ]);
});

test("a reservation that is missing is made for VMs of one subscription, the owner's first", () => {
  const missing = heldIn(undefined, { lack: "reservation" });
  const their = { ...row("a", "unprotected", { subscriptionId: OTHER }), held: missing };
  const own = { ...row("b", "unprotected"), held: missing };
  const commands = (rows: AuditRow[]): unknown[] =>
    report(rows, undefined, [OTHER, SUBSCRIPTION]).fixes.map(({ machines, command }) => [machines, command]);

  const joins = `--group ${groupId("crg")} --vm`;
  expect(commands([their, own])).toEqual([
    [2, `azwise odcr attach --subscription ${SUBSCRIPTION} ${joins} ${vmId("b")}`],
  ]);
  expect(commands([their])).toEqual([
    [1, `azwise odcr attach --subscription ${OTHER} --subscription ${SUBSCRIPTION} ${joins} ${vmId("a")}`],
  ]);
});

test("equal zone numbers of two subscriptions are not counted together; regional slots are", () => {
  const slots = (rows: AuditRow[]): string[] =>
    report(rows).bySlot.map(({ name, total }) => `${name}: ${total}`);
  const here = row("a", "covered");
  const there = row("b", "covered", { subscriptionId: OTHER });
  const regional = [SUBSCRIPTION, OTHER].map((id) =>
    row("c", "covered", { zone: undefined, subscriptionId: id }),
  );

  expect(slots([here, here])).toEqual(["eastus2 zone 1 Standard_D4s_v5: 2"]);
  expect(slots([here, there, ...regional])).toEqual([
    "eastus2 regional Standard_D4s_v5: 2",
    `eastus2 zone 1 Standard_D4s_v5 of ${SUBSCRIPTION}: 1`,
    `eastus2 zone 1 Standard_D4s_v5 of ${OTHER}: 1`,
  ]);
});

test("members whose reservation is not just short of units get what helps them, which is no attach", () => {
  const failed = heldIn("r", { lack: "repair", quantity: 4, allocated: 2 });
  const missing = heldIn(undefined, { lack: "reservation" });
  const later = heldIn("s", { lack: "date", fixed: "it is a future one" });
  const { fixes } = report([
    { ...row("a", "unprotected"), held: failed },
    { ...row("b", "unprotected"), held: failed },
    { ...row("c", "unprotected", { zone: "2" }), held: missing },
    { ...row("d", "unprotected", { zone: "2" }), held: missing },
    { ...row("e", "unprotected", { zone: "3" }), held: missing },
    { ...row("f", "unprotected"), held: later },
  ]);

  const attach = `azwise odcr attach --subscription ${SUBSCRIPTION} --group ${groupId("crg")}`;
  expect(fixes.map(({ machines, command, text }) => [machines, command ?? text])).toEqual([
    [2, `azwise odcr resize ${groupId("crg")} --subscription ${SUBSCRIPTION} --slot r --quantity 4`],
    [2, `${attach} --vm ${vmId("c")} --vm ${vmId("d")}`],
    [1, `${attach} --vm ${vmId("e")}`],
    [1, `s of group ${groupId("crg")} holds nothing until it is Live: it is a future one`],
  ]);
});

test.each([
  [heldIn("r", { lack: "repair", quantity: 4 }), "r of group G needs its quantity of 4 set again"],
  [
    heldIn(undefined, { lack: "reservation" }),
    "eastus2 zone 1 Standard_D4s_v5 of group G needs a reservation",
  ],
])("what another subscription's group lacks is its owner's to give (%#)", (held, said) => {
  const rows = [{ ...row("a", "unprotected", { subscriptionId: OTHER }), held }];
  const { fixes } = report(rows, undefined, [OTHER]);

  const text = `${said.replace(" G ", ` ${groupId("crg")} `)}: the owner of the group has to do it`;
  expect(fixes.map(({ command, text: told }) => [command, told])).toEqual([[undefined, text]]);
});

test("a value that begins with a dash stays the value of its flag", () => {
  const tags = [{ key: "-x", value: "y z" }];
  const { fixes } = planReport(
    [
      row("a", "unprotected", { resourceGroup: "-rg" }),
      { ...row("b", "overallocated"), held: heldIn("-r", { allocated: 2 }) },
    ],
    { mustRun: [], byTag: undefined, tags, subscriptionIds: [SUBSCRIPTION] },
  );

  expect(fixes.map(({ command }) => command)).toEqual([
    `azwise odcr attach --subscription ${SUBSCRIPTION} --resource-group=-rg '--tag=-x=y z'`,
    `azwise odcr resize ${groupId("crg")} --subscription ${SUBSCRIPTION} --slot=-r --quantity 2`,
  ]);
});

test("a command carries the tags of the report, and each word of it is one word for a shell", () => {
  const tags = [
    { key: "tier", value: "it's mine" },
    { key: "up", value: "" },
  ];
  const rows = [row("a", "unprotected", { resourceGroup: "rg-shop(prod)" })];

  const { fixes } = planReport(rows, {
    mustRun: [],
    byTag: undefined,
    tags,
    subscriptionIds: [SUBSCRIPTION],
  });

  expect(fixes[0]?.command).toBe(
    `azwise odcr attach --subscription ${SUBSCRIPTION} --resource-group 'rg-shop(prod)' --tag 'tier=it'\\''s mine' --tag up=`,
  );
});

test("nothing is at risk where everything is covered", () => {
  const made = report([row("a", "covered")]);

  expect({ findings: made.findings, fixes: made.fixes }).toEqual({ findings: [], fixes: [] });
});
