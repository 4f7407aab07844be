import { expect, test } from "vitest";
import { coverageOf, coverageTable } from "../../../src/topics/odcr/coverage.ts";
import { group, reservation, vmId } from "./builders.ts";

const TODAY = "2026-11-21T08:00:00.000Z";
const FUTURE = { start: "2027-02-01", end: undefined };
const BLOCK = { start: "2026-11-02", end: "2027-02-01" };

test.each([
  ["Targeted", {}, "targeted", "covered", 1],
  ["Open", {}, "open", "open, covered", 1],
  ["Block", { schedule: BLOCK }, "block", "block, covered (2026-11-02 to 2027-02-01)", 1],
  [
    "Targeted",
    { schedule: FUTURE, reservationState: "Committed" },
    "future",
    "future, Committed (from 2027-02-01)",
    0,
  ],
  ["Targeted", { schedule: FUTURE, reservationState: "Live" }, "future", "future, Live (from 2027-02-01)", 1],
  ["Targeted", { schedule: FUTURE }, "future", "future, state not told (from 2027-02-01)", null],
  ["Targeted", { reservationState: "PartiallyFulfilled" }, "future", "future, PartiallyFulfilled", null],
  ["Targeted", { provisioningState: "Failed" }, "targeted", "failed", null],
])(
  "a reservation of a %s group with %j says what kind it is, and what is free now",
  (type, change, ...told) => {
    const held = reservation("Zone1_D4s_v5", { quantity: 2, allocated: [vmId("a")], ...change });
    const coverages = coverageOf(group("mine", { reservationType: type, reservations: [held] }), TODAY);

    const [row] = coverageTable(coverages).rows;

    expect(row?.cells[6]).toBe(told[2] ?? "?");
    expect([coverages[0]?.kind, row?.cells[7], coverages[0]?.free]).toEqual([
      told[0],
      expect.objectContaining({ text: told[1] }),
      told[2],
    ]);
  },
);

test.each([
  ["2026-11-01T08:00:00Z", 0],
  ["2026-11-02T08:00:00Z", null],
  ["2026-11-03T08:00:00Z", 2],
  ["2027-02-01T08:00:00Z", null],
  ["2027-02-02T08:00:00Z", 0],
  [undefined, null],
])("at %s a block holds %s units", (today, free) => {
  const held = reservation("r", { quantity: 2, schedule: BLOCK });
  const [coverage] = coverageOf(group("mine", { reservationType: "Block", reservations: [held] }), today);

  expect(coverage?.free).toBe(free);
});

test("nobody is associated with an Open reservation, and those that use it are named", () => {
  const held = reservation("Zone1_D4s_v5", { quantity: 2, allocated: [vmId("a")] });
  const [coverage] = coverageOf(group("mine", { reservationType: "Open", reservations: [held] }));

  expect(coverage).toMatchObject({ associated: 0, allocated: 1, machines: ["a"] });
});
