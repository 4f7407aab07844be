import { expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { isGranted } from "../../../src/azure/permissions.ts";
import { judgeCheck, type AskedSlot, type CheckState } from "../../../src/topics/odcr/check-judge.ts";
import { group, groupId, LOCATION, offer } from "./builders.ts";

function slot(change: Partial<AskedSlot> = {}): AskedSlot {
  return { location: LOCATION, zone: "1", size: "Standard_D4s_v5", units: 1, counted: 0, ...change };
}

function state(change: Partial<CheckState> = {}): CheckState {
  return {
    slots: [slot()],
    offers: new Map([[LOCATION, { value: [offer()] }]]),
    usages: new Map([[LOCATION, { value: [{ name: "StandardDSv5Family", current: 90, limit: 100 }] }]]),
    group: undefined,
    missing: undefined,
    places: [],
    machines: [],
    zoneMaps: undefined,
    ...change,
  };
}

function answer(question: string, change: Partial<CheckState>): string[] {
  const found = judgeCheck(state(change)).filter((each) => each.question === question);
  return found.map(({ answer: given, detail }) => `${given}: ${detail}`);
}

function offers(change: Parameters<typeof offer>[0]): Partial<CheckState> {
  return { offers: new Map([[LOCATION, { value: [offer(change)] }]]) };
}

test.each([
  [{}, "yes: listed for zones 1, 2, 3"],
  [{ slots: [slot({ zone: undefined })] }, "yes: listed for eastus2"],
  [{ slots: [slot({ zone: "4" })] }, "no: listed for zones 1, 2, 3"],
  [{ slots: [slot({ size: "standard_d4S_V5" })] }, "yes: listed for zones 1, 2, 3"],
  [offers({ zones: [] }), "cannot tell: the list names no zones"],
  [offers({ size: "Standard_X" }), "no: the size is not listed for eastus2"],
  [
    { offers: new Map([[LOCATION, { value: [] }]]) },
    "cannot tell: no size at all is listed for eastus2; check the name",
  ],
  [{ offers: new Map([[LOCATION, { unknown: "not allowed" }]]) }, "cannot tell: not allowed"],
])("offered (%#)", (change, expected) => {
  expect(answer("offered", change)).toEqual([expected]);
});

test.each([
  [{}, "yes: CapacityReservationSupported is True"],
  [offers({ capacityReservationSupported: false }), "no: CapacityReservationSupported is not True"],
  [offers({ size: "Standard_X" }), "cannot tell: the size is not listed"],
])("reservable (%#)", (change, expected) => {
  expect(answer("reservable", change)).toEqual([expected]);
});

test.each([
  [{}, "yes: no restriction is listed"],
  [offers({ restrictedZones: ["2"], restrictionCodes: ["QuotaId"] }), "yes: no restriction is listed"],
  [offers({ restrictedZones: ["1"], restrictionCodes: ["QuotaId"] }), "no: zone 1 is restricted: QuotaId"],
  [
    offers({ restricted: true, restrictionCodes: ["NotAvailableForSubscription"] }),
    "no: the location is restricted: NotAvailableForSubscription",
  ],
  [offers({ restricted: true }), "no: the location is restricted: no reason is given"],
])("unrestricted (%#)", (change, expected) => {
  expect(answer("unrestricted", change)).toEqual([expected]);
});

function usages(...value: [string, number, number][]): Partial<CheckState> {
  const list = value.map(([name, current, limit]) => ({ name, current, limit }));
  return { usages: new Map([[LOCATION, { value: list }]]) };
}

test.each([
  [
    { slots: [slot({ units: 2 })] },
    "yes: 8 vCPUs needed, 10 left (90 of 100 used); a credit limit, no capacity",
  ],
  [{ slots: [slot({ units: 3 })] }, "no: 12 vCPUs needed, 10 left (90 of 100 used)"],
  [{ slots: [slot({ units: 2 }), slot({ zone: "2" })] }, "no: 12 vCPUs needed, 10 left (90 of 100 used)"],
  [
    { slots: [slot({ units: 3, counted: 3 })] },
    "cannot tell: 12 vCPUs needed, 10 left (90 of 100 used); 12 of them are in use already, and whether those are asked for again is not documented",
  ],
  [
    { slots: [slot({ units: 4, counted: 1 })] },
    "no: 16 vCPUs needed, 10 left (90 of 100 used); 4 of them are in use already",
  ],
  [offers({ vCpus: undefined }), "cannot tell: the family and the vCPUs of Standard_D4s_v5 are not known"],
  [usages(["other", 0, 1]), "cannot tell: the list of usages does not name it"],
  [{ usages: new Map([[LOCATION, { unknown: "not allowed" }]]) }, "cannot tell: not allowed"],
])("quota of the family (%#)", (change, expected) => {
  expect(answer("quota", change)).toEqual([expected]);
});

test("VMs over a limit that was lowered since are not refused for what they already use", () => {
  const change = { ...usages(["standardDSv5Family", 12, 8]), slots: [slot({ units: 3, counted: 3 })] };

  expect(answer("quota", change)[0]).toMatch(/^cannot tell: /);
});

test("the location's own limit counts all families", () => {
  const change = {
    ...usages(["standardDSv5Family", 0, 100], ["standardESv5Family", 0, 100], ["cores", 95, 100]),
    offers: new Map([
      [LOCATION, { value: [offer(), offer({ size: "Standard_E4s_v5", family: "standardESv5Family" })] }],
    ]),
    slots: [slot(), slot({ size: "Standard_E4s_v5" })],
  };

  expect(answer("quota", change)).toEqual([
    "yes: 4 vCPUs needed, 100 left (0 of 100 used); a credit limit, no capacity",
    "yes: 4 vCPUs needed, 100 left (0 of 100 used); a credit limit, no capacity",
    "no: 8 vCPUs needed, 5 left (95 of 100 used)",
  ]);
});

test.each([
  [group("crg"), "yes: group crg is in eastus2, zones 1, 2, 3"],
  [group("crg", { zones: ["2"] }), "no: group crg is in eastus2, zones 2"],
  [group("crg", { zones: [] }), "no: group crg is in eastus2, regional"],
  [group("crg", { location: "westus" }), "no: group crg is in westus, zones 1, 2, 3"],
  [
    group("crg", { reservationType: "Open" }),
    "no: group crg is of type Open, which VMs do not join by association",
  ],
])("group-fits (%#)", (value, expected) => {
  expect(answer("group-fits", { group: { value } })).toEqual([expected]);
});

test("a group's zones are compared by the numbers of its own subscription", () => {
  const value = group("crg", { zones: ["3"] });
  const zoneMaps = new Map([[LOCATION, { value: new Map([["1", "3"]]) }]]);

  expect(answer("group-fits", { group: { value }, zoneMaps })[0]).toMatch(/^yes/);
  expect(answer("zone-map", { group: { value }, zoneMaps })).toEqual([
    "no: zone 1 here is zone 3 in the group's subscription",
  ]);
});

test("a zone that the comparison leaves out cannot be told", () => {
  const zoneMaps = new Map([[LOCATION, { value: new Map<string, string>() }]]);
  const change = { group: { value: group("crg") }, zoneMaps };

  expect(answer("zone-map", change)).toEqual(["cannot tell: the answer does not name zone 1"]);
  expect(answer("group-fits", change)[0]).toMatch(/^cannot tell: .*does not name zone 1$/);
  expect(answer("zone-map", { ...change, slots: [slot({ zone: undefined })] })).toEqual([]);
});

const DEPLOY = "Microsoft.Compute/capacityReservationGroups/deploy/action";

test.each([
  [[{ actions: ["*"], notActions: [] }], true],
  [[{ actions: ["microsoft.compute/*"], notActions: ["Microsoft.Authorization/*/write"] }], true],
  [[{ actions: ["Microsoft.Compute/*/action"], notActions: [] }], true],
  [[{ actions: ["*/read"], notActions: [] }], false],
  [[{ actions: ["Microsoft.Compute/capacityReservationGroups/deploy"], notActions: [] }], false],
  [
    [
      { actions: ["MicrosoftXCompute/*"], notActions: [] },
      { actions: ["Microsoft.Comput./*"], notActions: [] },
    ],
    false,
  ],
  [[{ actions: ["*"], notActions: ["Microsoft.Compute/capacityReservationGroups/*"] }], false],
  [
    [
      { actions: ["*"], notActions: [DEPLOY.toUpperCase()] },
      { actions: [DEPLOY], notActions: [] },
    ],
    true,
  ],
  [[], false],
])("wildcards and exclusions of permissions (%#)", (permissions, expected) => {
  expect(isGranted(DEPLOY, permissions)).toBe(expected);
});

test("only where there is no group yet is making one asked about", () => {
  const permissions = { value: [{ actions: ["*"], notActions: [] }] };
  const places = [{ scope: groupId("crg"), partial: false, permissions }];
  const questions = (change: Partial<CheckState>): string[] =>
    judgeCheck(state({ places, ...change })).map(({ question }) => question);

  expect(questions({})).toContain("may-create-group");
  expect(questions({ group: { unknown: "not allowed" } })).not.toContain("may-create-group");
});

test("every finding cites facts that exist", () => {
  const all = [
    state({ missing: "crg" }),
    state({ group: { value: group("crg") }, zoneMaps: new Map(), slots: [slot({ units: 9, counted: 9 })] }),
    state({ ...offers({ restricted: true }), group: { value: group("crg", { reservationType: "Block" }) } }),
    state({
      offers: new Map(),
      places: [{ scope: groupId("crg"), partial: true, permissions: { value: [] } }],
    }),
  ].flatMap(judgeCheck);

  expect(all.filter(({ because }) => because.length === 0)).toEqual([]);
  expect(all.flatMap(({ because }) => because.map((id) => cite(id).id)).length).toBeGreaterThan(0);
});
