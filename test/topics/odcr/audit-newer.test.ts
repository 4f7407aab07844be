import { expect, test } from "vitest";
import type { CapacityReservation } from "../../../src/azure/ports.ts";
import { classify, type AuditFacts, type AuditMachine } from "../../../src/topics/odcr/audit-classify.ts";
import { group, groupId, machine, reservation, vmId } from "./builders.ts";

const MINE = groupId("mine");
const NAME = "Zone1_D4s_v5";
const FUTURE = { start: "2027-02-01", end: undefined };
const BLOCK = { start: "2026-11-02", end: "2027-02-01" };

function audited(change: Partial<AuditMachine> = {}): AuditMachine {
  return { ...machine("a"), obstacle: undefined, ...change };
}

function factsOf(type: string, change: Partial<CapacityReservation> = {}, runsOn?: string): AuditFacts {
  const held = reservation(NAME, { quantity: 2, allocated: [vmId("a")], ...change });
  const mine = group("mine", { reservationType: type, reservations: [held] });
  return {
    groups: new Map([[MINE.toLowerCase(), mine]]),
    unsupported: new Set(),
    openGroups: type === "Open" ? [mine] : [],
    reservationTypes: new Map([[vmId("a").toLowerCase(), runsOn]]),
  };
}

const three = { allocated: [vmId("a"), vmId("b"), vmId("c")] };

test.each([
  ["that Azure says uses it", {}, {}, "Open", "open", `1 of 2 units of Open ${NAME} in use`],
  [
    "of a slot that more use than it has",
    {},
    three,
    "Open",
    "overallocated",
    `3 VMs share 2 units of ${NAME}; which ones is not known`,
  ],
  [
    "of which Azure does not say it",
    {},
    {},
    undefined,
    "unknown",
    `Open reservation ${NAME} is for its slot: cannot tell whether it uses that, because Azure does not say`,
  ],
  [
    "that Azure says runs on something else",
    {},
    {},
    "NotEligible",
    "unprotected",
    `Open reservation ${NAME} is for its slot, but Azure tells NotEligible of it`,
  ],
  [
    "that is deallocated",
    { power: "deallocated" as const },
    {},
    undefined,
    "deallocated",
    `Open reservation ${NAME} is for its slot, but it is deallocated`,
  ],
  ["of another zone", { zone: "2" }, {}, undefined, "unprotected", "no reservation"],
  [
    "of another subscription",
    { subscriptionId: "00000000-0000-4000-8000-00000000000b" },
    {},
    undefined,
    "unprotected",
    "no reservation",
  ],
  [
    "that opted out",
    { optedOut: true },
    {},
    "Disabled",
    "opted-out",
    "it opted out of capacity reservations",
  ],
  [
    "that is regional and uses it is not told to restart",
    { zone: undefined },
    { zone: undefined },
    "Open",
    "open",
    `1 of 2 units of Open ${NAME} in use`,
  ],
])("beside an Open group a VM %s is told so", (_, change, held, runsOn, state, text) => {
  const row = classify(audited(change), factsOf("Open", held, runsOn));

  expect({ state: row.state, text: row.text }).toEqual({ state, text });
  expect(row.because).not.toEqual([]);
});

test.each([
  [
    "Block",
    { schedule: BLOCK },
    "covered",
    `1 of 2 units of ${NAME} in use; it is a block, 2026-11-02 to 2027-02-01`,
  ],
  [
    "Block",
    { schedule: BLOCK, allocated: [] },
    "unknown",
    `block ${NAME} (2026-11-02 to 2027-02-01) does not count this VM as allocated`,
  ],
  [
    "Targeted",
    { schedule: FUTURE, reservationState: "Committed" },
    "unprotected",
    `${NAME} is a future reservation in state Committed: it holds nothing now`,
  ],
  [
    "Targeted",
    { schedule: FUTURE },
    "unknown",
    `${NAME} is a future reservation: cannot tell what it holds, because its state is not told`,
  ],
  [
    "Targeted",
    { schedule: FUTURE, reservationState: "PartiallyFulfilled" },
    "unknown",
    `${NAME} is a future reservation: cannot tell what it holds, because it is fulfilled in part`,
  ],
  ["Targeted", { schedule: FUTURE, reservationState: "Live" }, "covered", `1 of 2 units of ${NAME} in use`],
])("a member of a %s group with %j is told so", (type, held, state, text) => {
  const row = classify(audited({ groupId: MINE }), factsOf(type, held));

  expect({ state: row.state, text: row.text }).toEqual({ state, text });
  expect(row.because).not.toEqual([]);
});

test("a VM that is associated and opted out at once is not guessed about", () => {
  const { state, text } = classify(audited({ groupId: MINE, optedOut: true }), factsOf("Targeted"));

  expect(state).toBe("unknown");
  expect(text).toBe("it is associated with mine and opted out: cannot tell which of the two counts");
});
