import type { LogQuestion, LogsPort } from "../../azure/log-ports.ts";
import { askOnce, type Answer, type TakeRows } from "./ask-once.ts";
import { judgeSplit, type Splitting } from "./split-plan.ts";
import { readText } from "./text-window.ts";

const SMALLEST_MS = 60_000;
const TIME = "TimeGenerated";

/** An answer put together from parts of its window, or why it was not. */
export interface Whole {
  answer: Answer;
  /** How many answers it is made of. */
  parts: number;
  unsplit: string | undefined;
}

export interface Whether {
  logs: LogsPort;
  /** Gets rows as they arrive, which cannot be taken back, so that nothing is asked for in parts. */
  take?: TakeRows | undefined;
  /** Why nothing is asked for in parts. */
  unsplit?: string | undefined;
}

/** Asks, and in parts what is cut at a limit. */
export async function askWhole({ logs, take, unsplit }: Whether, question: LogQuestion): Promise<Whole> {
  const answer = await askOnce(logs, question, take);
  const why = take ? "-o ndjson has let its rows go" : unsplit;
  if (answer.end.outcome !== "truncated" || why !== undefined) return { answer, parts: 1, unsplit: why };
  return askInParts(logs, question, answer);
}

/** Asks in halves what was cut at a limit, down to a minute, where the parts are together the whole. */
async function askInParts(logs: LogsPort, question: LogQuestion, cut: Answer): Promise<Whole> {
  const splitting = await judgeText(question.text);
  const isTimed = cut.columns.some(({ name, type }) => name === TIME && type === "datetime");
  const why = "why" in splitting ? splitting.why : isTimed ? undefined : `${TIME} is not among its columns`;
  if (why !== undefined || "why" in splitting) return { answer: cut, parts: 1, unsplit: why };
  return halve({ logs, newestFirst: splitting.newestFirst }, question, cut);
}

/** Whether an answer to a text is the sum of those of parts of its window; thousands of conditions are not understood. */
export async function judgeText(text: string): Promise<Splitting> {
  const query = await readText(text);
  return query ? judgeSplit(query) : { why: "azwise does not understand all of its text" };
}

interface Asking {
  logs: LogsPort;
  newestFirst: boolean;
}

async function halve(asking: Asking, question: LogQuestion, cut: Answer): Promise<Whole> {
  const [from, until] = [question.from.getTime(), question.until.getTime()];
  if ((until - from) / 2 < SMALLEST_MS) {
    return { answer: cut, parts: 1, unsplit: "a minute of it is beyond the limit" };
  }
  const middle = new Date(Math.floor((from + until) / 2));
  const older = await askPart(asking, { ...question, until: middle });
  const newer = await askPart(asking, { ...question, from: middle });
  return join(withoutTime(older, middle), newer, asking);
}

async function askPart(asking: Asking, question: LogQuestion): Promise<Whole> {
  const answer = await askOnce(asking.logs, question);
  const isCut = answer.end.outcome === "truncated";
  return isCut ? halve(asking, question, answer) : { answer, parts: 1, unsplit: undefined };
}

/** Whether a window has its last moment is not documented, so a row of that moment is taken from the newer part alone. */
function withoutTime(whole: Whole, moment: Date): Whole {
  const { answer } = whole;
  const at = answer.columns.findIndex(({ name }) => name === TIME);
  const rows = answer.rows.filter((row) => !isMoment(String(row[at]), moment));
  return { ...whole, answer: { ...answer, rows, count: rows.length } };
}

/** Seven digits of a second, of which a Date has three. */
function isMoment(text: string, moment: Date): boolean {
  return new Date(text).getTime() === moment.getTime() && !/\.\d{3}0*[1-9]/.test(text);
}

function join(older: Whole, newer: Whole, { newestFirst }: Asking): Whole {
  const [first, second] = newestFirst ? [newer.answer, older.answer] : [older.answer, newer.answer];
  const bad = [first.end, second.end].find(({ outcome }) => outcome !== "complete");
  const rows = first.rows.concat(second.rows);
  return {
    answer: { columns: first.columns, rows, count: rows.length, end: bad ?? first.end },
    parts: older.parts + newer.parts,
    unsplit: older.unsplit ?? newer.unsplit,
  };
}
