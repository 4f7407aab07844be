import { one, type Functions, type KqlFunction } from "./function.ts";
import type { Place } from "./syntax.ts";
import { regexAt } from "./text-operators.ts";
import { fromJson, missing, toText, type KqlType, type Value } from "./values.ts";

/** Text first, then more of it. */
function text(least: number, most: number, apply: (args: string[], place: Place) => Value): KqlFunction {
  return {
    least,
    most,
    takes: ["text"],
    type: "string",
    apply: (args, { types, place }) =>
      apply(
        args.map((value, index) => toText(value, types[index] ?? "dynamic")),
        place,
      ),
  };
}

const strcat: KqlFunction = {
  least: 1,
  most: 64,
  type: "string",
  apply: (args, { types }) => args.map((value, index) => toText(value, types[index] ?? "dynamic")).join(""),
};

/** Offsets count characters as the service does, by Unicode code point; a negative start is taken from the end. */
const substring: KqlFunction = {
  least: 2,
  most: 3,
  takes: ["text", "number"],
  type: "string",
  apply: ([value = null, start = null, length], { types: [from = "dynamic"] }) => {
    if (typeof start !== "number") return "";
    const letters = [...toText(value, from)];
    const first = start < 0 ? Math.max(0, letters.length + start) : start;
    const end = typeof length === "number" ? first + Math.max(0, length) : undefined;
    return letters.slice(first, end).join("");
  },
};

const split: KqlFunction = {
  least: 2,
  most: 3,
  takes: ["text", "text", "number"],
  type: "dynamic",
  apply: ([value = null, delimiter = null, index], { types: [from = "dynamic"] }) => {
    const source = toText(value, from);
    const parts = delimiter === "" || delimiter === null ? [source] : source.split(String(delimiter));
    if (typeof index !== "number") return parts;
    const part = parts[index];
    return part === undefined ? [] : [part];
  },
};

/** What a group of a pattern matched, in the type that was asked for. */
const extract: KqlFunction = {
  least: 3,
  most: 4,
  takes: ["string", "number", "text", "string"],
  type: (_, [, , , wanted]) => (wanted?.kind === "literal" ? (wanted.value as KqlType) : "string"),
  apply: ([pattern = null, group = null, value = null], { types, type, place }) => {
    const found = regexAt(String(pattern), place).exec(toText(value, types[2] ?? "dynamic"));
    const part = found?.[Number(group)];
    return part === undefined ? missing(type) : fromJson(part, type);
  },
};

const trims = (pattern: (inner: string) => string): KqlFunction =>
  text(2, 2, ([inner = "", source = ""], place) => {
    regexAt(inner, place);
    return source.replace(new RegExp(pattern(inner), "g"), "");
  });

const replaceString = text(3, 3, ([source = "", from = "", to = ""]) =>
  from === "" ? source : source.replaceAll(from, () => to),
);

const replaceRegex = text(3, 3, ([source = "", pattern = "", to = ""], place) => {
  const { source: body, flags } = regexAt(pattern, place);
  const substitute = to
    .replaceAll("$", "$$$$")
    .replaceAll(/\\(\d)/g, (_, group: string) => (group === "0" ? "$&" : `$${group}`));
  return source.replaceAll(new RegExp(body, `${flags}g`), substitute);
});

const strcatDelim: KqlFunction = {
  least: 2,
  most: 64,
  type: "string",
  apply: (args, { types }) => {
    const [delimiter = "", ...rest] = args.map((value, index) => toText(value, types[index] ?? "dynamic"));
    return rest.join(delimiter);
  },
};

const strcatArray: KqlFunction = {
  least: 2,
  most: 2,
  takes: ["dynamic", "string"],
  type: "string",
  apply: ([list = null, delimiter = null]) =>
    Array.isArray(list)
      ? (list as Value[]).map((each) => toText(each, "dynamic")).join(String(delimiter))
      : "",
};

const indexOf: KqlFunction = {
  least: 2,
  most: 2,
  takes: ["text"],
  type: "long",
  apply: ([source = null, wanted = null], { types }) =>
    toText(source, types[0] ?? "dynamic").indexOf(toText(wanted, types[1] ?? "dynamic")),
};

export const TEXTS: Functions = {
  strlen: {
    ...one("text", "long", (value, { types: [from = "dynamic"] }) => [...toText(value, from)].length),
  },
  tolower: { ...text(1, 1, ([value = ""]) => value.toLowerCase()), takes: ["any"] },
  toupper: { ...text(1, 1, ([value = ""]) => value.toUpperCase()), takes: ["any"] },
  strcat,
  strcat_delim: strcatDelim,
  strcat_array: strcatArray,
  substring,
  split,
  extract,
  indexof: indexOf,
  trim: trims((inner) => `^(?:${inner})|(?:${inner})$`),
  trim_start: trims((inner) => `^(?:${inner})`),
  trim_end: trims((inner) => `(?:${inner})$`),
  replace_string: replaceString,
  replace_regex: replaceRegex,
};
