import { compile } from "../../kql/compile.ts";
import type { Scalar } from "../../kql/compiled.ts";
import { readQuery } from "../../kql/read-query.ts";
import { QueryError, type Expression, type Let, type Query } from "../../kql/syntax.ts";
import { scopeOf } from "../../kql/table.ts";
import { dateOf, ticksOf } from "../../kql/values.ts";
import { tablesIn } from "./tables-in.ts";
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
  const scalarLets = lets.flatMap(({ value }) => ("source" in value ? [] : [value]));
  if (namesTime(query, new Set([...used, ...scalarLets]))) return undefined;
  const from = Math.max(window.from.getTime(), ...bounds.flatMap((each) => each.from?.getTime() ?? []));
  const until = Math.min(window.until.getTime(), ...bounds.flatMap((each) => each.until?.getTime() ?? []));
  return from < until ? { from: new Date(from), until: new Date(until) } : "nothing";
}

/** The first moment that a text's own filters by time leave anywhere; undefined where none is told by constants. */
export function startOf(query: Query, now: Date): Date | undefined {
  const scalars = scalarsOf(query.lets, now);
  const parts = unlessTooDeep(() => partsIn(query)) ?? [];
  const starts = parts.flatMap(
    (each) => boundsOf(each as Expression, { scalars, now }).from?.getTime() ?? [],
  );
  return starts.length === 0 ? undefined : new Date(Math.min(...starts));
}

/** All that a query consists of. */
function partsIn(part: unknown): object[] {
  if (typeof part !== "object" || part === null) return [];
  return [part, ...Object.values(part).flatMap(partsIn)];
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
    const [from, until] = [timeOf(condition.from, known), timeOf(condition.to, known)];
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
  return scalar?.type === "datetime" && typeof scalar.value === "bigint" ? dateOf(scalar.value) : undefined;
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

const COMPARES = /^(?:[<>]=?|==|!=)$/;

/** Whether a part of a query, but for those that are known, compares the time of a row, or counts back from now. */
function namesTime(part: unknown, known: ReadonlySet<unknown>): boolean {
  if (typeof part !== "object" || part === null || known.has(part)) return false;
  const { kind, name, operator, left, right, of } = part as Record<string, unknown>;
  if (kind === "call" && name === "ago") return true;
  const sides = kind === "between" ? [of] : COMPARES.test(String(operator)) ? [left, right] : [];
  if (sides.some(isTimed)) return true;
  return Object.values(part).some((each) => namesTime(each, known));
}

/** Also in a calculation, as in `now() - TimeGenerated`. */
function isTimed(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  const { kind, name } = part as Record<string, unknown>;
  return (kind === "column" && name === TIME) || Object.values(part).some(isTimed);
}

/** The window of a text, and whether it may be less than the text's own filter by time asks about. */
export interface TextWindow {
  window: Window;
  isUnread: boolean;
}

/** Where nothing was typed, the window begins where the text's own filter by time does; otherwise as for `windowOf`. */
export async function windowOfText(text: string, typed: Typed, now: Date): Promise<TextWindow> {
  const window = windowOf(typed, now);
  if (typed.since || typed.until || !mentionsTime(text)) return { window, isUnread: false };
  const query = await readText(text);
  const start = query && startOf(query, now);
  if (!start) return { window, isUnread: true };
  return { window: start < window.from ? { ...window, from: start } : window, isUnread: false };
}

/** Whether a text seems to say of which time it is. */
export function mentionsTime(text: string): boolean {
  return /\bago\s*\(|\bTimeGenerated\s*(?:[<>]|between\b)/.test(text);
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
