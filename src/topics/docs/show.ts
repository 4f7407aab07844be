import * as z from "zod";
import { articles } from "../../docs/articles.ts";
import type { Article, Fact } from "../../docs/fact.ts";
import { facts } from "../../docs/facts/all.ts";
import { nearestIds } from "../../docs/nearest.ts";
import { AppError } from "../../errors.ts";
import type { CellValue, Note, Table, View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { articleJson, factJson } from "./as-json.ts";

const ShowInput = z.object({ id: z.string() });
type ShowInput = z.infer<typeof ShowInput>;

type ShowResult =
  | { kind: "fact"; fact: Fact; article: Article; contradictedBy: string[] }
  | { kind: "article"; article: Article; facts: Fact[] };

async function runShow({ id }: ShowInput): Promise<ShowResult> {
  const fact = facts.find((candidate) => candidate.id === id);
  const article = articles.find((candidate) => candidate.id === (fact?.article ?? id));
  if (!article) throw unknown(id);
  if (!fact) return { kind: "article", article, facts: facts.filter((of) => of.article === id) };
  const contradictedBy = facts.filter((other) => other.contradicts?.includes(id)).map((other) => other.id);
  return { kind: "fact", fact, article, contradictedBy };
}

function unknown(id: string): AppError {
  const ids = [...facts, ...articles].map((known) => known.id);
  return new AppError("usage", `no such fact or article: ${id}`, {
    hint: `did you mean ${nearestIds(id, ids).join(", ")}? azwise docs search finds by words`,
  });
}

function viewShow(result: ShowResult): View {
  return result.kind === "fact" ? viewFact(result) : viewArticle(result);
}

function viewFact({ fact, article, contradictedBy }: ShowResult & { kind: "fact" }): View {
  return {
    data: { fact: { ...factJson(fact), contradictedBy }, article: articleJson(article) },
    tables: [
      fields([
        ["fact", fact.id],
        ["says", fact.text],
        ["applies to", fact.appliesTo],
        ["section", fact.section],
        ["article", article.title],
        ["publisher", article.publisher],
        ["published", article.published ?? "date unknown"],
        ["address", article.url],
      ]),
    ],
    notes: disagreements(fact.contradicts ?? [], contradictedBy),
  };
}

function disagreements(contradicts: readonly string[], contradictedBy: readonly string[]): Note[] {
  return [
    ...contradictedBy.map((id): Note => {
      return { level: "warning", text: `${id} says otherwise, and azwise follows that`, because: [id] };
    }),
    ...contradicts.map((id): Note => {
      return {
        level: "info",
        text: `${id} says otherwise; azwise follows the fact shown here`,
        because: [id],
      };
    }),
  ];
}

function viewArticle({ article, facts: taken }: ShowResult & { kind: "article" }): View {
  const none: Note = { level: "info", text: "no facts have been taken from this article yet" };
  return {
    data: { article: articleJson(article), facts: taken.map(factJson) },
    tables: [
      fields([
        ["article", article.id],
        ["title", article.title],
        ["publisher", article.publisher],
        ["published", article.published ?? "date unknown"],
        ["address", article.url],
      ]),
      {
        title: "Facts",
        columns: [{ header: "fact" }, { header: "says" }],
        rows: taken.map(({ id, text }) => ({ cells: [id, text] })),
      },
    ],
    notes: taken.length === 0 ? [none] : [],
  };
}

function fields(pairs: readonly [string, CellValue | undefined][]): Table {
  const known = pairs.filter(
    (pair): pair is [string, CellValue] => pair[1] !== undefined && pair[1] !== null,
  );
  return {
    columns: [{ header: "field" }, { header: "value" }],
    rows: known.map(([name, value]) => ({ cells: [name, value] })),
  };
}

export const show = verb({
  name: "show",
  summary: "Show one fact with its source, or one article with its facts",
  args: ["<id>"],
  flags: [],
  examples: ["docs show odcr/regional-restart", "docs show azure-wire"],
  input: ShowInput,
  run: runShow,
  view: viewShow,
});
