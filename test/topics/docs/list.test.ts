import { expect, test } from "vitest";
import { articles } from "../../../src/docs/articles.ts";
import { facts } from "../../../src/docs/facts/all.ts";
import { list } from "../../../src/topics/docs/list.ts";
import { runVerb } from "./run-verb.ts";

test("lists every fact with what it says", async () => {
  const view = await runVerb(list, {});

  expect(view.tables).toEqual([
    {
      columns: [{ header: "fact" }, { header: "says" }],
      rows: facts.map((fact) => ({ cells: [fact.id, fact.text] })),
    },
  ]);
  expect(view.notes).toEqual([]);
});

test("--article keeps the facts of that article", async () => {
  const view = await runVerb(list, { article: "odcr" });

  const ids = view.tables[0]!.rows.map((row) => String(row.cells[0]));
  expect(ids).toEqual(facts.map((fact) => fact.id).filter((id) => id.startsWith("odcr/")));
});

test("in JSON a fact has every key, with null and empty lists where it has nothing to say", async () => {
  const view = await runVerb(list, { article: "odcr" });

  expect(view.data["facts"]).toContainEqual({
    id: "odcr/naming",
    article: "odcr",
    section: "Components of an ODCR",
    text: "Put the size and the zone into a reservation's name, as in Zone1_D16s_v5, so that nobody mistakes one for another.",
    appliesTo: null,
    contradicts: [],
  });
});

test("an article without facts gives an empty list and says why", async () => {
  const view = await runVerb(list, { article: "spark-ui" });

  expect(view.data).toEqual({ facts: [] });
  expect(view.notes).toEqual([{ level: "info", text: "no facts have been taken from this article yet" }]);
});

test("an unknown article is a usage error that names the nearest ones", async () => {
  await expect(runVerb(list, { article: "azure-wires" })).rejects.toMatchObject({
    kind: "usage",
    message: "no such article: azure-wires",
    hint: expect.stringMatching(/^did you mean azure-wire,/),
  });
});

test("--articles lists the articles with the number of facts taken from each", async () => {
  const view = await runVerb(list, { articles: true });

  const rows = view.tables[0]!.rows.map((row) => row.cells);
  expect(rows).toHaveLength(articles.length);
  expect(rows).toContainEqual([
    "nsp-service-bus",
    "GA of NSP for Azure Service Bus & NSP now available in Azure Gov. Regions",
    "2026-06-08",
    0,
  ]);
  expect(view.data["articles"]).toContainEqual({
    id: "azure-wire",
    title: "Azure on the wire: how the services answer",
    publisher: "azwise project",
    published: "2026-11-21",
    url: null,
    facts: facts.filter((fact) => fact.article === "azure-wire").length,
  });
});

test("--article and --articles exclude each other", async () => {
  await expect(runVerb(list, { article: "odcr", articles: true })).rejects.toThrow(
    "give --article or --articles, not both",
  );
});
