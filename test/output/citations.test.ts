import { expect, test } from "vitest";
import { citationLines, collectCitations, marks, numberFacts } from "../../src/output/citations.ts";
import { cite, sample } from "./sample.ts";

test("numbers facts by first use, rows before notes, and then the facts that they contradict", () => {
  const { list } = collectCitations(sample, cite);

  expect(list.map(({ id }) => id)).toEqual(["odcr/overallocation", "wire/no-slot-owner", "odcr/slot-owner"]);
});

test("a line names the source, its date, what it applies to and what it contradicts", () => {
  expect(citationLines(collectCitations(sample, cite))).toEqual([
    "[1] A group may hold more VMs than it has slots. (Capacity reservations, Overallocation; published 2026-06-08) https://example.com/odcr",
    "[2] The service does not say which VM holds a slot. (Wire observations, Instance view; applies to API 2024-11-01; publication date unknown; contradicts [3] Capacity reservations)",
    "[3] The instance view lists the VMs that use the reservation. (Capacity reservations, View; published 2026-06-08)",
  ]);
});

test("two facts that contradict each other are both listed once", () => {
  const fact = cite("odcr/overallocation");
  const pair = { a: { ...fact, id: "a", contradicts: ["b"] }, b: { ...fact, id: "b", contradicts: ["a"] } };

  const citations = numberFacts(["b"], (id) => pair[id as "a" | "b"]);

  expect([citations.list.map(({ id }) => id), marks(["a", "b"], citations)]).toEqual([["b", "a"], "[2][1]"]);
});
