import type { Article, Fact } from "../../docs/fact.ts";
import type { JsonObject } from "../../json.ts";

export function factJson(fact: Fact): JsonObject {
  const { id, article, section, text } = fact;
  return {
    id,
    article,
    section,
    text,
    appliesTo: fact.appliesTo ?? null,
    contradicts: fact.contradicts ?? [],
  };
}

export function articleJson({ id, title, publisher, published, url }: Article): JsonObject {
  return { id, title, publisher, published, url };
}
