import { expect, test } from "vitest";
import type { Report } from "../../src/plan/apply.ts";
import type { OffHours } from "../../src/plan/off-hours.ts";
import { pursuitNotes } from "../../src/plan/pursuit-view.ts";
import type { ChoiceReport, PursuitEnd } from "../../src/plan/pursuit.ts";
import { planOf, step } from "./fake-arm.ts";
import { leaves, MINUTE } from "./pursue-rig.ts";

interface Around {
  command?: string;
  until?: string;
  offHours?: OffHours;
}

function notes(end: PursuitEnd, choice: Partial<ChoiceReport>, around: Around = {}): string[] {
  const { command = "azwise test", until = "2026-11-21T08:01:00.000Z", offHours } = around;
  const pursuit = {
    everyMs: MINUTE,
    forMs: MINUTE,
    because: ["odcr/retry-until-it-succeeds"],
    look: "azwise look",
    choices: [
      {
        name: "a",
        steps: ["a"],
        leaves: { ...leaves, text: "a is left" },
        ...(offHours ? { offHours } : {}),
      },
    ],
  };
  const ended = {
    end,
    started: "2026-11-21T08:00:00.000Z",
    until,
    tries: 1,
    choices: [{ name: "a", result: "refused" as const, tries: 1, ...choice }],
  };
  const report: Report = {
    runId: "r",
    plan: { ...planOf(step("a")), formatVersion: 2, command, pursuit },
    outcomes: [],
    pursuit: ended,
    mismatches: [],
    unread: undefined,
    interrupted: false,
    exit: 7,
  };
  return pursuitNotes(report, ended).map(({ text }) => text);
}

test("a code whose cause is not known gets no advice, because it can mean more", () => {
  const choice = { result: "ruled out" as const, code: "OperationNotAllowed" };

  expect(notes("ruled out", { ...choice, cause: "quota" })).toHaveLength(2);
  expect(notes("ruled out", { ...choice, cause: "unknown" })).toEqual([
    "nothing was acquired after 1 try, and waiting mends none of it; once the causes are removed: azwise test --apply",
  ]);
});

test("the advice to ask again is not given to whoever did", () => {
  const said = notes("time up", { cause: "no free hardware", code: "AllocationFailed" });

  expect(said.some((text) => text.startsWith("use another size"))).toBe(true);
  expect(said.filter((text) => text.includes("repeat the command"))).toEqual([]);
});

test("what may have been granted is not said to be in vain", () => {
  expect(notes("time up", { result: "unsure" })).toEqual([
    "a: its last answer was never seen, so it may have been granted; look with azwise look",
    "the time is up after 1 try; to look once more, without a further try: azwise runs resume r",
  ]);
});

test("more time is given by the command that applies, and named is when its hours are next", () => {
  const saved = "azwise odcr acquire --size x --out 'a plan.json' --for 1h";
  const offHours = { timeZone: "UTC", fromHour: 18, toHour: 7 };
  const until = "2026-11-23T09:00:00.000Z";

  expect(notes("time up", {}, { command: saved, until, offHours })).toEqual([
    "nothing was acquired after 1 try before 2026-11-23T09:00:00.000Z; the next off-hours are at 2026-11-23T18:00:00Z; for more time, with a longer --for: azwise odcr acquire --size x --for 1h --apply",
  ]);
});

test("only what was read is said to be left", () => {
  expect(notes("interrupted", { isLeft: true })[0]).toBe("a is left");
  expect(notes("interrupted", {})).toHaveLength(1);
});
