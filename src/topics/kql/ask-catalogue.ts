import { LogQueryError } from "../../azure/log-refusal.ts";
import type { LogsPort } from "../../azure/log-ports.ts";
import type { CatalogueQuery, Flavour } from "./catalogue/catalogue-query.ts";
import { fillQuery, tablesOf, type Given } from "./catalogue/fill-query.ts";
import { findFlavour } from "./catalogue/find-query.ts";
import { chooseFlavour, type ProbedFlavour } from "./flavour-plan.ts";
import { probeTable } from "./probe-table.ts";
import type { TakeRows } from "./ask-once.ts";
import { askWhole, type Whole } from "./ask-whole.ts";
import type { Window } from "./window.ts";

/** A query of the catalogue, for one workspace. */
export interface CatalogueQuestion {
  logs: LogsPort;
  /** The workspace's GUID. */
  customerId: string;
  query: CatalogueQuery;
  given: Given;
  /** A flavour's name; looked for by what the tables have when left out. */
  flavour?: string | undefined;
  window: Window;
  /** Why an answer that is cut at a limit is not asked for in parts; it is when left out. */
  unsplit?: string | undefined;
  /** Gets rows as they arrive; they are kept when left out. */
  take?: TakeRows | undefined;
}

export interface CatalogueAnswer {
  flavour: Flavour;
  /** Others that have rows in the window, too. */
  also: readonly string[];
  /** Others of which it cannot be told whether they have. */
  untold: readonly string[];
  /** The text that was asked. */
  text: string;
  /** What the tables of the flavours had, where that was asked: every flavour's, or none's. */
  probed: readonly ProbedFlavour[];
  /** Undefined when the table is not there. */
  whole: Whole | undefined;
}

/**
 * Asks one workspace a query of the catalogue, in the flavour that has rows. Throws AppError (usage) for a wrong flavour
 * or parameter before anything is asked, and AzureError as `LogsPort.query` does, but not for a table that is missing.
 */
export async function askCatalogue(question: CatalogueQuestion): Promise<CatalogueAnswer> {
  const { logs, customerId, query, given, window } = question;
  const texts = new Map(query.flavours.map((each) => [each.name, fillQuery(query, each, given)]));
  const isChosen = question.flavour !== undefined || query.flavours.length === 1;
  const probed = isChosen ? [] : await probeFlavours(question);
  const choice = isChosen ? { flavour: question.flavour, also: [], untold: [] } : chooseFlavour(probed);
  const flavour = findFlavour(query, choice.flavour);
  const text = texts.get(flavour.name) ?? "";
  const answer = { ...choice, flavour, text, probed };
  if (probed.some((each) => each.flavour === flavour.name && each.table.state === "missing")) {
    return { ...answer, whole: undefined };
  }
  const { take, unsplit } = question;
  try {
    const asked = { workspace: customerId, text, ...window };
    return { ...answer, whole: await askWhole({ logs, take, unsplit }, asked) };
  } catch (error) {
    const table = tableOf(query, flavour, given);
    if (error instanceof LogQueryError && error.unknown?.name === table)
      return { ...answer, whole: undefined };
    throw error;
  }
}

/** What the table of each flavour has, all asked at once. */
export async function probeFlavours(
  question: Pick<CatalogueQuestion, "logs" | "customerId" | "query" | "given" | "window">,
): Promise<ProbedFlavour[]> {
  const { query, given } = question;
  return Promise.all(
    query.flavours.map(async (flavour) => ({
      flavour: flavour.name,
      table: await probeTable(tableOf(query, flavour, given), { ...question, only: flavour.only }),
    })),
  );
}

/** The catalogue's texts read one table each. */
function tableOf(query: CatalogueQuery, flavour: Flavour, given: Given): string {
  return tablesOf(query, flavour, given)[0]?.name ?? "";
}
