import { parseDatetime, type KqlType } from "../../../kql/values.ts";
import { deepLine } from "../../../kql/json-depth.ts";
import type { Json } from "../../../json.ts";

/** What the values of one column look like; "blank" is a text with nothing in it. */
export type Kind = "bool" | "long" | "real" | "datetime" | "string" | "dynamic" | "blank";

/** What a value looks like; undefined for null. In `isTexts`, a text is read for what it says. */
export function kindOf(value: Json, isTexts: boolean): Kind | undefined {
  if (value === null) return undefined;
  if (typeof value === "string") return kindOfText(value, isTexts);
  if (typeof value === "number") return Number.isInteger(value) ? "long" : "real";
  return typeof value === "boolean" ? "bool" : "dynamic";
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const WHOLE = /^-?(?:0|[1-9]\d{0,17})$/;
const REAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function kindOfText(text: string, isTexts: boolean): Kind {
  if (text === "") return "blank";
  if (TIME.test(text) && parseDatetime(text) !== null) return "datetime";
  if (!isTexts) return "string";
  if (WHOLE.test(text)) return "long";
  if (REAL.test(text)) return "real";
  // So az, which is Python, writes them.
  if (text === "True" || text === "False") return "bool";
  return isNested(text) ? "dynamic" : "string";
}

/** Whether a text is an object or a list in JSON; one that is nested too deep stays a text. */
export function isNested(text: string): boolean {
  if (!/^[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return deepLine(text) === undefined;
  } catch {
    return false;
  }
}

/** The type that holds all of a column's values; what is mixed stays as it is, as dynamic. */
export function typeOf(kinds: ReadonlySet<Kind>, isTexts: boolean): KqlType {
  const [first, second, ...more] = [...kinds].flatMap((kind) => (kind === "blank" ? [] : [kind]));
  if (first === undefined) return kinds.has("blank") ? "string" : "dynamic";
  if (second === undefined) return first;
  if (isNumber(first) && isNumber(second) && more.length === 0) return "real";
  const areTexts = [first, second, ...more].every((kind) => kind === "string" || kind === "datetime");
  return isTexts || areTexts ? "string" : "dynamic";
}

function isNumber(kind: Kind): boolean {
  return kind === "long" || kind === "real";
}
