import fc from "fast-check";
import { expect, test } from "vitest";
import { planAttach, type AttachPlan } from "../../../src/topics/odcr/plan.ts";
import { group, machine, options, reservation, state, vmId } from "./builders.ts";

const CRG = "crg-eastus2-zonal";

function quantities({ slots }: AttachPlan): [string, number][] {
  return slots.map(({ reservationName, quantity }) => [reservationName, quantity.planned]);
}

function pool(zones: string): ReturnType<typeof machine>[] {
  return [...zones].map((zone, index) => machine(`web-${index + 1}`, { zone }));
}

test("a minimum is spread evenly over zones, the one with most running VMs first; all of the pool join", () => {
  const plan = planAttach(state({ machines: pool("1222233") }), options({ minimum: 4 }));

  expect(quantities(plan)).toEqual([
    ["Zone1_D4s_v5", 1],
    ["Zone2_D4s_v5", 2],
    ["Zone3_D4s_v5", 1],
  ]);
  expect(plan.steps.filter(({ kind }) => kind === "associate")).toHaveLength(7);
  expect(plan.warnings).toEqual([
    {
      subject: "eastus2 zone 2 Standard_D4s_v5",
      text: "2 units for 4 members: those that start first are protected, the other 2 not",
      because: ["odcr/scale-out-minimum", "odcr/overallocation-first-come"],
    },
    {
      subject: "eastus2 zone 3 Standard_D4s_v5",
      text: "1 unit for 2 members: those that start first are protected, the other 1 not",
      because: ["odcr/scale-out-minimum", "odcr/overallocation-first-come"],
    },
  ]);
});

test("a slot that gets no unit still takes its VMs in, and is not raised", () => {
  const plan = planAttach(state({ machines: pool("12") }), options({ minimum: 1 }));

  expect(plan.steps.map(({ title }) => title).filter((title) => !title.startsWith("Create"))).toEqual([
    "Associate web-1 with crg-eastus2-zonal while it runs",
    "Raise Zone1_D4s_v5 from 0 to 1",
    "Associate web-2 with crg-eastus2-zonal while it runs",
  ]);
});

test("units that are there count, and no quantity is lowered", () => {
  const held = reservation("Zone1_D4s_v5", { quantity: 5 });
  const groups = [group(CRG, { reservations: [held] })];

  const plan = planAttach(state({ machines: pool("11112"), groups }), options({ minimum: 3 }));

  expect(quantities(plan)).toEqual([
    ["Zone1_D4s_v5", 5],
    ["Zone2_D4s_v5", 0],
  ]);
  expect(plan.steps.some(({ kind }) => kind === "raise")).toBe(false);
});

test("free units are no reason to restart more than the minimum, and they count as what they are", () => {
  const held = reservation("Regional_D4s_v5", { zone: undefined, quantity: 2 });
  const groups = [group("crg-eastus2-regional", { zones: [], reservations: [held] })];
  const machines = ["a", "b", "c"].map((name) => machine(name, { zone: undefined }));
  const spares = ["d", "e"].map((name) => machine(name, { zone: undefined, power: "deallocated" }));

  const plan = planAttach(
    state({ machines: [...machines, ...spares], groups }),
    options({ minimum: 1, allowRestart: true }),
  );

  expect(plan.steps.filter(({ kind }) => kind === "stop").map(({ title }) => title)).toEqual([
    "Deallocate a",
  ]);
  expect(quantities(plan)).toEqual([["Regional_D4s_v5", 2]]);
  expect(plan.warnings[0]?.text).toBe(
    "2 units for 3 members: those that start first are protected, the other 1 not",
  );
});

test("what VMs outside the selection hold is reserved beside the minimum", () => {
  const held = reservation("Zone1_D4s_v5", { quantity: 2, allocated: [vmId("db-1"), vmId("db-2")] });
  const groups = [group(CRG, { reservations: [held] })];

  const plan = planAttach(state({ machines: pool("111"), groups }), options({ minimum: 1 }));

  expect(quantities(plan)).toEqual([["Zone1_D4s_v5", 3]]);
});

test("running VMs are covered before new hardware is asked for, and that comes last", () => {
  const machines = [...pool("12"), machine("spare", { zone: "1", power: "deallocated" })];

  const plan = planAttach(state({ machines }), options({ minimum: 3 }));

  expect(plan.steps.filter(({ kind }) => kind === "raise").map(({ title }) => title)).toEqual([
    "Raise Zone1_D4s_v5 from 0 to 1",
    "Raise Zone1_D4s_v5 from 1 to 2",
    "Raise Zone2_D4s_v5 from 0 to 1",
  ]);
});

test("no VM is restarted for more than the minimum", () => {
  const machines = ["a", "b", "c"].map((name) => machine(name, { zone: undefined }));

  const plan = planAttach(state({ machines }), options({ minimum: 2, allowRestart: true }));

  expect(plan.slots[0]?.verdicts.map(({ action }) => action)).toEqual(["restart", "restart", "not needed"]);
  expect(plan.steps.filter(({ kind }) => kind === "stop").map(({ title }) => title)).toEqual([
    "Deallocate a",
    "Deallocate b",
  ]);
  expect(quantities(plan)).toEqual([["Regional_D4s_v5", 2]]);
});

test("no VM is restarted while one that need not be can have the unit", () => {
  const machines = [...pool("11"), machine("old", { zone: undefined })];

  const plan = planAttach(state({ machines }), options({ minimum: 2, allowRestart: true }));

  expect(quantities(plan)).toEqual([
    ["Regional_D4s_v5", 0],
    ["Zone1_D4s_v5", 2],
  ]);
});

test("a minimum that too few VMs can join for is said not to be reached", () => {
  const machines = [...pool("1"), machine("bid", { spot: true })];

  expect(planAttach(state({ machines }), options({ minimum: 2 })).warnings).toEqual([
    {
      subject: "minimum 2",
      text: "only 1 of the selected VMs can join, so the minimum is not reached",
      because: ["odcr/scale-out-minimum"],
    },
  ]);
});

const anyMachine = fc.record({
  zone: fc.constantFrom("1", "2", "3", undefined),
  power: fc.constantFrom("running" as const, "stopped" as const, "deallocated" as const),
});

test("whatever the pool, its new reservations sum up to the minimum, or to all that can join", () => {
  fc.assert(
    fc.property(
      fc.array(anyMachine, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      (drawn, minimum, allowRestart) => {
        const machines = drawn.map((each, index) => machine(`m${index}`, each));

        const all = planAttach(state({ machines }), options({ allowRestart, cover: "all" }));
        const some = planAttach(state({ machines }), options({ allowRestart, minimum }));

        const sum = (plan: AttachPlan): number =>
          plan.slots.reduce((total, { quantity }) => total + quantity.planned, 0);
        expect(sum(some)).toBe(Math.min(minimum, sum(all)));
        for (const { quantity, verdicts } of some.slots) {
          const restarts = verdicts.filter(({ action }) => action === "restart").length;
          expect(restarts).toBeLessThanOrEqual(quantity.planned);
        }
      },
    ),
  );
});
