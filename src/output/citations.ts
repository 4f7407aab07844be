import type { View } from "./view.ts";

/** A fact with its source, ready to be shown. */
export interface Citation {
  id: string;
  text: string;
  /** Title of the article. */
  article: string;
  section: string;
  published: string | null;
  url: string | null;
  appliesTo?: string;
  contradicts?: string[];
}

/** Looks a fact up; throws for an unknown id, which is a bug in the caller. */
export type Cite = (factId: string) => Citation;

/** The facts of a document; a fact's number is its place in the list, from 1. */
export interface Citations {
  list: readonly Citation[];
  numbers: ReadonlyMap<string, number>;
}

/** In order of first use; after them the facts that they contradict, so that both sides can be read. */
export function numberFacts(ids: Iterable<string>, cite: Cite): Citations {
  const found = new Map([...ids].map((id) => [id, cite(id)]));
  // A Map's iterator also visits what is added on the way, so contradicted facts bring their own.
  for (const { contradicts = [] } of found.values()) {
    for (const id of contradicts) if (!found.has(id)) found.set(id, cite(id));
  }
  return {
    list: [...found.values()],
    numbers: new Map([...found.keys()].map((id, index) => [id, index + 1])),
  };
}

/** Rows of all tables first, then notes: the order in which a reader meets the numbers. */
export function collectCitations({ tables, notes }: Pick<View, "tables" | "notes">, cite: Cite): Citations {
  const reasons = [...tables.flatMap((table) => table.rows), ...notes];
  return numberFacts(new Set(reasons.flatMap((reason) => reason.because ?? [])), cite);
}

/** "[1][2]"; empty without reasons. */
export function marks(ids: readonly string[] | undefined, { numbers }: Citations): string {
  return (ids ?? []).map((id) => `[${numbers.get(id)}]`).join("");
}

/** The statement and its source, without number and URL. */
export function citationText(citation: Citation, { list, numbers }: Citations): string {
  const { text, article, section, published, appliesTo, contradicts = [] } = citation;
  const source = [
    `${article}, ${section}`,
    ...(appliesTo === undefined ? [] : [`applies to ${appliesTo}`]),
    published === null ? "publication date unknown" : `published ${published}`,
    ...contradicts.map((id) => {
      const number = numbers.get(id) ?? 0;
      return `contradicts [${number}] ${list[number - 1]?.article}`;
    }),
  ];
  return `${text} (${source.join("; ")})`;
}

/** One line for each fact: `[1] text (Article, section; published 2026-06-08) https://...` */
export function citationLines(citations: Citations): string[] {
  return citations.list.map((citation, index) => {
    const url = citation.url === null ? "" : ` ${citation.url}`;
    return `[${index + 1}] ${citationText(citation, citations)}${url}`;
  });
}
