import { expect, test } from "vitest";
import { findQuery } from "../../../src/topics/kql/catalogue/find-query.ts";
import { readGiven } from "../../../src/topics/kql/catalogue/fill-query.ts";
import type { Question } from "../../../src/topics/kql/run/result.ts";
import { schemasOf, textFor } from "../../../src/topics/kql/run/data-question.ts";
import type { DataTable } from "../../../src/topics/kql/run/data-table.ts";

function table(name: string, more: Partial<DataTable> = {}): DataTable {
  const last = "2026-11-20T08:00:00.000Z";
  const seen = { rows: 2, inWindow: 2, first: last, last, misfits: [], absent: [], lacks: [] };
  return { name, file: `${name}.ndjson`, columns: [], ...seen, ...more };
}

function named(name: string, params: readonly string[] = [], flavour?: string): Question {
  return { query: findQuery(name), given: readGiven(params), flavour };
}

test("a text is asked as it is", () => {
  expect(textFor({ text: "T" }, [])).toEqual({ text: "T", used: undefined });
});

test("a query of the catalogue is asked in the flavour that the file is of, with its parameters", () => {
  const question = named("container-restarts", ["app=shop-api"]);
  const { text, used } = textFor(question, [table("ContainerAppSystemLogs")]);

  expect(used).toEqual({ query: "container-restarts", flavour: "azure-monitor", also: [] });
  expect(text).toMatch(/^ContainerAppSystemLogs$/m);
  expect(text).toContain('"shop-api"');
});

test("of several files with rows the newest is asked, one without rows in the window is not, and a typed flavour is", () => {
  const older = table("ContainerAppSystemLogs", { last: "2026-11-19T08:00:00.000Z" });
  const newer = table("ContainerAppSystemLogs_CL");
  const outside = { ...newer, inWindow: 0 };
  const question = named("container-restarts");

  expect(textFor(question, [older, newer]).used).toMatchObject({
    flavour: "log-analytics",
    also: ["azure-monitor"],
  });
  expect(textFor(question, [older, outside]).used).toMatchObject({ flavour: "azure-monitor", also: [] });
  expect(textFor(named("container-restarts", [], "azure-monitor"), [older, newer]).used).toMatchObject({
    flavour: "azure-monitor",
  });
});

test("files of other tables are refused with the tables that are read", () => {
  expect(() => textFor(named("container-restarts"), [table("T"), table("U")])).toThrow(
    "container-restarts reads ContainerAppSystemLogs_CL or ContainerAppSystemLogs, and the files are of T, U",
  );
});

test("a table that its owner named has the schema of the query's", () => {
  const question = named("pipeline-failures-by-layer", ["table=Mine_CL"]);
  const [schema] = schemasOf(question);

  expect(schema?.name).toBe("Mine_CL");
  expect(schema?.columns).toContainEqual({ name: "PartitionDate", type: "datetime" });
  expect(textFor(question, [table("Mine_CL")]).text).toContain('table("Mine_CL")');
});
