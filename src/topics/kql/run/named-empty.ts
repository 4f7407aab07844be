import { tellFailure } from "../../../azure/known.ts";
import type { Context } from "../../../context.ts";
import {
  askCatalogue,
  probeFlavours,
  type CatalogueAnswer,
  type CatalogueQuestion,
} from "../ask-catalogue.ts";
import { tablesOf, unusedIn } from "../catalogue/fill-query.ts";
import { findFlavour } from "../catalogue/find-query.ts";
import type { Asked } from "../find-workspace.ts";
import type { ProbedFlavour } from "../flavour-plan.ts";
import { sourceKindOf } from "../log-source-plan.ts";
import { customTables } from "./empty.ts";
import { readLogSource } from "../read-log-source.ts";
import type { OtherFlavour, Result } from "./result.ts";
import { seeName } from "../see-name.ts";

interface Unanswered {
  question: CatalogueQuestion;
  answer: CatalogueAnswer;
  workspace: Asked;
}

type Why = Pick<Result, "empty" | "missingTable" | "similarTables" | "others" | "name" | "source">;

/** Why a query of the catalogue has no row: its tables, other flavours, the name that was given, what sends the logs. */
export async function explainNamed(unanswered: Unanswered, ctx: Context): Promise<Why> {
  const { question, answer } = unanswered;
  const probed = answer.probed.length > 0 ? answer.probed : await probeFlavours(question);
  const own = probed.find(({ flavour }) => flavour === answer.flavour.name);
  const others = probed.filter((each) => each !== own && each.table.state === "quiet");
  const lacking = probed.filter(({ table }) => table.state !== "quiet");
  const untold = lacking.filter((each) => each !== own && each.table.state === "untold");
  const hasRows = own?.table.state === "quiet";
  const [matching, name] = await Promise.all([
    Promise.all(others.map((each) => countMatching(each, question))),
    hasRows ? seeName(question, answer.flavour) : undefined,
  ]);
  const isThere = hasRows && name?.state !== "absent";
  return {
    empty: (answer.whole && own ? [own, ...untold] : lacking).map(({ table }) => table),
    missingTable: answer.whole ? undefined : own?.table.table,
    similarTables: await candidates(unanswered, ctx),
    others: matching,
    name,
    source:
      isThere || matching.some((each) => each.matching !== 0) ? undefined : await sourceOf(unanswered, ctx),
  };
}

/** Where everybody's table has another name: which tables may be meant. */
async function candidates({ question, answer, workspace }: Unanswered, ctx: Context): Promise<string[]> {
  const { query, given } = question;
  if (answer.whole || query.tableParameter === undefined) return [];
  const { workspaces } = await ctx.azure();
  const [table] = tablesOf(query, query.flavours[0], given);
  return customTables(table?.name ?? "", workspace, workspaces);
}

/** How many rows another flavour has for the question, which are not shown. */
async function countMatching(
  { flavour, table: { table } }: ProbedFlavour,
  question: CatalogueQuestion,
): Promise<OtherFlavour> {
  // Without a place for all that was given more would match than was asked for.
  if (unusedIn(findFlavour(question.query, flavour), question.given).length > 0) {
    return { flavour, table, matching: undefined };
  }
  const unseen = { ...question, flavour, take: async () => true };
  const asked = await tellFailure(flavour, () => askCatalogue(unseen));
  const counted = "value" in asked ? asked.value.whole?.answer : undefined;
  return { flavour, table, matching: counted?.end.outcome === "complete" ? counted.count : undefined };
}

/** Undefined where no name was given, or where none of the resources of the table could have it. */
async function sourceOf(
  { question, answer: { flavour }, workspace }: Unanswered,
  ctx: Context,
): Promise<Result["source"]> {
  const { query, given } = question;
  const name = given.get(flavour.names?.parameter ?? "") ?? "";
  const kind = sourceKindOf(tablesOf(query, flavour, given)[0]?.name ?? "");
  return name === "" || kind === undefined ? undefined : readLogSource({ name, kind, workspace }, ctx);
}
