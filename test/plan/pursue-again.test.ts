import { expect, test } from "vitest";
import type { JsonObject } from "../../src/json.ts";
import type { PursuitSoFar } from "../../src/plan/journal.ts";
import { createFakeArm } from "./fake-arm.ts";
import { choices, MINUTE, refusal, refuse, run, shortage } from "./pursue-rig.ts";

test("while it is not known whether a choice was granted no other is tried", async () => {
  const arm = createFakeArm();
  const timeout = refusal(undefined, { kind: "timeout", uncertain: true });
  refuse(arm, "a", timeout, timeout, shortage());

  const { pursuit, raisedAt } = await run(arm);

  expect(raisedAt.map((each) => each[0])).toEqual(["a", "a", "a", "b"]);
  expect(pursuit.choices).toMatchObject([
    { result: "refused", tries: 3 },
    { result: "acquired", tries: 1 },
  ]);
});

test("one that turns out to be granted ends it", async () => {
  const arm = createFakeArm();
  const change = arm.change.bind(arm);
  arm.change = async (request) => {
    await change(request);
    if (!request.path.endsWith("a-raise")) return;
    arm.resources.delete(request.path);
    void arm.clock.sleep(MINUTE).then(() => arm.resources.set(request.path, { value: 1 }));
    throw refusal(undefined, { kind: "timeout", uncertain: true });
  };

  const { pursuit, statuses } = await run(arm);

  expect([pursuit.end, pursuit.choices[0]?.tries]).toEqual(["acquired", 2]);
  expect(statuses.slice(1, 3)).toEqual(["a-raise done was already so", "b-make not tried not needed"]);
});

test("a step whose answer an earlier part never saw is tried first", async () => {
  const arm = createFakeArm();
  const [started, until] = ["2026-11-21T07:40:00.000Z", "2026-11-21T08:20:00.000Z"];
  refuse(arm, "b", shortage());

  const { raisedAt } = await run(
    arm,
    {},
    { soFar: { started, until, tried: [], unanswered: new Set(["b-raise"]) } },
  );

  expect(raisedAt.map((each) => each[0])).toEqual(["b", "a"]);
});

test.each([
  ["a sign-in that ended", refusal("AADSTS700082", { kind: "auth" })],
  ["a poll that is sent to a foreign host", refusal("ForeignHost")],
])("%s stops it, and what was under way then is asked about first by resume", async (_, error) => {
  const arm = createFakeArm();
  refuse(arm, "a", error);

  const { pursuit, said } = await run(arm);

  expect([pursuit.end, pursuit.choices[0]?.result]).toEqual(["stopped", "unsure"]);
  expect(said).toEqual([expect.stringMatching(/try 1: a: .* \(passing trouble\); stopped$/)]);
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
      cause: "quota" as const,
      code: "QuotaExceeded",
    },
    {
      type: "tried" as const,
      at,
      choice: "b",
      result: "refused" as const,
      cause: "no free hardware" as const,
    },
  ];

  const { pursuit, raisedAt } = await run(
    arm,
    {},
    {
      random: () => 0.5,
      soFar: { started: at, until, tried, unanswered: new Set() },
      finished: new Set(["b-make"]),
      begun: new Map([
        ["b-make", null],
        ["b-raise", null],
      ]),
    },
  );

  expect(pursuit).toMatchObject({ end: "time up", started: at, until });
  expect(pursuit.choices[0]).toMatchObject({ result: "ruled out", tries: 1, cause: "quota" });
  expect(pursuit.choices[1]?.tries).toBe(raisedAt.length + 1);
  expect(raisedAt.at(-1)).toBe("b 20");
  expect(arm.events).not.toContain("begin b-make");
});

/** An earlier part whose time is up by now, which never saw the answers of these steps. */
function past(...unanswered: string[]): PursuitSoFar {
  const [started, until] = ["2026-11-21T07:00:00.000Z", "2026-11-21T07:59:00.000Z"];
  return { started, until, tried: [], unanswered: new Set(unanswered) };
}

const B_RAISE = "/subscriptions/s/b-raise";

test("what was granted without an answer is found after the time is up, and nothing is sent", async () => {
  const arm = createFakeArm();
  arm.resources.set(B_RAISE, { value: 1 });

  const { pursuit, statuses, raisedAt, said } = await run(arm, {}, { soFar: past("b-raise") });

  expect(pursuit).toMatchObject({ end: "acquired", tries: 1 });
  expect(pursuit.choices[1]).toEqual({ name: "b", result: "acquired", tries: 1 });
  expect(statuses.at(-1)).toBe("b-raise done the answer was lost; the state shows it took effect");
  expect([raisedAt, arm.events]).toEqual([[], ["read b-raise", "done b-raise"]]);
  expect(said).toEqual(["2026-11-21T08:00:00Z looked again at b: acquired"]);
});

const UNSEEN = "its answer was never seen, and";

test.each<[string, JsonObject | undefined, object]>([
  ["not there", undefined, { result: "refused", message: `${UNSEEN} it did not take effect` }],
  [
    "under way",
    { properties: { provisioningState: "Updating" } },
    { result: "unsure", message: `${UNSEEN} it is still under way` },
  ],
])("what is %s after the time is up is told as it is", async (_, body, told) => {
  const arm = createFakeArm();
  if (body) arm.resources.set(B_RAISE, body);

  const { pursuit, raisedAt } = await run(arm, {}, { soFar: past("b-raise") });

  expect([pursuit.end, raisedAt]).toEqual(["time up", []]);
  expect(pursuit.choices).toMatchObject([{ result: "not tried" }, { ...told, tries: 1 }]);
});

test("what cannot be read after the time is up stays unsure", async () => {
  const arm = createFakeArm();
  arm.read = () => Promise.reject(refusal("ServerBusy", { status: 503 }));

  const { pursuit } = await run(arm, {}, { soFar: past("b-raise") });

  expect([pursuit.end, pursuit.choices[1]?.result]).toEqual(["time up", "unsure"]);
});

test("a last try without an answer is looked at once the time is up", async () => {
  const arm = createFakeArm();
  const timeout = refusal(undefined, { kind: "timeout", uncertain: true });
  refuse(arm, "a", timeout, timeout);
  const read = arm.read.bind(arm);
  let looks = 0;
  arm.read = (request) => {
    const isAfterLast = arm.events.filter((event) => event === "end a-raise").length === 2;
    // The first look is that of the try itself.
    if (isAfterLast && (looks += 1) === 2) arm.resources.set(request.path, { value: 1 });
    return read(request);
  };

  const { pursuit, said } = await run(arm, { forMs: 2 * MINUTE });

  expect([pursuit.end, pursuit.choices[0]]).toEqual([
    "acquired",
    { name: "a", result: "acquired", tries: 2 },
  ]);
  expect(said.at(-1)).toMatch(/looked again at a: acquired$/);
});

test("what was granted without an answer is found at once, also outside the hours of its choice", async () => {
  const arm = createFakeArm();
  await arm.clock.sleep(2 * 24 * 60 * MINUTE);
  arm.resources.set(B_RAISE, { value: 1 });
  const offHours = { timeZone: "UTC", fromHour: 18, toHour: 7 };
  const soFar = { ...past("b-raise"), until: "2026-11-24T08:00:00.000Z" };
  const before = arm.clock.now();

  const { pursuit } = await run(arm, { choices: choices.map((each) => ({ ...each, offHours })) }, { soFar });

  expect([pursuit.end, arm.clock.now()]).toEqual(["acquired", before]);
});

test("a raise whose answer was lost holds the other choices, because it may have been granted", async () => {
  const arm = createFakeArm();
  const lost = Array.from({ length: 5 }, () => refusal("ECONNRESET", { uncertain: true }));
  refuse(arm, "a", ...lost, shortage());

  const { pursuit, raisedAt } = await run(arm);

  expect(new Set(raisedAt.slice(0, 6).map((each) => each[0]))).toEqual(new Set(["a"]));
  expect(pursuit.choices).toMatchObject([
    { result: "refused", tries: 2 },
    { result: "acquired", tries: 1 },
  ]);
});

test("a choice whose last answer is not known is tried first by a later part", async () => {
  const arm = createFakeArm();
  const tried = [{ type: "tried" as const, at: "", choice: "b", result: "unsure" as const }];
  refuse(arm, "b", shortage());

  const { raisedAt } = await run(arm, {}, { soFar: { ...past(), until: "2026-11-21T08:20:00.000Z", tried } });

  expect(raisedAt.map((each) => each[0])).toEqual(["b", "a"]);
});

test("a creation without an answer grants nothing, so it does not hold the other choices", async () => {
  const soFar = { ...past("b-make"), until: "2026-11-21T08:20:00.000Z" };

  const { pursuit, raisedAt } = await run(createFakeArm(), {}, { soFar });

  expect([raisedAt, pursuit.tries]).toEqual([["a 0"], 1]);
});

test("what is ruled out is not asked for again, whatever has no answer", async () => {
  const tried = [{ type: "tried" as const, at: "", choice: "a", result: "ruled out" as const }];
  const soFar = { ...past("a-raise"), until: "2026-11-21T08:20:00.000Z", tried };

  const { raisedAt } = await run(createFakeArm(), {}, { soFar });

  expect(raisedAt).toEqual(["b 0"]);
});

test("a lost answer and then a state that cannot be read hold the other choices", async () => {
  const arm = createFakeArm();
  refuse(arm, "a", refusal("ECONNRESET", { uncertain: true }));
  const read = arm.read.bind(arm);
  let lost = 0;
  arm.read = (request) => {
    const isLost = request.path.endsWith("a-raise") && arm.events.includes("end a-raise");
    return isLost && (lost += 1) === 1
      ? Promise.reject(refusal("ServerBusy", { status: 503 }))
      : read(request);
  };

  const { raisedAt, said } = await run(arm);

  expect(raisedAt.map((each) => each[0])).toEqual(["a", "a"]);
  expect(said[0]).toContain("try 1: a: ServerBusy (passing trouble)");
});

test("a stop while something is created interrupts it: what was not sent is no try", async () => {
  const arm = createFakeArm();
  const stopping = new AbortController();
  arm.durationMs = (id) => {
    if (id === "a-make") stopping.abort();
    return 1000;
  };

  const { pursuit, statuses, said } = await run(arm, {}, { stop: stopping.signal });

  expect([pursuit.end, pursuit.tries, said]).toEqual(["interrupted", 0, []]);
  expect(pursuit.choices[0]?.result).toBe("not tried");
  expect(statuses.slice(0, 2)).toEqual(["a-make done", "a-raise not tried"]);
});
