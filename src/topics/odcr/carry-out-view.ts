import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Table } from "../../output/view.ts";
import {
  carriedOutData as dataOfPlan,
  carriedOutTables as tablesOfPlan,
  endNotes as notesOfPlan,
} from "../../plan/carry-out-view.ts";
import type { CarriedOut } from "./carry-out.ts";
import { coverageOf, coverageTable } from "./coverage.ts";
import type { Leaving } from "./detach-verdict.ts";
import type { Action } from "./plan-verdict.ts";

/** What an action does to the VM that it is decided for. */
export const IMPACT: Readonly<Record<Action | Leaving, Cell>> = {
  attach: { text: "none", tone: "good" },
  detach: { text: "none", tone: "good" },
  "nothing to do": { text: "none", tone: "dim" },
  restart: { text: "restart", tone: "warn" },
  "not needed": { text: "none", tone: "dim" },
  "left alone": { text: "restart", tone: "warn" },
  refused: { text: "impossible", tone: "bad" },
};

export function carriedOutTables(result: CarriedOut, own: readonly Table[]): Table[] {
  const { after } = result;
  const coverage = after
    ? [{ ...coverageTable(after.flatMap((group) => coverageOf(group))), title: "Coverage now" }]
    : [];
  return [...tablesOfPlan(result, own), ...coverage];
}

export function endNotes(result: CarriedOut): Note[] {
  const { unread } = result;
  const text = `the coverage afterwards could not be read: ${unread}`;
  return [...notesOfPlan(result), ...(unread === undefined ? [] : [{ level: "warning" as const, text }])];
}

export function carriedOutData(result: CarriedOut): JsonObject {
  const { after } = result;
  return {
    ...dataOfPlan(result),
    coverage: after
      ? after.flatMap((group) => coverageOf(group)).map((each) => ({ ...each }) as unknown as JsonObject)
      : null,
  };
}
