import { tellFailure } from "../../../azure/known.ts";
import { probeFlavours, type CatalogueQuestion } from "../ask-catalogue.ts";
import type { Flavour } from "../catalogue/catalogue-query.ts";
import type { ProbedFlavour } from "../flavour-plan.ts";
import type { TableState } from "../probe-table.ts";
import { tellName, tellTable } from "../run/told.ts";
import { seeName } from "../see-name.ts";
import { Moment, windowOf, type Window } from "../window.ts";

/** What it may mean that nothing new came: nothing wrong, rows in another flavour's table, or that no row could come. */
export type Emptiness =
  | { state: "quiet"; also: readonly string[] }
  | { state: "moved"; to: readonly string[] }
  | { state: "doubt"; texts: readonly string[] };

type Asked = Pick<CatalogueQuestion, "logs" | "customerId" | "query" | "given" | "window">;

interface Empty {
  flavour: Flavour;
  /** Whether --flavour says so. */
  isChosen: boolean;
  /** What was asked of the tables already, or nothing. */
  probed: readonly ProbedFlavour[];
}

/** For certain no row in the window. */
const HAS_NONE: readonly TableState["state"][] = ["missing", "silent", "older"];

/** Why a look brought no row; a few questions. */
export async function explainEmpty(asked: Asked, { flavour, isChosen, probed }: Empty): Promise<Emptiness> {
  const read =
    probed.length > 0 ? { value: probed } : await tellFailure("the tables", () => probeFlavours(asked));
  if ("unknown" in read) return doubt(`cannot tell whether any row could come: ${read.unknown}`);
  const own = read.value.find((each) => each.flavour === flavour.name)?.table;
  const others = read.value
    .filter((each) => each.flavour !== flavour.name && each.table.state === "quiet")
    .map((each) => each.flavour);
  const wide = widened(asked);
  if (own && HAS_NONE.includes(own.state) && others.length > 0) {
    if (!isChosen) return { state: "moved", to: others };
    return doubt(tellTable(own).text, `--flavour ${others.join(" or ")} has rows in the window`);
  }
  if (own && isStale(own, wide)) return doubt(tellTable(own).text);
  const seen = await seeName({ ...asked, window: wide }, flavour);
  if (seen === undefined || seen.state === "there") return { state: "quiet", also: others };
  return doubt(...tellName(seen).map(({ text }) => text));
}

function doubt(...texts: string[]): Emptiness {
  return { state: "doubt", texts };
}

/** A look may go back minutes; who writes seldom is looked for in the query's own window. */
function widened({ query, window: { from, until } }: Asked): Window {
  const own = windowOf({ since: Moment.parse(query.window) }, until);
  return own.from < from ? own : { from, until };
}

function isStale(table: TableState, { from }: Window): boolean {
  if (table.state === "quiet") return false;
  return table.state !== "older" || Date.parse(table.last) < from.getTime();
}
