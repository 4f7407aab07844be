import * as z from "zod";
import { articles } from "../../docs/articles.ts";
import type { Article, Fact } from "../../docs/fact.ts";
import { facts } from "../../docs/facts/all.ts";
import { nearestIds } from "../../docs/nearest.ts";
import { AppError } from "../../errors.ts";
import type { Note, View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { articleJson, factJson } from "./as-json.ts";

const ListInput = z
  .object({ article: z.string().optional(), articles: z.boolean().default(false) })
  .refine((input) => !(input.articles && input.article !== undefined), {
    error: "give --article or --articles, not both",
  });
type ListInput = z.infer<typeof ListInput>;

type ListResult =
  | { kind: "facts"; facts: readonly Fact[] }
  | { kind: "articles"; articles: readonly { article: Article; facts: number }[] };

async function runList(input: ListInput): Promise<ListResult> {
  if (input.articles) return { kind: "articles", articles: articles.map(withCount) };
  if (input.article === undefined) return { kind: "facts", facts };
  return { kind: "facts", facts: factsOf(knownArticle(input.article)) };
}

function viewList(result: ListResult): View {
  return result.kind === "facts" ? viewFacts(result.facts) : viewArticles(result.articles);
}

function withCount(article: Article): { article: Article; facts: number } {
  return { article, facts: factsOf(article.id).length };
}

function factsOf(articleId: string): Fact[] {
  return facts.filter((fact) => fact.article === articleId);
}

function knownArticle(id: string): string {
  const ids = articles.map((article) => article.id);
  if (ids.includes(id)) return id;
  throw new AppError("usage", `no such article: ${id}`, {
    hint: `did you mean ${nearestIds(id, ids).join(", ")}? azwise docs list --articles shows all`,
  });
}

function viewFacts(shown: readonly Fact[]): View {
  const empty: Note = { level: "info", text: "no facts have been taken from this article yet" };
  return {
    data: { facts: shown.map(factJson) },
    tables: [
      {
        columns: [{ header: "fact" }, { header: "says" }],
        rows: shown.map(({ id, text }) => ({ cells: [id, text] })),
      },
    ],
    notes: shown.length === 0 ? [empty] : [],
  };
}

function viewArticles(shown: readonly { article: Article; facts: number }[]): View {
  return {
    data: { articles: shown.map(({ article, facts: count }) => ({ ...articleJson(article), facts: count })) },
    tables: [
      {
        columns: [
          { header: "article" },
          { header: "title" },
          { header: "published" },
          { header: "facts", align: "right" },
        ],
        rows: shown.map(({ article, facts: count }) => ({
          cells: [article.id, article.title, article.published, count],
        })),
      },
    ],
    notes: [],
  };
}

export const list = verb({
  name: "list",
  summary: "List the facts azwise acts on, or the articles they come from",
  flags: [
    { flag: "--article <id>", summary: "only the facts of this article" },
    { flag: "--articles", summary: "list the articles instead of the facts" },
  ],
  examples: ["docs list --article odcr", "docs list --articles"],
  input: ListInput,
  run: runList,
  view: viewList,
});
