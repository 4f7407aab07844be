import type { Citation } from "../output/citations.ts";
import { articles } from "./articles.ts";
import { facts } from "./facts/all.ts";

const factsById = new Map(facts.map((fact) => [fact.id, fact]));
const articlesById = new Map(articles.map((article) => [article.id, article]));

/** The citation of a fact; an id that does not exist is a bug of the caller, not of the user. */
export function cite(factId: string): Citation {
  const fact = factsById.get(factId);
  const article = fact && articlesById.get(fact.article);
  if (!fact || !article) throw new Error(`no such fact: ${factId}`);
  return {
    id: fact.id,
    text: fact.text,
    article: article.title,
    section: fact.section,
    published: article.published,
    url: article.url,
    ...(fact.appliesTo !== undefined && { appliesTo: fact.appliesTo }),
    ...(fact.contradicts !== undefined && { contradicts: [...fact.contradicts] }),
  };
}
