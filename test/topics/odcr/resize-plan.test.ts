import { expect, test } from "vitest";
import type { CapacityReservation } from "../../../src/azure/ports.ts";
import { SlotWord } from "../../../src/topics/odcr/flags.ts";
import { planResize, type ResizePlan, type ResizeWish } from "../../../src/topics/odcr/resize-plan.ts";
import { group, reservation, vmId } from "./builders.ts";

/** Four units, two of them in use, and a third member that is deallocated. */
const ZONE_1 = reservation("Zone1_D4s_v5", {
  quantity: 4,
  associated: ["a", "b", "c"].map(vmId),
  allocated: ["a", "b"].map(vmId),
});
const ZONE_2 = reservation("Zone2_E8s_v5", { zone: "2", size: "Standard_E8s_v5", quantity: 1 });

function plan(wish: Partial<ResizeWish> & { quantity: number }, reservations = [ZONE_1]): ResizePlan {
  return planResize(group("crg", { reservations }), { slot: {}, release: false, ...wish });
}

function texts({ warnings }: ResizePlan): string[] {
  return warnings.map(({ text }) => text);
}

test.each<[string, number, CapacityReservation, string[], string[]]>([
  [
    "a raise says what it takes",
    6,
    ZONE_1,
    ["Raise Zone1_D4s_v5 from 4 to 6"],
    ["2 units beyond what runs: Azure has to find new hardware, and may refuse"],
  ],
  [
    "a raise over what runs already takes nothing",
    2,
    { ...ZONE_1, quantity: 0 },
    ["Raise Zone1_D4s_v5 from 0 to 2"],
    ["3 VMs are associated; if all start, the slot is overallocated"],
  ],
  [
    "a lower quantity says what is given up",
    3,
    ZONE_1,
    ["Lower Zone1_D4s_v5 from 4 to 3"],
    ["1 unit given up; having them again needs free hardware then"],
  ],
  ["the same quantity is nothing to do", 4, ZONE_1, [], []],
])("%s", (_, quantity, reserved, titles, warnings) => {
  const made = plan({ quantity }, [reserved]);

  expect(made.steps.map(({ title }) => title)).toEqual(titles);
  expect(texts(made)).toEqual(warnings);
});

test("below what is in use only --release goes, and says what is lost", () => {
  expect(() => plan({ quantity: 1 })).toThrow(
    expect.objectContaining({
      kind: "usage",
      message:
        "2 VMs use Zone1_D4s_v5: with a quantity of 1, 1 of them loses its protection, and nobody can say which",
      hint: "use --quantity 2 or more, or --release",
    }),
  );
  const made = plan({ quantity: 1, release: true });
  expect(made.steps.map(({ title }) => title)).toEqual(["Lower Zone1_D4s_v5 from 4 to 1"]);
  expect(texts(made)[1]).toBe("2 VMs use it: 1 of them loses its protection, and nobody can say which");
});

test.each([
  [false, 2],
  [true, 1],
])("right before it is sent nobody may have joined (--release %s to %s)", (release, quantity) => {
  const [step] = plan({ quantity, release }).steps;

  // Two VMs use it now; without --release no more may, and with it no more than were shown.
  expect(Object.keys(step?.needs?.fields ?? {}).at(-1)).toMatch(/ <= `2`$/);
  expect(step?.needs?.query).toEqual({ $expand: "instanceView" });
});

test.each<[string, string]>([
  ["zone=2", "Zone2_E8s_v5"],
  ["size=e8s_v5", "Zone2_E8s_v5"],
  ["size=Standard_D4s_v5,zone=1", "Zone1_D4s_v5"],
  ["zone1_d4s_v5", "Zone1_D4s_v5"],
])("--slot %s is %s", (text, name) => {
  const slot = SlotWord.parse(text);

  expect(plan({ slot, quantity: 9 }, [ZONE_1, ZONE_2]).reservation.name).toBe(name);
});

test.each([
  ["zone=4x"],
  ["zone="],
  ["region=eastus"],
  ["zone=1,size"],
  ["zone=1=2"],
  ["zone=1,zone=2"],
  ["size=a,zone=1,size=a"],
])("--slot %s is refused", (text) => {
  expect(SlotWord.safeParse(text).success).toBe(false);
});

test.each<[string, ResizeWish["slot"], CapacityReservation[], string]>([
  ["nothing", { zone: "3" }, [ZONE_1, ZONE_2], "no reservation of group crg fit"],
  ["several", {}, [ZONE_1, ZONE_2], "several reservations of group crg fit"],
  ["an empty group", {}, [], "group crg has no reservation"],
])("a slot that fits %s is refused", (_, slot, reservations, message) => {
  expect(() => plan({ slot, quantity: 1 }, reservations)).toThrow(
    expect.objectContaining({ kind: "usage", message }),
  );
});

test("a reservation that changes just now is left alone, a failed one may be set back", () => {
  expect(() => plan({ quantity: 5 }, [{ ...ZONE_1, provisioningState: "Updating" }])).toThrow("is Updating");
  const failed = { ...ZONE_1, provisioningState: "Failed" };
  expect(plan({ quantity: 4 }, [failed]).steps.map(({ title }) => title)).toEqual([
    "Set Zone1_D4s_v5 to its quantity of 4 again",
  ]);
});

test("a future reservation, and a group that is not Targeted, are never changed", () => {
  const future = { ...ZONE_1, reservationState: "Live" };

  expect(() => plan({ quantity: 5 }, [future])).toThrow("is a future one, which is never changed here");
  const open = group("crg", { reservations: [ZONE_1], reservationType: "Open" });
  expect(() => planResize(open, { slot: {}, quantity: 5, release: false })).toThrow("is of type Open");
});
