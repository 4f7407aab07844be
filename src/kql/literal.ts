import { formatDatetime, formatTimespan, parseDatetime, parseTimespan, ticksOf } from "./values.ts";

/** What a parameter of a query can be. */
export type ParameterType =
  "string" | "int" | "long" | "real" | "bool" | "datetime" | "timespan" | "guid" | "dynamic";

/** A value is not of the type that its parameter has. */
export class LiteralError extends Error {
  constructor(value: unknown, type: ParameterType, hint: string) {
    super(`${show(value)} is no ${type}: ${hint}`);
    this.name = "LiteralError";
  }
}

function show(value: unknown): string {
  return typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? String(value));
}

/**
 * A value as KQL writes it: the only way for a value into a text. Times may be text as KQL and ISO have it, or a
 * Date; dynamic is a list of strings. Throws LiteralError for a value of another type.
 */
export function toLiteral(value: unknown, type: ParameterType): string {
  switch (type) {
    case "string":
      return quoted(typeof value === "string" ? value : wrong(value, type, "text is expected"));
    case "int":
      return `int(${whole(value, type, 2n ** 31n)})`;
    case "long":
      return `long(${whole(value, type, 2n ** 63n)})`;
    case "real":
      return `real(${real(value)})`;
    case "bool":
      return typeof value === "boolean" ? String(value) : wrong(value, type, "true or false is expected");
    case "datetime":
      return `datetime(${datetime(value)})`;
    case "timespan":
      return `timespan(${timespan(value)})`;
    case "guid":
      return `guid(${guid(value)})`;
    case "dynamic":
      return `dynamic([${strings(value).map(quoted).join(",")}])`;
  }
}

function wrong(value: unknown, type: ParameterType, hint: string): never {
  throw new LiteralError(value, type, hint);
}

/** Quote, backslash, and what is no visible character: control, format and line-ending ones, lone surrogates. */
const SPECIAL = /["\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function quoted(text: string): string {
  return `"${text.replaceAll(SPECIAL, escaped)}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

function whole(value: unknown, type: "int" | "long", limit: bigint): bigint {
  const isWhole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  const number = isWhole ? BigInt(value) : wrong(value, type, "a whole number is expected");
  return number >= -limit && number < limit ? number : wrong(value, type, "it is too large");
}

function real(value: unknown): string {
  if (typeof value !== "number" || !Number.isFinite(value))
    return wrong(value, "real", "a number is expected");
  return String(value);
}

function datetime(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return formatDatetime(ticksOf(value));
  const ticks = typeof value === "string" ? parseDatetime(value) : null;
  return ticks === null ? wrong(value, "datetime", "as 2026-11-21T08:00:00Z") : formatDatetime(ticks);
}

function timespan(value: unknown): string {
  const ticks = typeof value === "string" ? parseTimespan(value) : null;
  return ticks === null ? wrong(value, "timespan", "as 30m, 24h, 7d or 1.02:03:04") : formatTimespan(ticks);
}

function guid(value: unknown): string {
  const isGuid = typeof value === "string" && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
  return isGuid ? value : wrong(value, "guid", "as 00000000-0000-0000-0000-000000000000");
}

function strings(value: unknown): string[] {
  const isList = Array.isArray(value) && value.every((each) => typeof each === "string");
  return isList ? (value as string[]) : wrong(value, "dynamic", "a list of texts is expected");
}
