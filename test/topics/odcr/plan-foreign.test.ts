import { expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { planAttach, type AttachPlan } from "../../../src/topics/odcr/plan.ts";
import type { ForeignGroup } from "../../../src/topics/odcr/plan-foreign.ts";
import type { AttachOptions } from "../../../src/topics/odcr/plan-verdict.ts";
import type { CapacityReservation, VirtualMachine } from "../../../src/azure/ports.ts";
import { group, groupId, machine, options, reservation, state, SUBSCRIPTION, vmId } from "./builders.ts";

const OWNER = "00000000-0000-4000-8000-00000000000b";
const GROUP_ID = groupId("crg").replace(SUBSCRIPTION, OWNER);
const SAME = { value: new Map(["1", "2", "3"].map((zone) => [zone, zone])) };

interface Parts {
  machines?: VirtualMachine[];
  reservations?: CapacityReservation[];
  zones?: string[];
  foreign?: Partial<ForeignGroup>;
  options?: Partial<AttachOptions>;
}

function plan({ machines = [machine("a")], reservations = [], zones, foreign, ...rest }: Parts): AttachPlan {
  const theirs = group("crg", {
    id: GROUP_ID,
    subscriptionId: OWNER,
    reservations,
    ...(zones ? { zones } : {}),
  });
  const full = state({
    machines,
    groups: [theirs],
    wish: { group: GROUP_ID },
    foreign: { name: "crg", owner: OWNER, isShared: true, mayChange: false, zones: SAME, ...foreign },
  });
  return planAttach(full, options(rest.options));
}

function held(change: Partial<CapacityReservation> = {}): CapacityReservation {
  return reservation("Zone1", { id: `${GROUP_ID}/capacityReservations/Zone1`, quantity: 2, ...change });
}

function kinds({ steps }: AttachPlan): string[] {
  return steps.map(({ kind, title }) => `${kind}: ${title}`);
}

function refusals({ refusals: found }: AttachPlan): string[] {
  for (const fact of found.flatMap(({ because }) => because)) cite(fact);
  return found.map(({ text }) => text);
}

test("free units of a group elsewhere are used, and nothing of it is changed", () => {
  const found = plan({ reservations: [held()] });

  expect(kinds(found)).toEqual(["associate: Associate a with crg while it runs"]);
  expect(refusals(found)).toEqual([]);
});

test("VMs that the units do not cover are refused together, and a deallocated one joins", () => {
  const machines = [machine("a"), machine("b"), machine("c"), machine("d", { power: "deallocated" })];
  const found = plan({ machines, reservations: [held()] });

  expect(kinds(found)).toEqual(["associate: Associate d with crg"]);
  expect(refusals(found)).toEqual(
    ["a", "b", "c"].map(
      () =>
        `Zone1 of group crg is 1 unit short of the VMs for it: select fewer, or add --subscription ${OWNER} to raise it`,
    ),
  );
});

test.each<[string, Partial<AttachOptions>]>([
  ["all members are to be covered", { cover: "all" }],
  ["a minimum is to be reached", { minimum: 3 }],
])("a deallocated VM needs a unit, too, when %s", (_, change) => {
  const machines = [machine("a"), machine("b"), machine("c", { power: "deallocated" })];
  const found = plan({ machines, reservations: [held()], options: change });

  expect(found.steps).toEqual([]);
  expect(found.refusals).toHaveLength(3);
});

test("a restart is refused rather than raised for", () => {
  const regional = machine("a", { zone: undefined });
  const reservations = [held({ zone: undefined, quantity: 0 })];
  const found = plan({ machines: [regional], zones: [], reservations, options: { allowRestart: true } });

  expect(found.steps).toEqual([]);
  expect(found.slots[0]?.verdicts.map(({ action }) => action)).toEqual(["refused"]);
});

test("members of a slot that is short of units are told who can help", () => {
  const members = ["a", "b"].map((name) => machine(name, { groupId: GROUP_ID }));
  const found = plan({
    machines: members,
    reservations: [held({ quantity: 1, allocated: [vmId("a"), vmId("b")] })],
  });

  expect(found.steps).toEqual([]);
  expect(found.refusals).toEqual([]);
  expect(found.warnings.map(({ text }) => text)).toEqual([
    `1 unit short for those that are in the group already: add --subscription ${OWNER} to raise it`,
  ]);
});

test("without a reservation of the slot the owner is needed", () => {
  expect(refusals(plan({}))).toEqual([
    `group crg holds no reservation for eastus2 zone 1 Standard_D4s_v5: add --subscription ${OWNER} to make one`,
  ]);
});

test("with its owner's subscription reservations are made and raised there, and that is said", () => {
  const machines = [machine("a"), machine("b", { zone: "2" })];
  const found = plan({ machines, reservations: [held({ quantity: 0 })], foreign: { mayChange: true } });

  expect(kinds(found)).toEqual([
    "associate: Associate a with crg while it runs",
    "raise: Raise Zone1 from 0 to 1",
    "create: Create reservation Zone2_D4s_v5 with quantity 0 for eastus2 zone 2 Standard_D4s_v5",
    "associate: Associate b with crg while it runs",
    "raise: Raise Zone2_D4s_v5 from 0 to 1",
  ]);
  expect(found.steps.filter(({ kind }) => kind !== "associate").map(({ resource }) => resource)).toEqual([
    `${GROUP_ID}/capacityReservations/Zone1`,
    `${GROUP_ID}/capacityReservations/Zone2_D4s_v5`,
    `${GROUP_ID}/capacityReservations/Zone2_D4s_v5`,
  ]);
  expect(found.warnings).toEqual([
    {
      subject: "crg",
      text: `2 units raised in subscription ${OWNER}, with its quota and on its bill; the VMs need quota of their own, too`,
      because: ["azure-wire/shared-quota", "odcr/billing-starts-with-quantity"],
    },
  ]);
});

test.each<[string, Partial<ForeignGroup>, string]>([
  [
    "is another physical zone there",
    { zones: { value: new Map([["1", "3"]]) } },
    "zone 1 here is zone 3 in the subscription of group crg",
  ],
  [
    "cannot be compared",
    { zones: { unknown: "not allowed" } },
    "cannot tell whether zone 1 is the same place for group crg: not allowed",
  ],
  [
    "is not in the answer",
    { zones: { value: new Map() } },
    "cannot tell whether zone 1 is the same place for group crg: the answer does not name zone 1",
  ],
])("a VM is refused when its zone %s", (_, foreign, said) => {
  expect(refusals(plan({ reservations: [held()], foreign: { ...foreign, mayChange: true } }))).toEqual([
    said,
  ]);
});

test("a regional group needs no comparison", () => {
  const regional = machine("a", { zone: undefined, power: "deallocated" });
  const reservations = [held({ zone: undefined })];
  const found = plan({ machines: [regional], zones: [], reservations, foreign: { zones: { unknown: "x" } } });

  expect(kinds(found)).toEqual(["associate: Associate a with crg"]);
});

test("a group that is not shared with the VMs' subscription is refused", () => {
  expect(refusals(plan({ reservations: [held()], foreign: { isShared: false } }))).toEqual([
    `group crg is not shared with subscription ${SUBSCRIPTION}: azwise odcr share changes that`,
  ]);
});

test("VMs that do not fit are refused, and not put into a group of their own subscription", () => {
  const machines = [machine("a"), machine("b", { zone: undefined, power: "deallocated" })];
  const found = plan({ machines, reservations: [held()], foreign: { mayChange: true } });

  expect(refusals(found)).toEqual(["group crg (eastus2, zones 1, 2, 3) cannot hold it: use another --group"]);
  expect(new Set(found.slots.map((slot) => slot.groupId))).toEqual(new Set([GROUP_ID]));
});
