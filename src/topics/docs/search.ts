import * as z from "zod";
import { articles } from "../../docs/articles.ts";
import { facts } from "../../docs/facts/all.ts";
import { search as searchLibrary, type Hit } from "../../docs/search.ts";
import type { Note, View } from "../../output/view.ts";
import { verb } from "../../verb.ts";

const SearchInput = z.object({ words: z.array(z.string()).min(1) });
type SearchInput = z.infer<typeof SearchInput>;

interface SearchResult {
  words: string[];
  hits: Hit[];
}

async function runSearch({ words }: SearchInput): Promise<SearchResult> {
  return { words, hits: searchLibrary(words, { facts, articles }) };
}

function viewSearch({ words, hits }: SearchResult): View {
  const nothing: Note = {
    level: "info",
    text: `nothing matches "${words.join(" ")}"; every word must occur, so try fewer or shorter ones`,
  };
  return {
    data: { hits: hits.map(({ kind, id, text }) => ({ kind, id, text })) },
    tables: [
      {
        columns: [{ header: "id" }, { header: "says" }],
        rows: hits.map(({ id, text }) => ({ cells: [id, text] })),
      },
    ],
    notes: hits.length === 0 ? [nothing] : [],
  };
}

export const search = verb({
  name: "search",
  summary: "Search facts and articles",
  details: "Every word must occur, whole or as the beginning of a word. Ids and titles rank first.",
  args: ["<words...>"],
  flags: [],
  examples: ["docs search zero quantity", "docs search regional restart"],
  input: SearchInput,
  run: runSearch,
  view: viewSearch,
});
