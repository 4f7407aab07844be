import { beforeAll, expect, test } from "vitest";
import { toLiteral } from "../../../src/kql/literal.ts";
import { loadParser, type Parser, type Tree } from "../../../src/kql/official.ts";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import type { CatalogueQuery, Flavour } from "../../../src/topics/kql/catalogue/catalogue-query.ts";
import { tablesOf } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { findQuery } from "../../../src/topics/kql/catalogue/find-query.ts";
import type { NameSeen } from "../../../src/topics/kql/run/result.ts";
import { namesText, seeName } from "../../../src/topics/kql/see-name.ts";
import { openLogs } from "../../azure/logs-rig.ts";
import { reply, START, type Reply } from "../../azure/wire.ts";
import { HOSTILE } from "../../kql/hostile.ts";

const NAMED = catalogue.flatMap((query) =>
  query.flavours
    .filter(({ names }) => names)
    .map((flavour): [string, CatalogueQuery, Flavour] => [`${query.name} (${flavour.name})`, query, flavour]),
);

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

/** The kinds and texts of a tree, but for the one literal. */
function shapeOf(tree: Tree, place: { start: number; end: number }): unknown {
  if (tree.start === place.start && tree.end === place.end) return "LITERAL";
  if (tree.children.length === 0) return [tree.kind, tree.text];
  return [tree.kind, tree.children.map((each) => shapeOf(each, place))];
}

function shapeFor(query: CatalogueQuery, flavour: Flavour, name: string): string {
  const tables = tablesOf(query, flavour, new Map());
  const text = namesText(tables[0]!.name, flavour, name);
  const { diagnostics, root } = parser.parse(text, tables);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const start = text.indexOf("Name =~ ") + "Name =~ ".length;
  return JSON.stringify(shapeOf(root, { start, end: start + toLiteral(name, "string").length }));
}

test.each(NAMED)("%s: no name changes the question for its names", (_, query, flavour) => {
  const plain = shapeFor(query, flavour, "shop-web");

  expect(plain).toContain("LITERAL");
  for (const name of HOSTILE) expect(shapeFor(query, flavour, name)).toBe(plain);
});

const COLUMNS = [
  { name: "Name", type: "string" },
  { name: "IsGiven", type: "bool" },
  { name: "Rows", type: "long" },
];

async function see(answer: Reply, app: string): Promise<NameSeen | undefined> {
  const query = findQuery("container-restarts");
  const asked = {
    logs: openLogs([answer]).logs,
    customerId: "7c000000-0000-4000-8000-000000000001",
    query,
    given: new Map([["app", app]]),
    window: { from: new Date("2026-11-21T06:00:00Z"), until: START },
  };
  return seeName(asked, query.flavours[0]);
}

function answer(rows: unknown[][], error?: object): Reply {
  return reply(200, {
    tables: [{ name: "PrimaryResult", columns: COLUMNS, rows }],
    ...(error ? { error } : {}),
  });
}

test("the service says whether the name occurs; bool may come as a number", async () => {
  expect(await see(answer([["Shop-Web", true, 7]]), "shop-web")).toMatchObject({ state: "there", rows: 7 });
  expect(await see(answer([["Shop-Web", 1, 7]]), "shop-web")).toMatchObject({ state: "there", rows: 7 });
  expect(await see(answer([["shop-web", false, 7]]), "shop-wob")).toMatchObject({
    state: "absent",
    nearest: ["shop-web"],
  });
});

test("a name that was not given is not looked for", async () => {
  const query = findQuery("container-restarts");
  const { logs, requests } = openLogs([]);
  const window = { from: new Date(0), until: START };

  expect(
    await seeName({ logs, customerId: "", query, given: new Map(), window }, query.flavours[0]),
  ).toBeUndefined();
  expect(requests).toEqual([]);
});

test("names that did not all come, or may not be read, leave it open", async () => {
  const partial = { code: "PartialError", message: "given up", details: [] };

  expect(await see(answer([["a", false, 1]], partial), "b")).toMatchObject({
    state: "untold",
    why: "not all names came",
  });
  expect(
    await see(reply(403, { error: { code: "InsufficientAccessError", message: "no" } }), "b"),
  ).toMatchObject({
    state: "untold",
    why: "not allowed to read the names in the table",
  });
});
