import fc from "fast-check";
import { expect, test } from "vitest";
import { AzureError } from "../../src/azure/azure-error.ts";
import { executePlan, type StepOutcome } from "../../src/plan/execute.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { createFakeArm, memoryJournal, planOf, step } from "./fake-arm.ts";

interface Scenario {
  plan: Plan;
  failing: ReadonlySet<string>;
  durations: number[];
  concurrency: number;
  /** The user stops the run when this many changes have begun; far away means never. */
  stopAfter: number;
}

/** Single steps and stop-join-start chains; each part builds on some of the parts before it. */
const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    parts: fc.array(fc.record({ chain: fc.boolean(), on: fc.array(fc.nat(5), { maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 6,
    }),
    failing: fc.array(fc.nat(17), { maxLength: 3 }),
    durations: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 18, maxLength: 18 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    stopAfter: fc.oneof(fc.nat(8), fc.constant(99)),
  })
  .map(({ parts, failing, ...rest }) => {
    const ends: string[] = [];
    const steps = parts.flatMap(({ chain, on }, index) => {
      const dependsOn = [...new Set(on.filter((each) => each < index).map((each) => ends[each] ?? ""))];
      ends.push(chain ? `start${index}` : `single${index}`);
      if (!chain) return [step(`single${index}`, { dependsOn })];
      return [
        step(`stop${index}`, { dependsOn }),
        step(`join${index}`, { dependsOn: [`stop${index}`] }),
        step(`start${index}`, { dependsOn: [`join${index}`], mustFollow: `stop${index}` }),
      ];
    });
    const names = failing.map((each) => steps[each]?.id ?? "").filter((id) => !id.startsWith("start"));
    return { ...rest, plan: planOf(...steps), failing: new Set(names) };
  });

interface Ran {
  outcomes: StepOutcome[];
  /** What the journal and the service were told, in order. */
  events: string[];
  mostAtOnce: number;
  /** The place in the events from which on nothing new may begin. */
  haltedAt: number;
}

async function run({ plan, failing, durations, concurrency, stopAfter }: Scenario): Promise<Ran> {
  const arm = createFakeArm();
  const { events } = arm;
  let [underWay, mostAtOnce, stoppedAt] = [0, 0, Number.POSITIVE_INFINITY];
  const steps = plan.steps.map(({ id }) => id);
  arm.durationMs = (id) => (durations[steps.indexOf(id)] ?? 1) * 1000;
  for (const id of failing) arm.script.set(id, [{ acts: false, error: new AzureError("failed", "no") }]);
  const change = arm.change.bind(arm);
  arm.change = async (request, options) => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    await change(request, options).finally(() => (underWay -= 1));
  };
  const outcomes = await executePlan(plan, {
    arm,
    clock: arm.clock,
    journal: memoryJournal(events),
    concurrency,
    signal: new AbortController().signal,
    stopRequested() {
      const stops = events.filter((event) => event.startsWith("sent")).length >= stopAfter;
      if (stops) stoppedAt = Math.min(stoppedAt, events.length);
      return stops;
    },
    onProgress: () => {},
  });
  const failedAt = events.findIndex((event) => event.startsWith("failed"));
  return {
    outcomes,
    events,
    mostAtOnce,
    haltedAt: Math.min(stoppedAt, failedAt < 0 ? events.length : failedAt),
  };
}

test("a step begins only when everything it depends on is done, unless it ends an outage", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { events, haltedAt } = await run(scenario);

      for (const { id, dependsOn, mustFollow } of scenario.plan.steps) {
        const begins = events.indexOf(`sent ${id}`);
        if (begins < 0 || (mustFollow !== undefined && begins >= haltedAt)) continue;
        const before = events.slice(0, begins);
        expect(before).toEqual(expect.arrayContaining(dependsOn.map((each) => `done ${each}`)));
      }
    }),
  );
});

test("never more changes are under way than the limit allows", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { mostAtOnce } = await run(scenario);

      expect(mostAtOnce).toBeLessThanOrEqual(scenario.concurrency);
    }),
  );
});

test("after the first failure, or a stop, only steps that must follow a begun one begin", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { events, haltedAt } = await run(scenario);

      const late = events.slice(haltedAt).filter((event) => event.startsWith("sent"));
      expect(late.filter((event) => !event.startsWith("sent start"))).toEqual([]);
    }),
  );
});

test("everything begun has ended when the run is over, and each step is reported as it went", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { events, outcomes } = await run(scenario);

      const expected = scenario.plan.steps.map(({ id }) => {
        if (!events.includes(`sent ${id}`)) return { id, status: "not tried" };
        return { id, status: scenario.failing.has(id) ? "failed" : "done" };
      });
      expect(outcomes.map(({ step: { id }, status }) => ({ id, status }))).toEqual(expected);
      const ends = expected.filter(({ status }) => status !== "not tried");
      expect(events).toEqual(expect.arrayContaining(ends.map(({ id, status }) => `${status} ${id}`)));
    }),
  );
});

test("a step that must follow another runs after it whatever fails or is stopped in between", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { events } = await run(scenario);

      for (const { id, mustFollow } of scenario.plan.steps) {
        if (mustFollow === undefined || !events.includes(`sent ${mustFollow}`)) continue;
        const begins = events.indexOf(`sent ${id}`);
        expect(begins).toBeGreaterThan(events.indexOf(`end ${mustFollow}`));
        expect(begins).toBeGreaterThan(events.indexOf(`end ${mustFollow.replace("stop", "join")}`));
      }
    }),
  );
});

test("without failure and stop every step is done", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { outcomes } = await run({ ...scenario, failing: new Set(), stopAfter: 99 });

      expect(outcomes.map(({ status }) => status)).toEqual(scenario.plan.steps.map(() => "done"));
    }),
  );
});
