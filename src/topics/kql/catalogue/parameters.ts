import * as z from "zod";
import { parseTimespan, TICKS_PER_DAY } from "../../../kql/values.ts";
import type { Parameter } from "./catalogue-query.ts";

/** Text, compared with a column; nothing means any. */
export function text(name: string, summary: string, otherwise = ""): Parameter {
  return { name, type: "string", summary, typed: z.string(), default: otherwise };
}

/** A machine of a network: an IPv4 or IPv6 address, or GROUP/NAME; nothing means any. */
export function machine(name: string, summary: string): Parameter {
  const typed = z.union([z.literal(""), z.ipv4(), z.ipv6(), z.string().refine(isMachine)], {
    error: "an address such as 10.1.0.4, or a machine as GROUP/NAME, is expected",
  });
  return { name, type: "string", summary, typed, default: "" };
}

/** A prefix of addresses is none. */
function isMachine(given: string): boolean {
  return /^[\w.()-]{1,90}\/[\w.-]{1,80}$/.test(given) && !/^[\d.]+\//.test(given);
}

/** A whole number, zero or more. */
export function whole(name: string, summary: string, otherwise: number): Parameter {
  const typed = z
    .string()
    .regex(/^\d{1,15}$/, { error: "a whole number is expected" })
    .transform(Number);
  return { name, type: "long", summary, typed, default: String(otherwise) };
}

/** A time span longer than nothing and of a year at most, as 5m, 1h or 7d; a number alone would be days. */
export function span(name: string, summary: string, otherwise: string): Parameter {
  const typed = z.string().refine(isSpan, { error: "a time span such as 5m, 1h or 7d is expected" });
  return { name, type: "timespan", summary, typed, default: otherwise };
}

function isSpan(given: string): boolean {
  const ticks = /^\d+$/.test(given.trim()) ? null : parseTimespan(given);
  return ticks !== null && ticks > 0n && ticks <= 366n * TICKS_PER_DAY;
}

/** The name of a table, where everybody's is another one. */
export function tableName(name: string, summary: string, otherwise: string): Parameter {
  const typed = z.string().regex(/^[A-Za-z_]\w{0,99}$/, { error: "the name of a table is expected" });
  return { name, type: "string", summary, typed, default: otherwise };
}

/** Texts with commas between them, or as a JSON list where one of them has a comma. */
export function texts(name: string, summary: string, otherwise: readonly string[]): Parameter {
  const typed = z.string().transform((given, context) => {
    const list = given.trimStart().startsWith("[") ? jsonList(given) : given.split(",");
    if (list && list.length > 0 && list.every((each) => each !== "")) return list;
    context.addIssue({ code: "custom", message: 'texts as a,b or ["a","b"] are expected' });
    return z.NEVER;
  });
  return { name, type: "dynamic", summary, typed, default: otherwise.join(",") };
}

function jsonList(given: string): string[] | undefined {
  try {
    return z.array(z.string()).safeParse(JSON.parse(given)).data;
  } catch {
    return undefined;
  }
}
