import { expect, test } from "vitest";
import { firstOpening } from "../../src/plan/off-hours.ts";
import { pursuePlan } from "../../src/plan/pursue.ts";
import { createFakeArm, memoryJournal, planOf, step } from "./fake-arm.ts";
import { choices, leaves, MINUTE, refusal, refuse, run, shortage } from "./pursue-rig.ts";

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

test.each([
  [0, [0, 8, 16, 24]],
  [0.5, [0, 10, 20, 30]],
  [1, [0, 12, 24, 36]],
])("the pause varies by a fifth: at %d of it", async (part, minutes) => {
  const arm = createFakeArm();
  refuse(arm, "a", shortage(), shortage(), shortage());

  const { raisedAt } = await run(arm, { choices: choices.slice(0, 1) }, { random: () => part });

  expect(raisedAt).toEqual(minutes.map((each) => `a ${each}`));
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
  ["OperationNotAllowed", { message: "exceeding approved DSv5 Cores quota" }, "quota"],
  ["OperationNotAllowed", { message: "the resource is being moved" }, "unknown"],
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
  refuse(arm, "a", refusal("QuotaExceeded"));
  refuse(arm, "b", refusal("SkuNotAvailable"));

  const { pursuit, said } = await run(arm);

  expect(pursuit).toMatchObject({ end: "ruled out", tries: 2 });
  expect(said).toEqual([
    "2026-11-21T08:00:02Z try 1: a: QuotaExceeded (quota); not tried again; next: b",
    "2026-11-21T08:00:04Z try 2: b: SkuNotAvailable (size not offered); not tried again; no choice is left",
  ]);
});

test.each([
  ["a time limit", refusal("TooManyRequests", { kind: "timeout" })],
  ["a 503", refusal("ServerBusy", { status: 503 })],
  ["a lost connection", refusal("ECONNRESET")],
  ["a certificate", refusal("CERT_HAS_EXPIRED")],
  ["no code at all", refusal()],
])("%s is passing trouble: logged, and tried again", async (_, error) => {
  const arm = createFakeArm();
  refuse(arm, "a", error);

  const { pursuit, said } = await run(arm, { choices: choices.slice(0, 1) });

  expect(pursuit).toMatchObject({ end: "acquired", tries: 2 });
  expect(said[0]).toMatch(/try 1: a: .* \(passing trouble\); next at \d\d:\d\d:\d\dZ$/);
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
    {
      everyMs: MINUTE,
      forMs: MINUTE,
      because: [],
      look: "look",
      choices: [{ name: "a", steps: ["a-raise"], leaves }],
    },
    {
      ...options,
      signal,
      stop: signal,
      onProgress: () => {},
      say: () => {},
      random: () => 0,
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
  expect(arm.clock.now().getTime() - Date.parse(pursuit.started)).toBeLessThan(MINUTE);
});

test.each([false, true])(
  "nothing is sent after the time, also not within a try; uncertain: %s",
  async (uncertain) => {
    const arm = createFakeArm();
    const lost = refusal("ECONNRESET", { uncertain });
    const busy = refusal("Conflict", { status: 409 });
    refuse(arm, "a", lost, ...Array.from({ length: 9 }, () => busy));
    if (!uncertain) refuse(arm, "a", ...Array.from({ length: 9 }, () => busy));
    arm.durationMs = (id) => (id.endsWith("raise") ? 25_000 : 1000);

    const { pursuit, raisedAt, said } = await run(arm, { forMs: MINUTE, choices: choices.slice(0, 1) });

    expect(raisedAt).toEqual(uncertain ? ["a 0", "a 0"] : ["a 0", "a 1"]);
    expect(said.some((line) => line.includes("looked again"))).toBe(uncertain);
    expect(pursuit).toMatchObject({ end: "time up", tries: 1, choices: [{ cause: "passing trouble" }] });
  },
);
