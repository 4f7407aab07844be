import { expect, test } from "vitest";
import { AzureError, type AzureErrorDetail } from "../../src/azure/azure-error.ts";
import type { ErrorKind } from "../../src/errors.ts";
import { firstOpening } from "../../src/plan/off-hours.ts";
import { pursuePlan, type PursueOptions, type PursuitReport } from "../../src/plan/pursue.ts";
import type { Pursuit } from "../../src/plan/pursuit.ts";
import { createFakeArm, memoryJournal, planOf, step, type FakeArm } from "./fake-arm.ts";

const MINUTE = 60_000;
const leaves = { subject: "s", text: "nothing", because: [] };

/** Choices "a" and "b": each makes something, then raises it. */
const steps = ["a", "b"].flatMap((name) => [
  step(`${name}-make`),
  step(`${name}-raise`, { kind: "raise", dependsOn: [`${name}-make`] }),
]);
const choices = ["a", "b"].map((name) => ({ name, steps: [`${name}-make`, `${name}-raise`], leaves }));

function refusal(code?: string, detail: AzureErrorDetail & { kind?: ErrorKind } = {}): AzureError {
  const { kind = "failed", ...rest } = detail;
  return new AzureError(kind, "no", { ...(code === undefined ? {} : { code }), ...rest });
}

/** The nth raises of a choice are refused; those after them are granted. */
function refuse(arm: FakeArm, name: string, ...errors: AzureError[]): void {
  arm.script.set(
    `${name}-raise`,
    errors.map((error) => ({ acts: false, error })),
  );
}

interface Ended {
  pursuit: PursuitReport;
  statuses: string[];
  said: string[];
  /** Minutes after the start at which each raise began. */
  raisedAt: string[];
}

async function run(
  arm: FakeArm,
  pursuit: Partial<Pursuit> = {},
  more: Partial<PursueOptions> = {},
): Promise<Ended> {
  const whole = { everyMs: 10 * MINUTE, forMs: 60 * MINUTE, choices, ...pursuit };
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
    stopRequested: () => more.stop?.aborted === true,
    onProgress: () => {},
    stop: new AbortController().signal,
    say: (text) => said.push(text),
    soFar: undefined,
    ...more,
  });
  const statuses = ended.outcomes.map(({ step: { id }, status, note }) =>
    [id, status, note].filter((each) => each !== undefined).join(" "),
  );
  return { pursuit: ended.pursuit, statuses, said, raisedAt };
}

const shortage = (): AzureError => refusal("ZonalAllocationFailed");

test("rounds go on until the first choice succeeds, and what was created is not created again", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", shortage(), shortage());
  refuse(arm, "b", shortage(), shortage());

  const { pursuit, statuses } = await run(arm);

  expect(pursuit).toMatchObject({
    end: "acquired",
    tries: 5,
    choices: [
      { name: "a", result: "acquired", tries: 3 },
      { name: "b", result: "refused", tries: 2, cause: "no free hardware", code: "ZonalAllocationFailed" },
    ],
  });
  expect(statuses).toEqual(["a-make done", "a-raise done", "b-make done", "b-raise failed"]);
  expect(arm.events.filter((event) => event === "begin a-make")).toHaveLength(1);
});

test("nothing is made for a choice whose turn never comes", async () => {
  const { statuses } = await run(createFakeArm());

  expect(statuses).toEqual([
    "a-make done",
    "a-raise done",
    "b-make not tried not needed",
    "b-raise not tried not needed",
  ]);
});

test("the pause is the interval, a fifth more or less, and the last try is just before the end", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", ...Array.from({ length: 99 }, shortage));

  const { pursuit, raisedAt } = await run(arm, { choices: choices.slice(0, 1) });

  const minutes = raisedAt.map((each) => Number(each.split(" ")[1]));
  const pauses = minutes.slice(1, -1).map((at, index) => at - (minutes[index] ?? 0));
  expect(pauses.every((each) => each >= 8 && each <= 13)).toBe(true);
  expect(minutes.at(-1)).toBe(60);
  expect(pursuit).toMatchObject({ end: "time up", tries: minutes.length });
});

test.each([
  ["OperationNotAllowed", {}, "quota"],
  ["QuotaExceeded", {}, "quota"],
  ["SkuNotAvailable", {}, "size not offered"],
  ["RequestDisallowedByPolicy", { status: 403 }, "restriction"],
  ["ScopeLocked", { status: 409 }, "restriction"],
  ["AuthorizationFailed", { status: 403, kind: "auth" }, "denied"],
  ["BadThing", { status: 400 }, "unknown"],
] as const)("%s rules its choice out, and the others go on", async (code, detail, cause) => {
  const arm = createFakeArm();
  refuse(arm, "a", refusal(code, detail));
  refuse(arm, "b", shortage());

  const { pursuit, raisedAt } = await run(arm);

  expect(pursuit.choices[0]).toMatchObject({ result: "ruled out", tries: 1, cause, code });
  expect(raisedAt.map((each) => each[0])).toEqual(["a", "b", "b"]);
  expect(pursuit.end).toBe("acquired");
});

test("once all are ruled out it ends at once", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", refusal("OperationNotAllowed"));
  refuse(arm, "b", refusal("SkuNotAvailable"));

  const { pursuit, said } = await run(arm);

  expect(pursuit).toMatchObject({ end: "ruled out", tries: 2 });
  expect(said).toEqual([
    "2026-11-21T08:00:02Z try 1: a: OperationNotAllowed (quota); not tried again; next: b",
    "2026-11-21T08:00:04Z try 2: b: SkuNotAvailable (size not offered); not tried again; no choice is left",
  ]);
});

test.each([
  ["a time limit", refusal("TooManyRequests", { kind: "timeout" })],
  ["a 503", refusal("ServerBusy", { status: 503 })],
  ["a lost connection", refusal("ECONNRESET")],
  ["no code at all", refusal()],
])("%s is passing trouble: logged, and tried again", async (_, error) => {
  const arm = createFakeArm();
  refuse(arm, "a", error);

  const { pursuit, said } = await run(arm, { choices: choices.slice(0, 1) });

  expect(pursuit).toMatchObject({ end: "acquired", tries: 2 });
  expect(said[0]).toMatch(/try 1: a: .* \(passing trouble\); next at \d\d:\d\d:\d\dZ$/);
});

test("a sign-in that ended stops it and rules nothing out", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", refusal("AADSTS700082", { kind: "auth" }));

  const { pursuit } = await run(arm);

  expect([pursuit.end, pursuit.choices[0]?.result]).toEqual(["stopped", "not tried"]);
});

test("a quantity that somebody changed stops it", async () => {
  const arm = createFakeArm();
  const raise = step("a-raise", {
    kind: "raise",
    saw: [{ ...step("a-raise").expect, fields: { value: 0 } }],
  });
  arm.resources.set(raise.resource, { value: 7 });
  const options = { arm, clock: arm.clock, journal: memoryJournal(), concurrency: 1 };
  const { signal } = new AbortController();

  const { pursuit } = await pursuePlan(
    planOf(raise),
    { everyMs: MINUTE, forMs: MINUTE, choices: [{ name: "a", steps: ["a-raise"], leaves }] },
    {
      ...options,
      signal,
      stop: signal,
      stopRequested: () => false,
      onProgress: () => {},
      say: () => {},
      soFar: undefined,
    },
  );

  expect(pursuit.end).toBe("stopped");
});

test("a choice is tried within its hours only, the others meanwhile", async () => {
  const arm = createFakeArm();
  // The sandbox's time is a Saturday morning in UTC; on that day all hours are open.
  await arm.clock.sleep(2 * 24 * 60 * MINUTE);
  const offHours = { timeZone: "UTC", fromHour: 9, toHour: 10 };
  refuse(arm, "b", ...Array.from({ length: 99 }, shortage));
  const [a, b] = choices as [(typeof choices)[0], (typeof choices)[0]];

  const { pursuit, raisedAt } = await run(arm, {
    forMs: 120 * MINUTE,
    choices: [{ ...a, offHours }, b],
  });

  expect(raisedAt[0]).toBe("b 0");
  expect(raisedAt.at(-1)).toBe("a 60");
  expect(pursuit.end).toBe("acquired");
});

test("hours that do not come before the end end it at once", async () => {
  const arm = createFakeArm();
  await arm.clock.sleep(2 * 24 * 60 * MINUTE);
  const offHours = { timeZone: "UTC", fromHour: 18, toHour: 7 };
  const now = arm.clock.now();
  expect(firstOpening(offHours, now, new Date(now.getTime() + 60 * MINUTE))).toBeUndefined();

  const { pursuit, raisedAt } = await run(arm, { choices: choices.map((each) => ({ ...each, offHours })) });

  expect([pursuit.end, pursuit.tries, raisedAt]).toEqual(["time up", 0, []]);
});

test("a stop ends a pause at once", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", shortage());
  refuse(arm, "b", shortage());
  const stopping = new AbortController();

  const { pursuit } = await run(
    arm,
    {},
    {
      stop: stopping.signal,
      onProgress: (text) => text?.startsWith("next try at") && stopping.abort(),
    },
  );

  expect([pursuit.end, pursuit.tries]).toEqual(["interrupted", 2]);
});

test("an earlier part of the run counts: its deadline, its tries, and what it ruled out", async () => {
  const arm = createFakeArm();
  refuse(arm, "b", ...Array.from({ length: 99 }, shortage));
  const at = "2026-11-21T07:40:00.000Z";
  const until = "2026-11-21T08:20:00.000Z";
  const tried = [
    {
      type: "tried" as const,
      at,
      choice: "a",
      result: "ruled out" as const,
      cause: "quota",
      code: "QuotaExceeded",
    },
    { type: "tried" as const, at, choice: "b", result: "again" as const, cause: "no free hardware" },
  ];

  const { pursuit, raisedAt } = await run(
    arm,
    {},
    {
      soFar: { started: at, until, tried },
      finished: new Set(["b-make"]),
      begun: new Map([["b-make", null], ["b-raise", null]]),
    },
  );

  expect(pursuit).toMatchObject({ end: "time up", started: at, until });
  expect(pursuit.choices[0]).toMatchObject({ result: "ruled out", tries: 1, cause: "quota" });
  expect(pursuit.choices[1]?.tries).toBe(raisedAt.length + 1);
  expect(raisedAt.at(-1)).toBe("b 20");
  expect(arm.events).not.toContain("begin b-make");
});
