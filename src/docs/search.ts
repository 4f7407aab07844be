import type { Article, Fact } from "./fact.ts";

export interface Library {
  facts: readonly Fact[];
  articles: readonly Article[];
}

export interface Hit {
  kind: "fact" | "article";
  id: string;
  /** The statement of a fact, the title of an article. */
  text: string;
}

interface Entry extends Hit {
  /** Words of the id and the title. */
  names: string[];
  words: string[];
}

/**
 * Facts and articles in which every given word occurs, whole or as the beginning of a word.
 * Hits in ids and titles come first, then whole words; otherwise the order of the library is kept.
 */
export function search(words: readonly string[], library: Library): Hit[] {
  const wanted = words.flatMap(split);
  if (wanted.length === 0) return [];
  return entries(library)
    .map((entry) => ({ entry, rank: rank(entry, wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ entry: { kind, id, text } }) => ({ kind, id, text }));
}

function entries({ facts, articles }: Library): Entry[] {
  return [
    ...facts.map((fact): Entry => {
      const body = [fact.text, fact.section, fact.appliesTo ?? ""].join(" ");
      return { kind: "fact", id: fact.id, text: fact.text, names: split(fact.id), words: split(body) };
    }),
    ...articles.map((article): Entry => {
      const names = split(`${article.id} ${article.title}`);
      return { kind: "article", id: article.id, text: article.title, names, words: split(article.publisher) };
    }),
  ];
}

/** Zero when a word is missing. A name outweighs any number of whole words that a query can sensibly have. */
function rank(entry: Entry, wanted: readonly string[]): number {
  const all = [...entry.names, ...entry.words];
  let total = 0;
  for (const word of wanted) {
    if (!all.some((candidate) => candidate.startsWith(word))) return 0;
    const named = entry.names.some((name) => name.startsWith(word));
    total += 1 + (all.includes(word) ? 1 : 0) + (named ? 1000 : 0);
  }
  return total;
}

function split(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
