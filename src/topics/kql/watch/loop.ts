import { createHash } from "node:crypto";
import { AzureError } from "../../../azure/azure-error.ts";
import type { LogsPort } from "../../../azure/log-ports.ts";
import type { Clock } from "../../../azure/ports.ts";
import { isPassing } from "../../../azure/transport-error.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import type { Json } from "../../../json.ts";
import { askCatalogue, type CatalogueAnswer } from "../ask-catalogue.ts";
import type { CatalogueQuery } from "../catalogue/catalogue-query.ts";
import type { Given } from "../catalogue/fill-query.ts";
import { explainEmpty } from "./empty.ts";
import { takeNew, type ArrivedRow } from "./rows-plan.ts";
import { writeWatch, type Watched, type WatchState } from "./state.ts";
import type { Window } from "../window.ts";

export const TIME = "TimeGenerated";
const ROWS_AT_ONCE = 1000;
const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE = 10;
const EXPLAIN_EVERY_MS = 3_600_000;
/** A clock is a little off at all times. */
const CLOCK_MS = 60_000;

export interface Watching {
  ctx: Context;
  logs: LogsPort;
  clock: Clock;
  /** Its texts without their bounds. */
  query: CatalogueQuery;
  given: Given;
  watched: Watched;
  file: string;
  state: WatchState;
  everyMs: number;
  lateMs: number;
  /** How long to go on; 0 is one question. Undefined goes on until it is stopped. */
  forMs: number | undefined;
  /** Told so far. */
  rows: number;
  /** Why nothing came, as it was last asked; undefined before, and once rows came. */
  explained: { atMs: number; isDoubt: boolean } | undefined;
}

/**
 * How one look ended: in full, in full without a row although none could come, in part or not at all, with an error that
 * may pass, or nobody reads any more.
 */
export type Look = "all" | "doubt" | "part" | "failed" | "unread";

/** Asks again and again; returns how the last look ended. Throws what does not pass, and AppError "interrupted". */
export async function watchOn(watching: Watching): Promise<Look> {
  const { clock, ctx, everyMs, forMs = Infinity } = watching;
  const began = clock.elapsed();
  for (let failures = 0; ;) {
    const looked = clock.elapsed();
    const look = await lookOnce(watching);
    const leftMs = forMs - (clock.elapsed() - began);
    if (look === "unread" || leftMs <= 0) return look;
    failures = look === "failed" ? failures + 1 : 0;
    const pauseMs = everyMs * Math.min(2 ** Math.max(0, failures - 1), LONGEST_PAUSE);
    const restMs = Math.max(SHORTEST_PAUSE_MS, pauseMs - (clock.elapsed() - looked));
    ctx.progress(`${watching.rows} rows so far; looking again in ${Math.ceil(restMs / 1000)} s`);
    await unlessStopped(watching, clock.sleep(Math.min(restMs, leftMs), ctx.signal));
  }
}

async function unlessStopped<T>({ ctx, state }: Watching, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!ctx.signal.aborted) throw error;
    throw new AppError("interrupted", `interrupted; ${farText(state)}`, {
      hint: "the same command goes on from there",
      cause: error,
    });
  }
}

export function farText({ mark: { untilMs } }: WatchState): string {
  return untilMs === undefined
    ? "nothing was asked in full yet"
    : `asked up to ${new Date(untilMs).toISOString()}`;
}

async function lookOnce(watching: Watching): Promise<Look> {
  const { logs, clock, ctx, query, given, watched } = watching;
  const until = clock.now();
  goBack(watching, until);
  const { state } = watching;
  const window = { from: new Date(state.mark.fromMs), until };
  if (until <= window.from) {
    ctx.say(
      `${until.toISOString()}: rows since ${window.from.toISOString()} are to come, so nothing was asked`,
    );
    return "part";
  }
  ctx.progress("asking");
  const flavour = state.flavour ?? watched.flavour;
  try {
    const asked = askCatalogue({ logs, customerId: watched.customerId, query, given, flavour, window });
    return await takeAnswer(await unlessStopped(watching, asked), window, watching);
  } catch (error) {
    if (!(error instanceof AzureError) || !mayPass(error)) throw error;
    ctx.say(`${window.until.toISOString()}: no answer, asking about this time again: ${error.message}`);
    return "failed";
  }
}

/** A clock that was ahead has a mark ahead, and what is written before that would never be asked for. */
function goBack(watching: Watching, now: Date): void {
  const { ctx, lateMs, state } = watching;
  const { mark } = state;
  const { untilMs = 0 } = mark;
  if (untilMs - now.getTime() < CLOCK_MS) return;
  const fromMs = Math.min(mark.fromMs, now.getTime() - lateMs);
  ctx.say(
    `${now.toISOString()}: ${farText(state)}, which is still to come: the clock was set back; rows since ${new Date(fromMs).toISOString()} are asked for, and may be told twice`,
  );
  watching.state = { ...state, mark: { ...mark, fromMs, untilMs: now.getTime() } };
}

/** Throttled, took too long, lost, or failed over there. */
function mayPass(error: AzureError): boolean {
  const { kind, status } = error;
  if (kind === "timeout") return true;
  return kind === "failed" && isPassing(error) && (status === undefined || status >= 500);
}

interface Row extends ArrivedRow {
  cells: Json[];
}

async function takeAnswer(answer: CatalogueAnswer, window: Window, watching: Watching): Promise<Look> {
  const { ctx, state, watched, lateMs } = watching;
  const { until } = window;
  if (!answer.whole) {
    const table = answer.flavour.tables[0]?.name ?? "";
    ctx.say(`${until.toISOString()}: there is no table ${table} here, so nothing was ever sent to it`);
    return "part";
  }
  const { columns, rows, end } = answer.whole.answer;
  const isAll = end.outcome === "complete";
  const at = columns.findIndex(({ name }) => name === TIME);
  const arrived = rows.map((cells): Row => ({
    cells,
    key: keyOf(cells),
    atMs: Date.parse(String(cells[at])),
  }));
  const taken = takeNew(state.mark, { rows: arrived, untilMs: until.getTime(), isAll, lateMs });
  const fresh = taken.fresh.sort((one, other) => one.atMs - other.atMs).map(({ cells }) => cells);
  if (!(await tell(fresh, { columns: columns.map(({ name }) => name), watching }))) return "unread";
  watching.rows += fresh.length;
  if (!isAll) ctx.say(`${until.toISOString()}: ${partText(answer.whole)}; asking about this time again`);
  const probed = answer.probed.find((each) => each.flavour === answer.flavour.name);
  const hasRows = rows.length > 0 || probed === undefined || probed.table.state === "quiet";
  const settled = state.flavour ?? (hasRows ? answer.flavour.name : undefined);
  if (state.flavour === undefined && settled !== undefined && answer.also.length > 0)
    ctx.say(`watching flavour ${settled}; ${answer.also.join(", ")} has rows, too: --flavour chooses`);
  const empty = isAll && rows.length === 0 ? await explain({ answer, window, watching }) : undefined;
  if (empty === "moved") {
    watching.state = { mark: state.mark, flavour: undefined };
    return lookOnce(watching);
  }
  if (rows.length > 0) watching.explained = undefined;
  // Only now: what was not handed over would be lost.
  const next = { mark: taken.mark, flavour: settled };
  await writeWatch(watching.file, watched, next);
  watching.state = next;
  if (!isAll) return "part";
  return empty === "doubt" ? "doubt" : "all";
}

interface Empty {
  answer: CatalogueAnswer;
  window: Window;
  watching: Watching;
}

/** Asked at the first look without a row, and each hour: a name that is typed wrong has no row for ever. */
async function explain({ answer, window, watching }: Empty): Promise<"quiet" | "doubt" | "moved"> {
  const { ctx, clock, logs, query, given, watched, explained } = watching;
  const atMs = clock.elapsed();
  if (explained && atMs - explained.atMs < EXPLAIN_EVERY_MS) return explained.isDoubt ? "doubt" : "quiet";
  const { flavour, probed } = answer;
  const asked = { logs, customerId: watched.customerId, query, given, window };
  const isChosen = watched.flavour !== undefined;
  const found = await unlessStopped(watching, explainEmpty(asked, { flavour, isChosen, probed }));
  const say = (text: string): void => ctx.say(`${window.until.toISOString()}: ${text}`);
  if (found.state === "moved") {
    say(`flavour ${flavour.name} has no row since ${window.from.toISOString()}, ${found.to.join(", ")} has`);
    return "moved";
  }
  if (found.state === "doubt") found.texts.forEach(say);
  else if (found.also.length > 0 && !isChosen)
    say(`watching flavour ${flavour.name}; ${found.also.join(", ")} has rows, too: --flavour chooses`);
  watching.explained = { atMs, isDoubt: found.state === "doubt" };
  return found.state;
}

/** The same for equal rows; rows themselves are not kept. */
function keyOf(cells: readonly Json[]): string {
  return createHash("sha256").update(JSON.stringify(cells)).digest("base64url").slice(0, 22);
}

interface Telling {
  columns: string[];
  watching: Watching;
}

/** False when nobody reads any more. */
async function tell(rows: Json[][], { columns, watching }: Telling): Promise<boolean> {
  const { follow } = watching.ctx;
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    if (follow && !(await follow({ columns, rows: rows.slice(at, at + ROWS_AT_ONCE) }))) return false;
  }
  return true;
}

function partText({ answer, unsplit }: NonNullable<CatalogueAnswer["whole"]>): string {
  const { outcome, problem } = answer.end;
  if (outcome === "no-data") return "this workspace never had any data";
  if (outcome === "no-answer") return "the service answered without a body";
  const why = unsplit === undefined ? "" : ` (not asked in parts: ${unsplit})`;
  return `the answer is not all: ${problem?.message ?? outcome}${why}`;
}
