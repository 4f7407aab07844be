import { EXIT, type ExitCode } from "../../../errors.ts";
import type { Result } from "./result.ts";

/** What became of a question; docs/kql.md says what each means. */
export type Outcome =
  | "complete"
  | "partial"
  | "truncated"
  | "quiet"
  | "empty"
  | "other-flavour"
  | "no-name"
  | "no-table"
  | "no-column"
  | "no-data"
  | "no-answer"
  | "failed";

const EXITS: Record<Outcome, ExitCode> = {
  complete: EXIT.ok,
  quiet: EXIT.ok,
  partial: EXIT.partial,
  truncated: EXIT.partial,
  empty: EXIT.partial,
  "other-flavour": EXIT.partial,
  "no-name": EXIT.partial,
  "no-table": EXIT.partial,
  "no-column": EXIT.partial,
  "no-data": EXIT.partial,
  failed: EXIT.partial,
  "no-answer": EXIT.failed,
};

export function outcomeOf(result: Result): Outcome {
  const { answer, missingTable, missingColumn, others, error } = result;
  if (error) return "failed";
  if (missingColumn !== undefined) return "no-column";
  // A count of no rows is a row, too.
  const isExplained = result.empty !== undefined || result.untold !== undefined;
  if (answer && (answer.end.outcome !== "complete" || (answer.count > 0 && !isExplained)))
    return answer.end.outcome;
  // What could not be counted may match, too.
  if (others.some(({ matching }) => matching !== 0)) return "other-flavour";
  if (missingTable !== undefined || !answer) return "no-table";
  return whyEmpty(result);
}

function whyEmpty({ empty, untold, name }: Result): Outcome {
  const hasRows = empty?.every(({ state }) => state === "quiet") === true;
  if (!hasRows || untold !== undefined || name?.state === "untold") return "empty";
  return name?.state === "absent" ? "no-name" : "quiet";
}

/** One that failed outweighs one that is not all. */
export function exitOf(outcomes: readonly Outcome[]): ExitCode {
  const exits = outcomes.map((each) => EXITS[each]);
  return exits.find((each) => each === EXIT.failed) ?? exits.find((each) => each !== EXIT.ok) ?? EXIT.ok;
}
