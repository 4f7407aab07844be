import type { TableState } from "./probe-table.ts";

/** What is known of the table of one flavour. */
export interface ProbedFlavour {
  flavour: string;
  table: TableState;
}

export interface FlavourChoice {
  flavour: string;
  /** Others that have rows in the window, too. */
  also: readonly string[];
  /** Others of which it cannot be told whether they have. */
  untold: readonly string[];
}

/**
 * The flavour to ask: the one with rows in the window, of several the one with the newest row; where none has any, one that
 * may have, then the one whose last row is the newest, then one whose table is there at all.
 */
export function chooseFlavour(probed: readonly ProbedFlavour[]): FlavourChoice {
  const ranked = probed.toSorted((one, other) => compare(one.table, other.table));
  const [first, ...others] = ranked;
  if (!first) throw new Error("a query has no flavour");
  const those = (state: TableState["state"]): string[] =>
    others.filter(({ table }) => table.state === state).map(({ flavour }) => flavour);
  return { flavour: first.flavour, also: those("quiet"), untold: those("untold") };
}

const RANKS: Record<TableState["state"], number> = { quiet: 0, untold: 1, older: 2, silent: 3, missing: 4 };

function compare(one: TableState, other: TableState): number {
  const rank = RANKS[one.state] - RANKS[other.state];
  if (rank !== 0) return rank;
  const [first, second] = [lastOf(one), lastOf(other)];
  return first === second ? 0 : first > second ? -1 : 1;
}

/** Times in UTC sort as texts once their end is gone: with it, a whole second would come after its fractions. */
function lastOf(state: TableState): string {
  return "last" in state ? state.last.replace(/Z$/, "") : "";
}
