import type { AzureError } from "../../src/azure/azure-error.ts";
import type { ArmPort, ArmRequest, Clock } from "../../src/azure/ports.ts";
import type { Json, JsonObject } from "../../src/json.ts";
import type { Journal } from "../../src/plan/journal.ts";
import type { Plan, Step } from "../../src/plan/plan.ts";
import { createClock } from "../../src/sandbox/clock.ts";
import { NOW, SUBSCRIPTION } from "../harness.ts";

/** A clock that jumps to whoever wakes next. */
export function jumpingClock(): Clock {
  let offsetMs = 0;
  return createClock({
    realNow: () => NOW,
    offsetMs: () => offsetMs,
    jumpTo: (ms) => void (offsetMs = ms),
    isBusy: () => false,
  });
}

export interface FakeArm extends ArmPort {
  clock: Clock;
  /** By path; a change merges its body into the resource. */
  resources: Map<string, JsonObject>;
  /** "begin a", "end a" and "read a", in order. */
  events: string[];
  /** What happens to the changes of a resource, one after the other; then all succeed. */
  script: Map<string, Scripted[]>;
  durationMs: (id: string) => number;
}

export interface Scripted {
  /** Whether the change takes effect. */
  acts: boolean;
  error?: AzureError | Error;
  /** Left behind beside the body of the request. */
  leaves?: JsonObject;
}

/** Resource Manager as an executor sees it, with an outcome per request chosen by the test. */
export function createFakeArm(): FakeArm {
  const clock = jumpingClock();
  const arm: FakeArm = {
    clock,
    resources: new Map(),
    events: [],
    script: new Map(),
    durationMs: () => 1000,
    async read({ path }): Promise<Json | undefined> {
      arm.events.push(`read ${idOf(path)}`);
      return structuredClone(arm.resources.get(path));
    },
    async change(request) {
      const id = idOf(request.path);
      arm.events.push(`begin ${id}`);
      await clock.sleep(arm.durationMs(id));
      arm.events.push(`end ${id}`);
      const next = arm.script.get(id)?.shift() ?? { acts: true };
      act(arm, request, next);
      if (next.error) throw next.error;
    },
  };
  return arm;
}

function act(arm: FakeArm, { path, body = {} }: ArmRequest, { acts, leaves }: Scripted): void {
  const effect = { ...(acts ? body : {}), ...leaves };
  if (Object.keys(effect).length > 0) arm.resources.set(path, { ...arm.resources.get(path), ...effect });
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A step that sets its own resource's value to 1. */
export function step(id: string, more: Partial<Step> = {}): Step {
  const path = `/subscriptions/s/${id}`;
  return {
    id,
    title: `Set ${id}`,
    kind: "create",
    resource: path,
    saw: [],
    request: { method: "PUT", path, apiVersion: "1", body: { value: 1 } },
    expect: { path, apiVersion: "1", exists: true, fields: { value: 1 } },
    because: [],
    impact: "none",
    dependsOn: [],
    ...more,
  };
}

export function planOf(...steps: Step[]): Plan {
  return {
    formatVersion: 2,
    command: "azwise test",
    target: {
      cloud: "sandbox",
      tenantId: "a0000000-0000-4000-8000-00000000000a",
      subscriptionIds: [
        ...new Set([SUBSCRIPTION, ...steps.map(({ request }) => request.path.split("/")[2] ?? "")]),
      ],
    },
    createdBy: "azwise 0.1.0 on 2026-11-21T08:00:00.000Z",
    steps,
    warnings: [],
    refusals: [],
  };
}

/** A journal in memory: "sent a", "done a", "failed a". */
export function memoryJournal(lines: string[] = []): Journal & { lines: string[] } {
  return {
    id: "20261121T080000-00000000",
    lines,
    async append(entry) {
      if (entry.type === "sent") lines.push(`sent ${entry.step}`);
      if (entry.type === "answered") lines.push(`${entry.outcome} ${entry.step}`);
    },
    owing: {
      async owe(after) {
        lines.push(`owe ${after}`);
      },
      async settle(after) {
        lines.push(`settle ${after}`);
      },
      async settleAll() {},
    },
    async close() {},
  };
}
