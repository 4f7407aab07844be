import { AzureError, type AzureErrorDetail } from "../../src/azure/azure-error.ts";
import type { ErrorKind } from "../../src/errors.ts";
import { pursuePlan } from "../../src/plan/pursue.ts";
import type { PursueOptions } from "../../src/plan/pursuit-state.ts";
import type { Pursuit, PursuitReport } from "../../src/plan/pursuit.ts";
import { memoryJournal, planOf, step, type FakeArm } from "./fake-arm.ts";

export const MINUTE = 60_000;
export const leaves = {
  subject: "s",
  text: "nothing",
  because: [],
  when: { path: "/subscriptions/s/s", apiVersion: "1", exists: true, fields: {} },
};

/** Choices "a" and "b": each makes something, then raises it. */
const steps = ["a", "b"].flatMap((name) => [
  step(`${name}-make`),
  step(`${name}-raise`, { kind: "raise", dependsOn: [`${name}-make`] }),
]);
export const choices = ["a", "b"].map((name) => ({ name, steps: [`${name}-make`, `${name}-raise`], leaves }));

export function refusal(
  code?: string,
  detail: AzureErrorDetail & { kind?: ErrorKind; message?: string } = {},
): AzureError {
  const { kind = "failed", message = "no", ...rest } = detail;
  return new AzureError(kind, message, { ...(code === undefined ? {} : { code }), ...rest });
}

/** The nth raises of a choice are refused; those after them are granted. */
export function refuse(arm: FakeArm, name: string, ...errors: AzureError[]): void {
  arm.script.set(
    `${name}-raise`,
    errors.map((error) => ({ acts: false, error })),
  );
}

export interface Ended {
  pursuit: PursuitReport;
  statuses: string[];
  said: string[];
  /** Minutes after the start at which each raise began. */
  raisedAt: string[];
}

export async function run(
  arm: FakeArm,
  pursuit: Partial<Pursuit> = {},
  more: Partial<PursueOptions> = {},
): Promise<Ended> {
  const whole = {
    everyMs: 10 * MINUTE,
    forMs: 60 * MINUTE,
    because: [],
    look: "look",
    choices,
    ...pursuit,
  };
  let turn = 0;
  const said: string[] = [];
  const raisedAt: string[] = [];
  const change = arm.change.bind(arm);
  const start = arm.clock.now().getTime();
  arm.change = async (request, options) => {
    if (request.path.endsWith("raise")) {
      raisedAt.push(`${request.path.at(-7)} ${Math.round((arm.clock.now().getTime() - start) / MINUTE)}`);
    }
    return change(request, options);
  };
  const ids = new Set(whole.choices.flatMap((each) => each.steps));
  const ended = await pursuePlan(planOf(...steps.filter(({ id }) => ids.has(id))), whole, {
    arm,
    clock: arm.clock,
    journal: memoryJournal(arm.events),
    concurrency: 8,
    signal: new AbortController().signal,
    onProgress: () => {},
    stop: new AbortController().signal,
    random: () => (turn = (turn + 0.29) % 1),
    say: (text) => said.push(text),
    soFar: undefined,
    ...more,
  });
  const statuses = ended.outcomes.map(({ step: { id }, status, note }) =>
    [id, status, note].filter((each) => each !== undefined).join(" "),
  );
  return { pursuit: ended.pursuit, statuses, said, raisedAt };
}

export const shortage = (): AzureError => refusal("ZonalAllocationFailed");
