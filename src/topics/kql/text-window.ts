import { compile } from "../../kql/compile.ts";
import type { Scalar } from "../../kql/compiled.ts";
import { readQuery } from "../../kql/read-query.ts";
import { QueryError, type Expression, type Let, type Query } from "../../kql/syntax.ts";
import { scopeOf } from "../../kql/table.ts";
import { dateOf, ticksOf } from "../../kql/values.ts";
import { tablesIn } from "./tables-in.ts";
import { isTimed, pipelinesOf, timesIn } from "./time-steps.ts";
import { windowOf, type Typed, type Window } from "./window.ts";

const TIME = "TimeGenerated";

/**
 * What a text's own filters by time leave of a window; undefined where this cannot be told, and "nothing" where they share
 * no moment. Told are comparisons with constants, in the first `where` of the only table.
 */
export function narrow(query: Query, window: Window, now: Date): Window | "nothing" | undefined {
  return unlessTooDeep(() => narrowed(query, window, now));
}

function narrowed(query: Query, window: Window, now: Date): Window | "nothing" | undefined {
  const { lets, pipeline } = query;
  const scalars = scalarsOf(lets, now);
  const others = pipeline.operators.findIndex(({ kind }) => kind !== "where");
  const first = pipeline.operators.slice(0, others === -1 ? undefined : others);
  const isOne = pipeline.source.kind === "table" && tablesIn(query).length === 1;
  const conditions = isOne
    ? first.flatMap((each) => ("condition" in each ? partsOf(each.condition) : []))
    : [];
  const bounds = conditions.map((condition) => ({ condition, ...boundsOf(condition, { scalars, now }) }));
  const used = new Set<unknown>(bounds.flatMap(({ condition, ...each }) => (isBound(each) ? condition : [])));
  const pipelines = pipelinesOf(query);
  const times = timesIn(pipelines);
  const comparing = { times, known: used };
  if (pipelines.some(({ steps }) => namesTime(steps, comparing))) return undefined;
  const from = Math.max(window.from.getTime(), ...bounds.flatMap((each) => each.from?.getTime() ?? []));
  const until = Math.min(window.until.getTime(), ...bounds.flatMap((each) => each.until?.getTime() ?? []));
  return from < until ? { from: new Date(from), until: new Date(until) } : "nothing";
}

/** The first moment that a text's own filters by time leave anywhere; undefined where none is told by constants. */
export function startOf(query: Query, now: Date): Date | undefined {
  const scalars = scalarsOf(query.lets, now);
  const parts = unlessTooDeep(() => partsIn(pipelinesOf(query).map(({ steps }) => steps))) ?? [];
  const starts = parts.flatMap(
    (each) => boundsOf(each as Expression, { scalars, now }).from?.getTime() ?? [],
  );
  return starts.length === 0 ? undefined : new Date(Math.min(...starts));
}

/** All that a query consists of. */
function partsIn(query: unknown): object[] {
  const parts: object[] = [];
  const left = [query];
  while (left.length > 0) {
    const part = left.pop();
    if (typeof part !== "object" || part === null) continue;
    parts.push(part);
    for (const each of Object.values(part)) left.push(each);
  }
  return parts;
}

interface Bounds {
  from?: Date | undefined;
  until?: Date | undefined;
}

function isBound({ from, until }: Bounds): boolean {
  return from !== undefined || until !== undefined;
}

/** What has to be true together. */
function partsOf(condition: Expression): Expression[] {
  if (condition.kind !== "binary" || condition.operator !== "and") return [condition];
  return [...partsOf(condition.left), ...partsOf(condition.right)];
}

interface Known {
  scalars: ReadonlyMap<string, Scalar>;
  now: Date;
}

function boundsOf(condition: Expression, known: Known): Bounds {
  if (condition.kind === "between" && !condition.isNegated && isTime(condition.of)) {
    const from = timeOf(condition.from, known);
    const until = timeOf(condition.to, known) ?? laterBy(condition.to, { from, known });
    return from && until ? { from, until } : {};
  }
  if (condition.kind !== "binary" || !/^[<>]=?$/.test(condition.operator)) return {};
  const { left, right, operator } = condition;
  const isAfter = operator.startsWith(">");
  if (isTime(left)) return isAfter ? { from: timeOf(right, known) } : { until: timeOf(right, known) };
  if (isTime(right)) return isAfter ? { until: timeOf(left, known) } : { from: timeOf(left, known) };
  return {};
}

function isTime(expression: Expression): boolean {
  return expression.kind === "column" && expression.name === TIME;
}

function timeOf(expression: Expression, known: Known): Date | undefined {
  const scalar = valueOf(expression, known);
  return scalar?.type === "datetime" && typeof scalar.value === "bigint" ? momentOf(scalar.value) : undefined;
}

/** `between (A .. 7d)` is up to 7 days after A. */
function laterBy(length: Expression, { from, known }: { from: Date | undefined; known: Known }) {
  const scalar = valueOf(length, known);
  if (!from || scalar?.type !== "timespan" || typeof scalar.value !== "bigint") return undefined;
  return momentOf(ticksOf(from) + scalar.value);
}

const EARLIEST = ticksOf(new Date(0));
const LATEST = ticksOf(new Date("9999-12-31"));

/** No log is older than 1970, and no address takes a year below one, as `ago(1000000d)` has it. */
function momentOf(ticks: bigint): Date {
  return dateOf(ticks < EARLIEST ? EARLIEST : ticks > LATEST ? LATEST : ticks);
}

/** Undefined for what depends on a row. */
function valueOf(expression: Expression, { scalars, now }: Known): Scalar | undefined {
  try {
    const { type, of } = compile(expression, scopeOf([], { tables: new Map(), scalars, now: ticksOf(now) }));
    return { type, value: of([]) };
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

function scalarsOf(lets: readonly Let[], now: Date): Map<string, Scalar> {
  const scalars = new Map<string, Scalar>();
  for (const { name, value } of lets) {
    const scalar = "source" in value ? undefined : valueOf(value, { scalars, now });
    if (scalar) scalars.set(name, scalar);
  }
  return scalars;
}

interface Comparing {
  times: ReadonlySet<string>;
  known: ReadonlySet<unknown>;
}

/** Whether a part of a query, but for those that are known, compares the time of a row, or counts back from now. */
function namesTime(part: unknown, comparing: Comparing): boolean {
  const { times, known } = comparing;
  if (typeof part !== "object" || part === null || known.has(part)) return false;
  const { kind, name, operator, left, right, options, of } = part as Record<string, unknown>;
  if (kind === "call" && name === "ago") return true;
  const isComparison = operator !== undefined && !MAKES.has(String(operator));
  const sides = kind === "between" ? [of] : isComparison ? [left, right, options] : [];
  if (sides.some((each) => isTimed(each, times))) return true;
  return Object.values(part).some((each) => namesTime(each, comparing));
}

/** All other operators compare. */
const MAKES = new Set(["and", "or", "+", "-", "*", "/", "%"]);

/** Whether a text may ask for rows before every moment that it names as a first one. */
function isUnread(query: Query, now: Date): boolean {
  const known = { scalars: scalarsOf(query.lets, now), now };
  const pipelines = pipelinesOf(query);
  const times = timesIn(pipelines);
  const bounded = new Set<string>();
  return pipelines.some((each) => {
    const isBounded =
      bounded.has(each.table ?? "") ||
      each.steps.some((step) => "condition" in step && hasStart(step.condition, known));
    if (isBounded && each.name !== undefined) bounded.add(each.name);
    return !isBounded && namesTime(each.steps, { times, known: new Set(startsIn(each.steps, known)) });
  });
}

function hasStart(condition: Expression, known: Known): boolean {
  return partsOf(condition).some((each) => boundsOf(each, known).from !== undefined);
}

/** What holds only after a first moment, as in `countif(TimeGenerated > ago(7d))`. */
function startsIn(part: unknown, known: Known): unknown[] {
  if (typeof part !== "object" || part === null) return [];
  const { kind, operator, name } = part as Record<string, unknown>;
  if (operator === "and") {
    // Of thousands of conditions each is looked at once.
    const parts = partsOf(part as Expression);
    const isStart = parts.some((each) => boundsOf(each, known).from !== undefined);
    return isStart ? [part] : parts.flatMap((each) => startsIn(each, known));
  }
  if (kind !== undefined && boundsOf(part as Expression, known).from !== undefined) return [part];
  if (operator !== undefined || (kind === "call" && TURNS.has(String(name)))) return [];
  return Object.values(part).flatMap((each) => startsIn(each, known));
}

const TURNS = new Set(["not", "iff", "iif", "case"]);

/** The window of a text, and whether it may be less than the text's own filter by time asks about. */
export interface TextWindow {
  window: Window;
  isUnread: boolean;
}

/** Where nothing was typed, the window begins where the text's own filter by time does; otherwise as for `windowOf`. */
export async function windowOfText(text: string, typed: Typed, now: Date): Promise<TextWindow> {
  const window = windowOf(typed, now);
  if (typed.since || typed.until || !/\bago\b|TimeGenerated/.test(text)) return { window, isUnread: false };
  const query = await readText(text);
  const start = query && startOf(query, now);
  return {
    window: start && start < window.from ? { ...window, from: start } : window,
    isUnread: !query || (unlessTooDeep(() => isUnread(query, now)) ?? true),
  };
}

/** Whether a text seems to say of which time it is. */
export function mentionsTime(text: string): boolean {
  return /\bago\s*\(|\bTimeGenerated\b['"]?\]?\s*(?:[<>]|between\b)/.test(text);
}

/** Undefined for a text that is not understood here. */
export async function readText(text: string): Promise<Query | undefined> {
  try {
    return await readQuery(text);
  } catch (error) {
    if (error instanceof QueryError || isTooDeep(error)) return undefined;
    throw error;
  }
}

/** The stack is spent: a text may have thousands of conditions, which is no error where it is only asked. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError;
}

function unlessTooDeep<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isTooDeep(error)) return undefined;
    throw error;
  }
}
