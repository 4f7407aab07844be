import { expect, test } from "vitest";
import { planAcquire, type AcquirePlan, type AcquireState } from "../../../src/topics/odcr/acquire-plan.ts";
import { NEW, plan, slot, WISH } from "./acquire-world.ts";
import { group, groupId, LOCATION, offer, reservation, SUBSCRIPTION } from "./builders.ts";

function groupNames({ choices }: AcquirePlan): string[] {
  return choices.map((choice) => choice.group.name);
}

test("a new group gets every zone of its sizes, and each choice its own reservation and raise", () => {
  const { steps, pursuit } = plan({ slots: [slot("1"), slot("3")] });

  expect(steps.map(({ title }) => title)).toEqual([
    "Create capacity reservation group crg-eastus2-zonal (zones 1, 2, 3)",
    "Create reservation Zone1_D4s_v5 with quantity 0 for eastus2 zone 1 Standard_D4s_v5",
    "Raise Zone1_D4s_v5 from 0 to 4",
    "Create reservation Zone3_D4s_v5 with quantity 0 for eastus2 zone 3 Standard_D4s_v5",
    "Raise Zone3_D4s_v5 from 0 to 4",
  ]);
  expect(pursuit?.choices.map(({ name, steps: ids }) => [name, ids.length, ids[0]])).toEqual([
    ["4 x Standard_D4s_v5 in eastus2 zone 1", 3, "create rg-app/crg-eastus2-zonal"],
    ["4 x Standard_D4s_v5 in eastus2 zone 3", 3, "create rg-app/crg-eastus2-zonal"],
  ]);
});

test("a reservation that is there is raised from what it has, and takes its old quantity back when it fails", () => {
  const { steps } = plan({
    wish: { group: "crg-x" },
    existing: [group("crg-x", { reservations: [reservation("one", { quantity: 3 })] })],
  });

  expect(steps).toMatchObject([
    {
      title: "Raise one from 3 to 4",
      saw: [{ fields: { "sku.capacity": 3 } }],
      restore: { request: { body: { sku: { capacity: 3 } } } },
    },
  ]);
});

test("alternatives that the named group cannot hold go to others, named as attach names them", () => {
  const planned = plan({
    slots: [slot("1"), slot("3"), slot(undefined), slot("2", { location: "centralus" })],
    wish: { group: "crg-x", resourceGroup: undefined },
    existing: [group("crg-x", { zones: ["1", "2"] })],
  });

  expect(groupNames(planned)).toEqual([
    "crg-x",
    "crg-x-eastus2-zonal",
    "crg-x-eastus2-regional",
    "crg-x-centralus-zonal",
  ]);
  expect(planned.choices[1]?.group.id).toBe(groupId("crg-x-eastus2-zonal"));
});

test("without a named group each kind has its own, also one that is there", () => {
  const planned = plan({
    slots: [slot(undefined), slot("3"), slot("1")],
    existing: [group("crg-eastus2-zonal", { zones: ["1"] })],
  });

  expect(groupNames(planned)).toEqual(["crg-eastus2-regional", "crg-eastus2-zonal", "crg-eastus2-zonal"]);
  expect(planned.refusals.map(({ text }) => text)).toEqual([
    "group: group crg-eastus2-zonal is in eastus2, zones 1",
  ]);
});

test.each([
  ["of another zone", group("crg-x", { zones: ["2"] })],
  ["regional", group("crg-x", { zones: [] })],
  ["elsewhere", group("crg-x", { location: "centralus" })],
  ["of another type", group("crg-x", { reservationType: "Block" })],
])("a named group that is %s is refused", (_, existing) => {
  expect(() => plan({ wish: { group: "crg-x" }, existing: [existing] })).toThrow(/^group crg-x is /);
});

test.each([
  [{ location: "centralus" }, ["azure-wire/location-of-group"]],
  [{ zones: ["2"] }, ["azure-wire/group-zones-immutable", "azure-wire/one-zone-per-reservation"]],
])("a derived group with %j is refused for the reason that it has", (change, because) => {
  const { choices } = plan({ existing: [group("crg-eastus2-zonal", change)] });

  expect(choices[0]?.refused?.because).toEqual(because);
});

test("a group that is wished by its id is found however that is written", () => {
  const wish = { group: `${groupId("crg-x").toUpperCase()}/`, resourceGroup: undefined };

  expect(plan({ wish, existing: [group("crg-x")] }).steps).toHaveLength(2);
});

test("where to make a group has to be said", () => {
  expect(() => plan({ wish: { resourceGroup: undefined } })).toThrow(
    "group crg-eastus2-zonal has to be made, and no resource group was named",
  );
});

test.each([
  ["size not offered", "is not listed", [offer({ size: "Standard_X" })]],
  ["size not offered", "listed for zones 2", [offer({ zones: ["2"] })]],
  ["size not offered", "CapacityReservationSupported", [offer({ capacityReservationSupported: false })]],
  ["restriction", "NotAvailable", [offer({ restrictedZones: ["1"], restrictionCodes: ["NotAvailable"] })]],
] as const)("a choice is refused for %s (%s), and nothing is left to try", (cause, text, offers) => {
  const planned = plan({ offers: [...offers] });

  expect(planned.choices[0]?.refused).toMatchObject({ cause, text: expect.stringContaining(text) });
  expect(planned.choices[0]?.refused?.because).toContain("odcr/causes-of-failure");
  expect([planned.steps, planned.pursuit]).toEqual([[], undefined]);
});

test("a choice that is refused is left out, and the others are tried", () => {
  const { pursuit } = plan({ slots: [slot("1"), slot("2")], offers: [offer({ restrictedZones: ["1"] })] });

  expect(pursuit?.choices.map(({ name }) => name)).toEqual(["4 x Standard_D4s_v5 in eastus2 zone 2"]);
});

test("quota that does not suffice, and sizes that cannot be read, are warnings", () => {
  const usages = { value: [{ name: "standardDSv5Family", current: 95, limit: 100 }] };
  const texts = (planned: AcquirePlan): string[] => planned.warnings.slice(3).map(({ text }) => text);

  expect(texts(plan({ usages }))).toEqual([
    "quota may not suffice: 16 vCPUs needed, 5 left (95 of 100 used)",
  ]);
  expect(texts(plan({ offers: [] }))).toEqual([
    "cannot tell whether the size is offered: no size at all is listed for eastus2; check the name",
  ]);
});

test("quota is asked for what is missing, because units that are held took theirs", () => {
  const usages = { value: [{ name: "standardDSv5Family", current: 95, limit: 100 }] };
  const existing = [group("crg-x", { reservations: [reservation("one", { quantity: 3 })] })];

  const { warnings } = plan({ usages, existing, wish: { group: "crg-x" } });

  expect(warnings.filter(({ text }) => text.startsWith("quota"))).toEqual([]);
});

test("only a new group is given to detach to remove what is left, as that deletes all that is empty", () => {
  const members = reservation("other", { zone: "2", associated: ["/vm"] });
  const leaves = (existing: AcquireState["existing"]): string | undefined =>
    plan({ wish: { group: "crg-x" }, existing }).pursuit?.choices[0]?.leaves.text.split("to remove it: ")[1];

  expect(leaves([group("crg-x", { reservations: [members] })])).toBe(
    `az capacity reservation delete --capacity-reservation-group crg-x --name Zone1_D4s_v5 --resource-group rg-app --subscription ${SUBSCRIPTION}`,
  );
  expect(leaves([group("crg-x")])).toMatch(/^az capacity reservation delete .* --name Zone1_D4s_v5 /);
  expect(
    plan({ slots: [slot("1"), slot("2")] }).pursuit?.choices.map((choice) =>
      /az capacity/.test(choice.leaves.text),
    ),
  ).toEqual([true, true]);
  expect(leaves([])).toBe(
    `azwise odcr detach --group crg-x --delete-empty --apply --subscription ${SUBSCRIPTION}`,
  );
});

test("a size is written as Azure writes it, and hours go with their location", () => {
  const hours = { timeZone: "America/New_York", fromHour: 18, toHour: 7 };
  const offers = new Map([[LOCATION, { value: [offer()] }]]);
  const state = {
    slots: [slot("1", { size: "Standard_d4S_V5" })],
    existing: [],
    wish: NEW,
    usages: new Map(),
  };

  const { pursuit } = planAcquire({ ...state, offers }, { ...WISH, offHours: new Map([[LOCATION, hours]]) });

  expect(pursuit?.choices).toMatchObject([
    { name: "4 x Standard_D4s_v5 in eastus2 zone 1", offHours: hours },
  ]);
});

test("of one unit it is not said that it is granted together", () => {
  const texts = plan({ quantity: 1 }).warnings.map(({ text }) => text);

  expect(texts[0]).toBe("billed from the moment it is there, used or not");
  expect(texts.filter((text) => text.includes("together"))).toEqual([]);
});

test("who asks outside of business hours is not advised to", () => {
  const hours = { timeZone: "America/New_York", fromHour: 18, toHour: 7 };
  const offers = new Map([[LOCATION, { value: [offer()] }]]);
  const state = { slots: [slot("1")], existing: [], wish: NEW, usages: new Map(), offers };

  const { pursuit } = planAcquire(state, { ...WISH, offHours: new Map([[LOCATION, hours]]) });

  expect(pursuit?.because).toEqual(["odcr/retry-until-it-succeeds", "odcr/off-hours"]);
});
