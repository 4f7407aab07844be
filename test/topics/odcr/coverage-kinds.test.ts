import { expect, test } from "vitest";
import { coverageOf, coverageTable } from "../../../src/topics/odcr/coverage.ts";
import { group, reservation, vmId } from "./builders.ts";

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
  ["Targeted", { schedule: FUTURE }, "future", "future, state not told (from 2027-02-01)", 0],
])(
  "a reservation of a %s group with %j says what kind it is, and what is free now",
  (type, change, ...told) => {
    const held = reservation("Zone1_D4s_v5", { quantity: 2, allocated: [vmId("a")], ...change });
    const coverages = coverageOf(group("mine", { reservationType: type, reservations: [held] }));

    const [row] = coverageTable(coverages).rows;

    expect([coverages[0]?.kind, row?.cells[7], coverages[0]?.free]).toEqual([
      told[0],
      expect.objectContaining({ text: told[1] }),
      told[2],
    ]);
  },
);

test("nobody is associated with an Open reservation, and those that use it are named", () => {
  const held = reservation("Zone1_D4s_v5", { quantity: 2, allocated: [vmId("a")] });
  const [coverage] = coverageOf(group("mine", { reservationType: "Open", reservations: [held] }));

  expect(coverage).toMatchObject({ associated: 0, allocated: 1, machines: ["a"] });
});
