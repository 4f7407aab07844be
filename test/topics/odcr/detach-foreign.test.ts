import { expect, test } from "vitest";
import type { CapacityReservation } from "../../../src/azure/ports.ts";
import { planDetach } from "../../../src/topics/odcr/detach-plan.ts";
import { group, groupId, machine, reservation, SUBSCRIPTION, vmId } from "./builders.ts";

const OWNER = "00000000-0000-4000-8000-00000000000b";
const THEIRS = groupId("crg-theirs").replace(SUBSCRIPTION, OWNER);

/** Warnings of a plan in which the deallocated VM a leaves a group of another subscription. */
function warnings(held: Partial<CapacityReservation>, options: object): string[] {
  const reservations = [
    reservation("Zone1_D4s_v5", { quantity: 3, associated: ["a", "b"].map(vmId), ...held }),
  ];
  const theirs = group("crg-theirs", { id: THEIRS, subscriptionId: OWNER, reservations });
  const leaving = machine("a", { groupId: THEIRS, power: "deallocated" });
  const made = planDetach(
    { machines: [leaving], groups: [theirs], subscriptionId: SUBSCRIPTION, isWholeGroup: false },
    { allowRestart: false, release: false, deleteEmpty: false, ...options },
  );
  expect(made.steps.map(({ kind }) => kind)).toEqual(["detach"]);
  return made.warnings.map(({ text }) => text);
}

const command = (quantity: number): string =>
  `azwise odcr resize ${THEIRS} --subscription ${OWNER} --slot Zone1_D4s_v5 --quantity ${quantity}`;
const told = (now: number, quantity: number): string =>
  `its quantity of ${now} stays reserved and billed to its owner, who gives up what the VMs leave: ${command(quantity)}`;

test.each([{}, { release: true }])(
  "what VMs leave in a group of another subscription its owner gives up, with %j",
  (options) => {
    expect(warnings({}, options)).toEqual([told(3, 2)]);
    expect(warnings({ associated: [vmId("a")] }, options)).toEqual([told(3, 0)]);
  },
);

test("there is nothing to give up where those who stay need all units", () => {
  const others = ["b", "c", "d"].map(vmId);

  expect(warnings({ associated: [vmId("a"), ...others], allocated: others }, { release: true })).toEqual([]);
});

test("and only the owner deletes it", () => {
  const held = { quantity: 0, associated: [vmId("a")] };

  expect(warnings(held, { deleteEmpty: true })).toEqual(["it is not deleted: only its owner deletes it"]);
});
