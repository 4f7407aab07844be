import { beforeAll, expect, test } from "vitest";
import { loadParser, type Parser } from "../../../src/kql/official.ts";
import { readQuery } from "../../../src/kql/read-query.ts";
import { runQuery } from "../../../src/kql/run.ts";
import { fromJson, toJson, type Column } from "../../../src/kql/values.ts";
import type { CatalogueQuery, Flavour } from "../../../src/topics/kql/catalogue/catalogue-query.ts";
import { fillQuery, type Given } from "../../../src/topics/kql/catalogue/fill-query.ts";
import {
  appUsage,
  consoleLines,
  containerNames,
  systemEvents,
} from "../../../src/topics/kql/triage/queries.ts";
import { HOSTILE } from "../../kql/hostile.ts";
import { asCustom, at, NOW, type JsonRow } from "./catalogue-run.ts";

const QUERIES = [systemEvents, consoleLines, appUsage, containerNames];
const ALL = QUERIES.flatMap((query) =>
  query.flavours.map((flavour): [string, CatalogueQuery, Flavour] => [
    `${query.name} (${flavour.name})`,
    query,
    flavour,
  ]),
);

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

test.each(ALL)("%s passes the official analysis with its tables", (_, query, flavour) => {
  const { diagnostics } = parser.parse(fillQuery(query, flavour, new Map()), flavour.tables);

  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

test.each(ALL)("%s is read alike whatever the name of the app is", (_, query, flavour) => {
  const kinds = (text: string): number[] => {
    const { root, diagnostics } = parser.parse(text, flavour.tables);
    return [root.children.length, diagnostics.filter(({ severity }) => severity === "error").length];
  };
  const plain = kinds(fillQuery(query, flavour, new Map()));

  for (const value of query === containerNames ? [] : HOSTILE) {
    expect(kinds(fillQuery(query, flavour, new Map([["app", value]])))).toEqual(plain);
  }
});

interface Asked {
  query: CatalogueQuery;
  flavour: "log-analytics" | "azure-monitor";
  given?: Given;
}

/** Columns that no row has a value for are not in the table, as with tables ending in _CL. */
async function answer(
  { query, flavour: name, given = new Map() }: Asked,
  rows: readonly JsonRow[],
): Promise<JsonRow[]> {
  const flavour = query.flavours.find((each) => each.name === name)!;
  const [schema] = flavour.tables;
  const own = name === "log-analytics" ? asCustom(rows) : rows;
  const used = new Set(own.flatMap((row) => Object.keys(row)));
  const columns = schema!.columns.filter((each: Column) => name !== "log-analytics" || used.has(each.name));
  const table = {
    columns,
    rows: own.map((row) => columns.map((column) => fromJson(row[column.name] ?? null, column.type))),
  };
  const read = await readQuery(fillQuery(query, flavour, given));
  const found = runQuery(read, { tables: new Map([[schema!.name, table]]), now: NOW });
  return Array.from(found.rows, (row) =>
    Object.fromEntries(
      found.columns.map((each, index) => [each.name, toJson(row[index] ?? null, each.type)]),
    ),
  );
}

const FLAVOURS = ["log-analytics", "azure-monitor"] as const;
const API: Given = new Map([["app", "SHOP-API"]]);

test.each(FLAVOURS)("events of %s are those of the app or job, the newest first", async (flavour) => {
  const rows = await answer({ query: systemEvents, flavour, given: API }, [
    {
      TimeGenerated: at("08:00:00"),
      ContainerAppName: "shop-api",
      Reason: "A",
      Log: "one",
      ReplicaName: "r",
    },
    { TimeGenerated: at("08:00:01"), ContainerAppName: "shop-api-2", Reason: "A", Log: "not ours" },
    { TimeGenerated: at("08:00:02"), ContainerAppName: "", Reason: "B", Log: "of the environment" },
    { TimeGenerated: at("08:00:03"), ContainerAppName: "shop-api", Reason: "C", Log: "two" },
  ]);

  expect(rows.map(({ Message, IsJob }) => [Message, IsJob])).toEqual([
    ["two", false],
    ["one", false],
  ]);
});

test.each(FLAVOURS)("events of a job are known for it in %s", async (flavour) => {
  const rows = await answer({ query: systemEvents, flavour, given: new Map([["app", "nightly"]]) }, [
    { TimeGenerated: at("08:00:00"), JobName: "nightly", Reason: "A", Log: "one" },
    { TimeGenerated: at("08:00:01"), JobName: "weekly", Reason: "A", Log: "not ours" },
  ]);

  expect(rows).toMatchObject([{ Message: "one", IsJob: true }]);
});

test.each(FLAVOURS)("lines of %s are those with a sign, and the last ones, each once", async (flavour) => {
  const line = (clock: string, text: string, name = "shop-api"): JsonRow => ({
    TimeGenerated: at(clock),
    ContainerAppName: name,
    ContainerGroupName: `${name}-a-b`,
    Log: text,
  });
  const given = new Map([...API, ["tail", "2"]]);

  const rows = await answer({ query: consoleLines, flavour, given }, [
    line("08:00:00", "Now listening on: http://[::]:8080"),
    line("08:00:01", "GET / 200"),
    line("08:00:02", "Connection refused"),
    line("08:00:03", "GET / 200"),
    line("08:00:04", "Connection refused", "shop-web"),
  ]);

  expect(rows.map(({ Message }) => Message)).toEqual([
    "GET / 200",
    "Connection refused",
    "Now listening on: http://[::]:8080",
  ]);
});

test("lines of a job have its name in the replica's, or in a column of its own", async () => {
  const given = new Map([["app", "nightly-invoices"]]);
  const row = { TimeGenerated: at("08:00:00"), ContainerAppName: "", Log: "one" };
  const own = { ...row, ContainerGroupName: "nightly-invoices-29393880-m3d9r" };
  const other = { ...row, ContainerGroupName: "nightly-29393880-m3d9r", Log: "not ours" };
  const custom = [own, other];

  expect(await answer({ query: consoleLines, flavour: "log-analytics", given }, custom)).toMatchObject([
    { Message: "one", IsJob: true },
  ]);
  expect(
    await answer({ query: consoleLines, flavour: "azure-monitor", given }, [
      { ...own, JobName: "nightly-invoices" },
      { ...other, JobName: "nightly" },
    ]),
  ).toMatchObject([{ Message: "one", IsJob: true }]);
});

test.each(FLAVOURS)("names in %s are those of apps and jobs, each once", async (flavour) => {
  const rows = await answer({ query: containerNames, flavour }, [
    { TimeGenerated: at("08:00:00"), ContainerAppName: "a", JobName: "" },
    { TimeGenerated: at("08:00:01"), ContainerAppName: "a", JobName: "" },
    { TimeGenerated: at("08:00:02"), ContainerAppName: "", JobName: "j" },
    { TimeGenerated: at("08:00:03"), ContainerAppName: "", JobName: "" },
  ]);

  expect(rows.map(({ Name }) => Name).sort()).toEqual(["a", "j"]);
});
