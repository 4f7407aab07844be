import { expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { planShare, usersOf, zonesText, type ShareWish } from "../../../src/topics/odcr/share-plan.ts";
import type { ZoneMap } from "../../../src/topics/odcr/zone-map.ts";
import { group, groupId, reservation, SUBSCRIPTION, vmId } from "./builders.ts";

const ONE = "00000000-0000-4000-8000-00000000000b";
const TWO = "00000000-0000-4000-8000-00000000000c";

function wish(change: Partial<ShareWish> = {}): ShareWish {
  return { add: [], remove: [], release: false, ...change };
}

function theirs(name: string, subscriptionId = ONE): string {
  return vmId(name).replace(SUBSCRIPTION, subscriptionId);
}

function plan(change: Parameters<typeof group>[1], wanted: Partial<ShareWish>): ReturnType<typeof planShare> {
  return planShare({ group: group("crg", change), zones: new Map() }, wish(wanted));
}

test("the whole list is sent, and the list that was read is the base", () => {
  const { steps, planned } = plan({ sharedWith: [ONE.toUpperCase()] }, { add: [TWO] });

  const ids = (subscriptions: string[]): string[] => subscriptions.map((id) => `/subscriptions/${id}`);
  const field = "properties.sharingProfile.subscriptionIds[].id || `[]`";
  expect(planned).toEqual([ONE, TWO]);
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({
    title: `Share crg with ${TWO}`,
    kind: "share",
    resource: groupId("crg"),
    saw: [{ fields: { [field]: ids([ONE]) } }],
    needs: { fields: { [field]: ids([ONE]) } },
    request: {
      method: "PATCH",
      body: { properties: { sharingProfile: { subscriptionIds: ids([ONE, TWO]).map((id) => ({ id })) } } },
    },
  });
  // A list that is read back while the change is still under way proves nothing.
  expect(steps[0]?.expect.fields).toEqual({
    [field]: ids([ONE, TWO]),
    "properties.provisioningState || 'Succeeded'": "Succeeded",
  });
  for (const fact of steps[0]!.because) expect(() => cite(fact)).not.toThrow();
});

test("what is already so is no step", () => {
  expect(plan({ sharedWith: [ONE] }, { add: [ONE], remove: [TWO] }).steps).toEqual([]);
  expect(plan({ sharedWith: [ONE] }, {}).steps).toEqual([]);
});

test("one may come while another one goes, in one step", () => {
  const { steps } = plan({ sharedWith: [ONE] }, { add: [TWO], remove: [ONE] });

  expect(steps.map(({ title }) => title)).toEqual([`Share crg with ${TWO}, no longer with ${ONE}`]);
});

test("a subscription whose VMs are in the group goes only with release, which names them", () => {
  const change = {
    sharedWith: [ONE],
    reservations: [reservation("r", { associated: [theirs("b"), theirs("a")], allocated: [theirs("A")] })],
  };

  expect(() => plan(change, { remove: [ONE] })).toThrow(
    `2 VMs of subscription ${ONE} are in the group: A, b`,
  );
  const { steps, warnings } = plan(change, { remove: [ONE], release: true });
  expect(steps).toHaveLength(1);
  expect(warnings).toEqual([
    {
      subject: ONE,
      text: "2 associated, 1 of them allocated: A, b; what runs stays protected until it is deallocated or moved, then it is not",
      because: ["azure-wire/unshared-until-deallocated"],
    },
  ]);
});

test.each([
  [
    ["b", "a"],
    `azwise odcr detach --subscription ${ONE} --vm ${theirs("a")} --vm ${theirs("b")} takes them out`,
  ],
  [
    ["a", "b", "c", "d"],
    `azwise odcr detach --subscription ${ONE} --vm - takes out those whose ids it reads, and azwise odcr share ${groupId("crg")} -o json lists them`,
  ],
])("the refusal names the command for %j, and what it does to those that run", (names, command) => {
  const reservations = [reservation("r", { associated: names.map((name) => theirs(name)) })];

  expect(() => plan({ sharedWith: [ONE], reservations }, { remove: [ONE] })).toThrow(
    expect.objectContaining({
      hint: `${command}; those that run leave only with --allow-restart, and nothing holds hardware for their start; --release unshares in spite of them`,
    }),
  );
});

test("one that is allocated and not listed as associated yet counts as well", () => {
  const reservations = [reservation("r", { allocated: [theirs("late")] })];

  expect(() => plan({ sharedWith: [ONE], reservations }, { remove: [ONE] })).toThrow("1 VM of subscription");
});

test.each([
  ["the owner", {}, { add: [SUBSCRIPTION] }, `subscription ${SUBSCRIPTION} owns crg`],
  ["the owner to be taken away", {}, { remove: [SUBSCRIPTION] }, `subscription ${SUBSCRIPTION} owns crg`],
  ["both at once", {}, { add: [ONE], remove: [ONE] }, `subscription ${ONE} is to be added and taken away`],
  ["an Open group", { reservationType: "Open" }, { add: [ONE] }, "group crg is of type Open"],
  ["a Block group", { reservationType: "Block" }, { remove: [ONE] }, "group crg is of type Block"],
])("%s is refused", (_, change, wanted, said) => {
  expect(() => plan(change, wanted)).toThrow(said);
});

test("100 subscriptions are the most; fewer than before is never refused", () => {
  const many = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `5c000000-0000-4000-8000-${String(index).padStart(12, "0")}`);

  expect(plan({}, { add: many(100) }).planned).toHaveLength(100);
  expect(() => plan({}, { add: many(101) })).toThrow(
    "crg would be shared with 101 subscriptions, and 100 is the most",
  );
  expect(plan({ sharedWith: many(103) }, { remove: many(1) }).planned).toHaveLength(102);
});

test("a group of type Open is shown as it is", () => {
  expect(plan({ reservationType: "Open", sharedWith: [ONE] }, {})).toMatchObject({ now: [ONE], steps: [] });
});

test("VMs are counted by their own subscription", () => {
  const reservations = [
    reservation("r", { associated: [vmId("own"), theirs("x")], allocated: [theirs("x")] }),
    reservation("s", { associated: [theirs("y", TWO)], allocated: [theirs("late", TWO)] }),
  ];

  expect([...usersOf(group("crg", { reservations }))]).toEqual([
    [SUBSCRIPTION, { associated: [vmId("own")], allocated: [] }],
    [ONE, { associated: [theirs("x")], allocated: [theirs("x")] }],
    [TWO, { associated: [theirs("y", TWO), theirs("late", TWO)], allocated: [theirs("late", TWO)] }],
  ]);
});

function map(...pairs: [string, string][]): ZoneMap {
  return { value: new Map(pairs) };
}

test.each<[string[], ZoneMap | undefined, string]>([
  [[], undefined, "regional"],
  [["1", "2"], map(["1", "1"], ["2", "2"], ["3", "9"]), "same"],
  [["1", "2"], map(["1", "2"], ["2", "1"]), "1 is 2 there, 2 is 1 there"],
  [["1", "2"], map(["1", "1"]), "cannot tell: the answer does not name zone 2"],
  [["1"], { unknown: "not allowed" }, "cannot tell: not allowed"],
])("zones %j are told by their numbers in the other subscription (%#)", (zones, peers, expected) => {
  expect(zonesText(group("crg", { zones }), peers)).toBe(expected);
});

test("adding says what was not asked, and where zones differ", () => {
  const zones = new Map([[ONE, map(["1", "2"], ["2", "1"], ["3", "3"])]]);
  const { warnings } = planShare({ group: group("crg"), zones }, wish({ add: [ONE] }));

  expect(warnings.map(({ text }) => text)).toEqual([
    "that it exists and is of this tenant was not asked: Azure decides; its VMs need quota of their own there",
    "zones: 1 is 2 there, 2 is 1 there",
  ]);
});
