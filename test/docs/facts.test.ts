import { expect, test } from "vitest";
import * as z from "zod";
import { articles } from "../../src/docs/articles.ts";
import { Article, Fact } from "../../src/docs/fact.ts";
import { facts } from "../../src/docs/facts/all.ts";

const factIds = facts.map((fact) => fact.id);
const articleIds = articles.map((article) => article.id);

test("every fact has the shape of a fact and nothing else", () => {
  expect(z.array(z.strictObject(Fact.shape)).safeParse(facts).error).toBeUndefined();
});

test("every article has the shape of an article and nothing else", () => {
  expect(z.array(z.strictObject(Article.shape)).safeParse(articles).error).toBeUndefined();
});

test("no two facts and no two articles share an id", () => {
  const ids = [...factIds, ...articleIds];

  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test("the id of a fact starts with its article", () => {
  expect(facts.filter((fact) => !fact.id.startsWith(`${fact.article}/`))).toEqual([]);
});

test("every article that a fact names exists", () => {
  expect(facts.filter((fact) => !articleIds.includes(fact.article))).toEqual([]);
});

test("a fact contradicts only facts that exist, and those of another article", () => {
  const wrong = facts.flatMap((fact) =>
    (fact.contradicts ?? []).filter((id) => !factIds.includes(id) || id.startsWith(`${fact.article}/`)),
  );

  expect(wrong).toEqual([]);
});

test("every observation of the wire says how sure it is", () => {
  const confidence =
    /recorded traffic|read in the SDK|observed with the SDK|Microsoft documentation|not re-verified|first-hand notes/;

  const silent = facts.filter(
    (fact) => fact.article === "azure-wire" && !confidence.test(fact.appliesTo ?? ""),
  );

  expect(silent).toEqual([]);
});

test("every statement is one line that ends as a sentence", () => {
  expect(facts.filter((fact) => /\s{2}|\n/.test(fact.text) || !fact.text.endsWith("."))).toEqual([]);
});

test("the wire contradicts the article on a registry's home region, a replica's status and pulls of AKS", () => {
  const contradicted = (id: string) => facts.find((fact) => fact.id === id)?.contradicts;

  expect(contradicted("azure-wire/acr-home-may-be-unlisted")).toEqual([
    "acr-geo-operations/home-region-listed",
  ]);
  expect(contradicted("azure-wire/acr-display-status")).toEqual(["acr-geo-operations/status-online"]);
  expect(contradicted("azure-wire/acr-aks-regional-pull")).toEqual(["acr-geo-operations/aks-signs-in-again"]);
});

test("the wire's answer on running regional VMs contradicts the article", () => {
  const fact = facts.find(({ id }) => id === "azure-wire/regional-must-be-deallocated");

  expect(fact?.contradicts).toContain("odcr/regional-restart");
});
