import { expect, test } from "vitest";
import { cite } from "../../src/docs/cite.ts";
import { facts } from "../../src/docs/facts/all.ts";

test("a citation names the article by its title, and says when the date is unknown", () => {
  expect(cite("odcr/zero-quantity")).toEqual({
    id: "odcr/zero-quantity",
    text: "Creating a reservation with quantity zero should always succeed: it is bookkeeping only, and Azure has no hardware to find.",
    article: "Demystifying On-Demand Capacity Reservations",
    section: "“Interesting” On-Demand Capacity Reservation behavior #2",
    published: null,
    url: null,
  });
});

test("a citation carries what the fact applies to and what it contradicts", () => {
  expect(cite("azure-wire/regional-must-be-deallocated")).toMatchObject({
    article: "Azure on the wire: how the services answer",
    published: "2026-11-21",
    appliesTo: "Microsoft documentation; regional VMs",
    contradicts: ["odcr/regional-restart", "odcr/join-and-leave-any-time"],
  });
});

test("every fact can be cited", () => {
  expect(facts.map((fact) => cite(fact.id).id)).toEqual(facts.map((fact) => fact.id));
});

test("changing a citation leaves the fact alone", () => {
  cite("azure-wire/which-vm-unknown").contradicts?.push("odcr/naming");

  expect(cite("azure-wire/which-vm-unknown").contradicts).toEqual(["odcr/one-vm-owns-the-spot"]);
});

test("citing an unknown fact is a bug", () => {
  expect(() => cite("odcr/nonsense")).toThrow("no such fact: odcr/nonsense");
});
