import type { Table } from "../../kql/table.ts";
import {
  fromJson,
  TICKS_PER_SECOND,
  ticksOf,
  type Column,
  type KqlType,
  type Row,
  type Value,
} from "../../kql/values.ts";

/** Tables as their file has them: types by column, and rows whose times may be "-1h5m", before the world's now. */
export type LogData = Record<string, { columns: Record<string, string>; rows: Record<string, unknown>[] }>;

/** Each is loaded when somebody asks a workspace that has it. */
const SETS: Record<string, () => Promise<unknown>> = {
  "logs-shop": async () =>
    (await import("../../../fixtures/logs/logs-shop.json", { with: { type: "json" } })).default,
  "logs-platform": async () =>
    (await import("../../../fixtures/logs/logs-platform.json", { with: { type: "json" } })).default,
};

export const LOG_SETS = Object.keys(SETS);

/** The tables of every named set. */
export async function loadLogData(names: readonly string[]): Promise<Map<string, LogData>> {
  const loaded = await Promise.all(
    names.map(async (name) => [name, ((await SETS[name]?.()) ?? {}) as LogData] as const),
  );
  return new Map(loaded);
}

export function columnsOf({ columns }: LogData[string]): Column[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type: type as KqlType }));
}

interface Arrived {
  table: string;
  columns: Record<string, string>;
  rows: Record<string, unknown>[];
}

/** Tables with what was sent to them; the first event makes a table that was not there. */
export function withIngested(data: LogData | undefined, arrived: readonly Arrived[]): LogData | undefined {
  if (arrived.length === 0) return data;
  const all: LogData = { ...data };
  for (const { table, columns, rows } of arrived) {
    const known = all[table];
    all[table] = { columns: { ...columns, ...known?.columns }, rows: [...(known?.rows ?? []), ...rows] };
  }
  return all;
}

export interface Window {
  from: bigint;
  until: bigint;
}

/** Tables with their times before a moment; a window leaves out what is older or newer. */
export function tablesAt(data: LogData, now: Date, window?: Window): Map<string, Table> {
  return new Map(
    Object.entries(data).map(([name, table]) => {
      const columns = columnsOf(table);
      const time = columns.findIndex((each) => each.name === "TimeGenerated");
      const rows = table.rows.map((row) => columns.map((each) => cellOf(row[each.name], each.type, now)));
      return [name, { columns, rows: rows.filter((row) => isWithin(row, time, window)) }];
    }),
  );
}

function isWithin(row: Row, time: number, window: Window | undefined): boolean {
  const at = row[time];
  return window === undefined || typeof at !== "bigint" || (at >= window.from && at < window.until);
}

function cellOf(json: unknown, type: KqlType, now: Date): Value {
  const ago = type === "datetime" && typeof json === "string" ? ticksAgo(json) : undefined;
  return ago === undefined ? fromJson(json, type) : ticksOf(now) - ago;
}

/** Undefined for what is no such time. */
function ticksAgo(text: string): bigint | undefined {
  const found = /^-(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (!found) return undefined;
  const [days, hours, minutes, seconds] = found.slice(1).map((each) => Number(each ?? 0));
  const total = (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return BigInt(Math.round(total * 1000)) * (TICKS_PER_SECOND / 1000n);
}
