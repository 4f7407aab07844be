import { LogQueryError } from "../../../azure/log-refusal.ts";
import type { Context } from "../../../context.ts";
import { askCatalogue, type CatalogueAnswer, type CatalogueQuestion } from "../ask-catalogue.ts";
import type { Flavour } from "../catalogue/catalogue-query.ts";
import { fillQuery } from "../catalogue/fill-query.ts";
import type { Asked } from "../find-workspace.ts";
import { explainNamed } from "./named-empty.ts";
import { NOTHING, type Result, type UsedFlavour } from "./result.ts";

export interface AskedQuery extends Omit<CatalogueQuestion, "customerId"> {
  workspace: Asked;
}

/** Asks a workspace a query of the catalogue, and why there is no row where none came. Throws as `askCatalogue` does. */
export async function askNamed(asked: AskedQuery, ctx: Context): Promise<Result> {
  const { workspace } = asked;
  const question = { ...asked, customerId: workspace.customerId };
  try {
    const answer = await askCatalogue(question);
    const { flavour, also, untold, text, whole } = answer;
    const used = { flavour, also, untold, why: whyOf(question, answer) };
    const known = { ...NOTHING, workspace, text, used };
    const isAnswered =
      whole !== undefined && (whole.answer.count > 0 || whole.answer.end.outcome !== "complete");
    if (isAnswered) return { ...known, ...whole };
    return { ...known, ...whole, ...(await explainNamed({ question, answer, workspace }, ctx)) };
  } catch (error) {
    const seen = error instanceof LogQueryError ? lackingColumn(asked, error) : undefined;
    if (seen === undefined) throw error;
    return { ...NOTHING, workspace, ...seen };
  }
}

function whyOf({ query, flavour: typed }: CatalogueQuestion, answer: CatalogueAnswer): UsedFlavour["why"] {
  if (typed !== undefined) return "chosen";
  if (query.flavours.length === 1) return "only";
  const own = answer.probed.find(({ flavour }) => flavour === answer.flavour.name)?.table.state;
  if (own === "quiet") return answer.also.length > 0 ? "newer" : "rows";
  if (own === "untold") return "untold";
  return own === "older" ? "last" : own === "silent" ? "table" : "none";
}

/** Undefined when it is not a column of the catalogue's own tables that the service does not know. */
function lackingColumn(
  { query, given, flavour: typed }: AskedQuery,
  { unknown }: LogQueryError,
): Pick<Result, "missingColumn" | "used" | "text"> | undefined {
  const column = unknown?.name;
  const flavour = query.flavours.find(
    (each) => (typed === undefined || each.name === typed) && hasColumn(each, column),
  );
  if (column === undefined || !flavour) return undefined;
  const why = typed !== undefined ? "chosen" : query.flavours.length === 1 ? "only" : "rows";
  const text = fillQuery(query, flavour, given);
  return { missingColumn: column, text, used: { flavour, why, also: [], untold: [] } };
}

function hasColumn({ tables }: Flavour, column: string | undefined): boolean {
  return tables.some(({ columns }) => columns.some(({ name }) => name === column));
}
