import { expect, test } from "vitest";
import type { AcquirePlan } from "../../../src/topics/odcr/acquire-plan.ts";
import type { Slot } from "../../../src/topics/odcr/slots.ts";
import { plan, slot } from "./acquire-world.ts";
import { group, reservation } from "./builders.ts";

test.each([4, 9])("a reservation that has %d units already leaves nothing to do", (quantity) => {
  const planned = plan({
    slots: [slot("2"), slot("1")],
    wish: { group: "crg-x" },
    existing: [group("crg-x", { reservations: [reservation("one", { quantity })] })],
  });

  expect(planned).toMatchObject({ steps: [], refusals: [] });
  expect(planned.pursuit).toBeUndefined();
});

test.each(["Failed", "Updating"])("a reservation that is %s is refused, also with units enough", (state) => {
  const own = reservation("one", { quantity: 9, provisioningState: state });
  const slots = [slot("1"), slot("3")];

  const planned = plan({
    slots,
    wish: { group: "crg-x" },
    existing: [group("crg-x", { reservations: [own] })],
  });

  expect(planned.choices[0]).toMatchObject({
    isThere: false,
    refused: {
      cause: "group",
      text: `reservation one is ${state}; azwise odcr resize sets its quantity again`,
    },
  });
  expect(planned.pursuit?.choices).toHaveLength(1);
});

test("units in a group that cannot hold the slot are not those that were asked for", () => {
  const own = reservation("one", { quantity: 9 });
  const unfit = group("crg-eastus2-zonal", { reservations: [own], reservationType: "Open" });

  expect(plan({ existing: [unfit] }).choices[0]).toMatchObject({
    isThere: false,
    refused: { cause: "group" },
  });
});

test("a group that is made gets the zones of all that go to it, also those of no list", () => {
  const { steps } = plan({ slots: [slot("1"), slot("3", { size: "Standard_E8s_v5" })], offers: [] });

  expect(steps[0]?.title).toBe("Create capacity reservation group crg-eastus2-zonal (zones 1, 3)");
});

test("a future reservation is not what was asked for, whatever its quantity", () => {
  const future = reservation("one", { quantity: 9, reservationState: "Approved" });
  const existing = [group("crg-x", { reservations: [future] })];

  const planned = plan({ slots: [slot("2"), slot("1")], wish: { group: "crg-x" }, existing });

  expect(planned.choices[1]).toMatchObject({ isThere: false, refused: { cause: "group" } });
  expect(planned.pursuit?.choices).toHaveLength(1);
});

function withUnits(allocated: string[], slots: Slot[]): AcquirePlan {
  const own = reservation("one", { quantity: 5, allocated });
  return plan({ slots, wish: { group: "crg-x" }, existing: [group("crg-x", { reservations: [own] })] });
}

test("the units of an alternative count only while nobody uses them", () => {
  const slots = [slot("2"), slot("1")];

  const used = withUnits(["/vm1", "/vm2"], slots);
  const free = withUnits(["/vm1"], slots);

  expect(used.choices[1]).toMatchObject({
    isThere: false,
    refused: {
      cause: "in use",
      text: "reservation one has 5 units now, used by 2 VMs, so --quantity asks for nothing more",
    },
  });
  expect(used.pursuit?.choices.map(({ name }) => name)).toEqual(["4 x Standard_D4s_v5 in eastus2 zone 2"]);
  expect(free).toMatchObject({ choices: [{ isThere: false }, { isThere: true }], steps: [] });
});

test("the quantity of the first choice is the whole one, and what is used is warned of", () => {
  const planned = withUnits(["/vm1", "/vm2"], [slot("1"), slot("2")]);

  expect(planned).toMatchObject({ choices: [{ isThere: true }, { isThere: false }], steps: [] });
  expect(planned.warnings.map(({ text }) => text)).toEqual([
    "5 units now, used by 2 VMs, and --quantity counts them, too",
  ]);
});
