import { expect, test } from "vitest";
import { createFakeArm } from "./fake-arm.ts";
import { MINUTE, refusal, refuse, run, shortage } from "./pursue-rig.ts";

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

  const { pursuit } = await run(arm);

  expect([pursuit.end, pursuit.choices[0]?.result]).toEqual(["stopped", "unsure"]);
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
