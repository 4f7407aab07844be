import { expect, test } from "vitest";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import { readGiven } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { findQuery } from "../../../src/topics/kql/catalogue/find-query.ts";
import { nextSteps } from "../../../src/topics/kql/run/next-steps.ts";
import { NOTHING, type Result } from "../../../src/topics/kql/run/result.ts";

const ID =
  "/subscriptions/5A000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/logs-shop";

function result(column: string, values: string[], name = "logs-shop"): Result {
  const rows = values.map((each) => [each]);
  return {
    ...NOTHING,
    workspace: { name, customerId: "", id: name === "logs-shop" ? ID : undefined },
    answer: {
      columns: [{ name: column, type: "string" }],
      rows,
      count: values.length,
      end: {
        kind: "end",
        outcome: "complete",
        problem: undefined,
        chart: undefined,
        statistics: undefined,
      },
    },
  };
}

function steps(query: string, param: string[], results: Result[]): string[] {
  return nextSteps({ query: findQuery(query), given: readGiven(param), flavour: undefined }, results);
}

test("a name stays to be put in where rows are of several", () => {
  const [first] = steps("container-restarts", [], [result("App", ["a", "b"])]);

  expect(first).toContain("--param app=NAME");
});

test("one name in all rows is put in, and a given one goes before it", () => {
  expect(steps("container-restarts", [], [result("App", ["a", "a"])])[0]).toContain("--param app=a");
  expect(steps("container-restarts", ["app=b"], [result("App", ["a"])])[0]).toContain("--param app=b");
});

test("only workspaces with rows are named, each with its subscription", () => {
  const results = [result("App", ["a"]), result("App", [], "logs-other")];

  expect(steps("container-restarts", [], results)[0]).toContain(
    "container-console-errors --workspace logs-shop --subscription 5a000000-0000-4000-8000-000000000001 --param",
  );
  expect(steps("container-restarts", [], [result("App", [])])).toEqual([]);
});

test("a table of one's own goes on to the next query", () => {
  const [first] = steps("pipeline-failures-by-dataset", ["table=Ours_CL"], [result("X", ["a"], "guid")]);

  expect(first).toBe(
    "what goes wrong: azwise kql run pipeline-failures-by-error --workspace guid --param table=Ours_CL",
  );
});

test("a window that was typed goes on, but not to a query that has its own", () => {
  const typed = { from: new Date("2026-11-20T08:00:00Z"), until: new Date("2026-11-20T10:00:00Z") };
  const next = (name: string): string[] =>
    nextSteps(
      { query: findQuery(name), given: readGiven([]), flavour: undefined },
      [result("X", ["a"], "guid")],
      typed,
    );

  expect(next("pipeline-failures-by-dataset")).toEqual([
    "what goes wrong: azwise kql run pipeline-failures-by-error --workspace guid --since 2026-11-20T08:00:00.000Z --until 2026-11-20T10:00:00.000Z",
    "whether it is new: azwise kql run pipeline-changes --workspace guid",
  ]);
});

test("a name from a log is one word, also with signs that a shell or a replacement reads", () => {
  const [first] = steps("container-restarts", [], [result("App", ["x'; rm $& $1"])]);

  expect(first).toContain(String.raw`--param 'app=x'\''; rm $& $1'`);
});

test("queries over a table of one's own lead to such alone, as it goes on to them", () => {
  const leading = catalogue.filter(({ tableParameter }) => tableParameter !== undefined);
  const named = leading.flatMap(({ next }) =>
    next.flatMap((text) => /azwise kql run (\S+)/.exec(text)?.[1] ?? []),
  );

  expect(named.length).toBeGreaterThan(0);
  expect(new Set(named.map((name) => findQuery(name).tableParameter))).toEqual(new Set(["table"]));
});
