import fc from "fast-check";
import { expect, test } from "vitest";
import type { CapacityReservationGroup, VirtualMachine } from "../../../src/azure/ports.ts";
import type { Step } from "../../../src/plan/plan.ts";
import { nameOf, sameId } from "../../../src/resource-id.ts";
import { planAttach } from "../../../src/topics/odcr/plan.ts";
import type { AttachOptions } from "../../../src/topics/odcr/plan-verdict.ts";
import { group, groupId, machine, offer, reservation, state } from "./builders.ts";

const ZONAL = "crg-eastus2-zonal";
const REGIONAL = "crg-eastus2-regional";
const SIZES = ["Standard_D4s_v5", "Standard_E8s_v5"];
const OFFERS = SIZES.map((size) => offer({ size, restrictedZones: ["3"] }));

const machines = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
    zone: fc.constantFrom("1", "2", "3", undefined),
    size: fc.constantFrom(...SIZES),
    power: fc.constantFrom(
      "running" as const,
      "stopped" as const,
      "deallocated" as const,
      "starting" as const,
    ),
    inGroup: fc.constantFrom("none", "none", "target", "other"),
    spot: fc.constantFrom(false, false, false, true),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 8 },
);
const quantities = fc.record({ exists: fc.boolean(), quantity: fc.integer({ min: 0, max: 6 }) });
const anyOptions = fc.record({
  cover: fc.constantFrom("running" as const, "all" as const),
  allowRestart: fc.boolean(),
  move: fc.boolean(),
});

type Drawn = typeof machines extends fc.Arbitrary<infer T> ? T : never;

function build(
  drawn: Drawn,
  { exists, quantity }: { exists: boolean; quantity: number },
): {
  machines: VirtualMachine[];
  groups: CapacityReservationGroup[];
} {
  const built = drawn.map(({ name, zone, size, power, inGroup, spot }) => {
    const target = groupId(zone === undefined ? REGIONAL : ZONAL);
    const joined = { none: undefined, target: exists ? target : undefined, other: groupId("other") };
    return machine(name, { zone, size, power, spot, groupId: joined[inGroup as keyof typeof joined] });
  });
  const groups = exists ? [group(ZONAL), group(REGIONAL, { zones: [] })] : [];
  const withReservations = groups.map((each) => ({
    ...each,
    reservations: reservationsFor(each, built, quantity),
  }));
  return { machines: built, groups: [...withReservations, group("other")] };
}

function reservationsFor(crg: CapacityReservationGroup, built: VirtualMachine[], quantity: number) {
  const zones = crg.zones.length === 0 ? [undefined] : ["1", "2"];
  return zones.map((zone) => {
    const members = built.filter(
      (each) => sameId(each.groupId, crg.id) && each.zone === zone && each.size === SIZES[0],
    );
    const allocated = members.filter(({ power }) => power === "running" || power === "stopped");
    return reservation(zone === undefined ? "Regional_D4s_v5" : `Zone${zone}_D4s_v5`, {
      id: `${crg.id}/capacityReservations/r${zone ?? ""}`,
      zone,
      quantity,
      associated: members.map(({ id }) => id),
      allocated: allocated.map(({ id }) => id),
    });
  });
}

/** What the estate looks like once every step has been done. */
function applySteps(
  steps: readonly Step[],
  before: { machines: VirtualMachine[]; groups: CapacityReservationGroup[] },
) {
  const after = structuredClone(before);
  for (const step of steps) {
    const body = step.request.body as Record<string, never> | undefined;
    if (step.kind === "associate") {
      const found = after.machines.find(({ id }) => id === step.resource);
      if (found)
        found.groupId = (step.expect.fields as Record<string, string>)[
          Object.keys(step.expect.fields)[0] ?? ""
        ];
    } else if (step.kind === "raise") {
      const found = after.groups
        .flatMap(({ reservations }) => reservations)
        .find(
          ({ id, name }) =>
            sameId(id, step.resource) ||
            (step.resource.startsWith(groupId("")) && name === nameOf(step.resource)),
        );
      if (found) found.quantity = (body as unknown as { sku: { capacity: number } }).sku.capacity;
    } else if (step.kind === "create" && step.resource.includes("/capacityReservations/")) {
      const made = body as unknown as { sku: { name: string }; zones?: string[] };
      const owner = after.groups.find(({ id }) =>
        sameId(id, step.resource.split("/capacityReservations/")[0]),
      );
      owner?.reservations.push(
        reservation(nameOf(step.resource), { id: step.resource, zone: made.zones?.[0], size: made.sku.name }),
      );
    } else if (step.kind === "create") {
      const made = body as unknown as { zones?: string[] };
      after.groups.push(group(nameOf(step.resource), { zones: made.zones ?? [] }));
    }
  }
  return after;
}

function plan(
  estate: { machines: VirtualMachine[]; groups: CapacityReservationGroup[] },
  options: AttachOptions,
) {
  return planAttach(state({ ...estate, offers: OFFERS }), options);
}

const cases = [machines, quantities, anyOptions] as const;

test("a quantity is never lowered", () => {
  fc.assert(
    fc.property(...cases, (drawn, quantity, options) => {
      const { slots, steps } = plan(build(drawn, quantity), options);

      for (const { quantity: each } of slots) expect(each.planned).toBeGreaterThanOrEqual(each.now);
      for (const step of steps.filter(({ kind }) => kind === "raise")) {
        const [, from, to] = /from (\d+) to (\d+)$/.exec(step.title) ?? [];
        expect(Number(to)).toBeGreaterThan(Number(from));
      }
    }),
  );
});

test("nothing is stopped without the flag", () => {
  fc.assert(
    fc.property(...cases, (drawn, quantity, options) => {
      const { steps } = plan(build(drawn, quantity), { ...options, allowRestart: false });

      expect(
        steps.filter(({ kind, impact }) => kind === "stop" || kind === "start" || impact !== "none"),
      ).toEqual([]);
    }),
  );
});

test("planning again after applying gives an empty plan", () => {
  fc.assert(
    fc.property(...cases, (drawn, quantity, options) => {
      const before = build(drawn, quantity);

      const after = applySteps(plan(before, options).steps, before);

      expect(plan(after, options).steps.map(({ title }) => title)).toEqual([]);
    }),
  );
});

test("the order of VMs does not matter", () => {
  fc.assert(
    fc.property(...cases, (drawn, quantity, options) => {
      const estate = build(drawn, quantity);
      const reversed = { ...estate, machines: [...estate.machines].reverse() };

      expect(plan(reversed, options)).toEqual(plan(estate, options));
    }),
  );
});

test("every stop has a start that must follow it, and comes after its unit was acquired", () => {
  fc.assert(
    fc.property(...cases, (drawn, quantity, options) => {
      const { steps } = plan(build(drawn, quantity), { ...options, allowRestart: true });

      for (const stop of steps.filter(({ kind }) => kind === "stop")) {
        const start = steps.find(({ mustFollow }) => mustFollow === stop.id);
        expect(start?.resource).toBe(stop.resource);
        for (const id of stop.dependsOn) {
          expect(steps.findIndex((each) => each.id === id)).toBeLessThan(steps.indexOf(stop));
        }
      }
    }),
  );
});

test("step ids are unique and every dependency exists", () => {
  fc.assert(
    fc.property(...cases, (drawn, quantity, options) => {
      const { steps } = plan(build(drawn, quantity), options);
      const ids = new Set(steps.map(({ id }) => id));

      expect(ids.size).toBe(steps.length);
      for (const step of steps) for (const id of step.dependsOn) expect(ids.has(id)).toBe(true);
    }),
  );
});
