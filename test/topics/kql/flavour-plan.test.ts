import { expect, test } from "vitest";
import { chooseFlavour, type ProbedFlavour } from "../../../src/topics/kql/flavour-plan.ts";

const quiet = (flavour: string, last: string): ProbedFlavour => ({
  flavour,
  table: { table: `T_${flavour}`, state: "quiet", rows: 1, last },
});
const older = (flavour: string, last: string): ProbedFlavour => ({
  flavour,
  table: { table: `T_${flavour}`, state: "older", last },
});
const untold = (flavour: string): ProbedFlavour => ({
  flavour,
  table: { table: `T_${flavour}`, state: "untold", why: "the service answered without a body" },
});
const silent: ProbedFlavour = { flavour: "silent", table: { table: "S", state: "silent" } };
const missing: ProbedFlavour = { flavour: "missing", table: { table: "M", state: "missing" } };

test("the flavour with rows in the window is asked, though another one's table is there", () => {
  const choice = chooseFlavour([
    older("a", "2026-11-20T00:00:00Z"),
    quiet("b", "2026-11-01T00:00:00Z"),
    silent,
  ]);

  expect(choice).toEqual({ flavour: "b", also: [], untold: [] });
});

test("of two with rows the newer one is asked, and the other one is told", () => {
  const choice = chooseFlavour([quiet("a", "2026-11-21T07:00:11Z"), quiet("b", "2026-11-21T07:00:11.5Z")]);

  expect(choice).toEqual({ flavour: "b", also: ["a"], untold: [] });
});

test("without rows in the window it is the one whose last row is the newest", () => {
  const choice = chooseFlavour([
    missing,
    older("a", "2026-11-19T00:00:00Z"),
    older("b", "2026-11-20T00:00:00Z"),
  ]);

  expect(choice).toEqual({ flavour: "b", also: [], untold: [] });
});

test("a table that is there goes before one that is not, and all missing is the first", () => {
  expect(chooseFlavour([missing, silent]).flavour).toBe("silent");
  expect(chooseFlavour([missing, { ...missing, flavour: "second" }]).flavour).toBe("missing");
});

test("one that may have rows goes before one that has none in the window, and is told beside one that has some", () => {
  const last = older("a", "2026-11-20T00:00:00Z");

  expect(chooseFlavour([missing, silent, last, untold("b")])).toEqual({ flavour: "b", also: [], untold: [] });
  expect(chooseFlavour([untold("b"), quiet("a", "2026-11-21T00:00:00Z")])).toEqual({
    flavour: "a",
    also: [],
    untold: ["b"],
  });
});
