/** A piece of Bicep that stands as it is, such as `resourceGroup().location`; everything else becomes a literal. */
export interface Code {
  readonly [CODE]: string;
}
const CODE = Symbol("code");

export type BicepValue = string | number | boolean | null | Code | readonly BicepValue[] | BicepObject;

/** Properties in the order in which they are written; those without a value are left out. */
export interface BicepObject {
  readonly [key: string]: BicepValue | undefined;
}

/** Of one's own words alone, never of what somebody typed or a service told. */
export function code(text: string): Code {
  return { [CODE]: text };
}

const INDENT = "  ";
const IDENTIFIER = /^[A-Za-z_]\w*$/;
/** Bicep has whole numbers of 64 bits alone. */
const WHOLE = /^-?\d+$/;
/** Control and format characters, halves of a pair, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A value as Bicep, its further lines indented by `indent`. Throws RangeError for a number that is none. */
export function toBicep(value: BicepValue, indent = ""): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return toBicepString(value);
  if (typeof value === "number") return toBicepNumber(value);
  if (isCode(value)) return value[CODE];
  const inner = indent + INDENT;
  if (isList(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((each) => `${inner}${toBicep(each, inner)}\n`).join("")}${indent}]`;
  }
  const lines = Object.entries(value).flatMap(([key, each]) =>
    each === undefined ? [] : [`${inner}${toKey(key)}: ${toBicep(each, inner)}\n`],
  );
  return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
}

function isCode(value: object): value is Code {
  return CODE in value;
}

function isList(value: Code | readonly BicepValue[] | BicepObject): value is readonly BicepValue[] {
  return Array.isArray(value);
}

function toKey(key: string): string {
  return IDENTIFIER.test(key) ? key : toSingleLine(key);
}

function toBicepNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no number of Bicep`);
  const text = String(value);
  return WHOLE.test(text) ? text : `json(${toSingleLine(text)})`;
}

/** A string literal that has this value to the letter; texts of several lines stay readable where that is possible. */
export function toBicepString(value: string): string {
  return isVerbatim(value) ? `'''\n${value}'''` : toSingleLine(value);
}

/**
 * Between ''' all is taken as it is, and only the first line end is left out. What a line end of a file is may be
 * changed by git, so a text with another one than \n is escaped, as is what cannot be seen.
 */
function isVerbatim(value: string): boolean {
  return /\n[^]*\n$/.test(value) && !value.includes("'''") && !UNSEEN.test(value.replaceAll(/[\n\t]/g, ""));
}

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "'": "\\'",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function toSingleLine(value: string): string {
  const escaped = value
    .replaceAll(/[\\'\n\r\t]/g, (character) => ESCAPES[character] ?? character)
    .replaceAll("${", "\\${")
    .replaceAll(
      new RegExp(UNSEEN, "gu"),
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
  return `'${escaped}'`;
}

/** Each line of a text as a line of comment; nothing in it ends the comment. */
export function toBicepComment(text: string): string {
  return text
    .split("\n")
    .map((line) => `// ${line.replaceAll(new RegExp(UNSEEN, "gu"), " ")}`.trimEnd())
    .join("\n");
}

export interface BicepParameter {
  name: string;
  type: "string" | "int" | "bool" | "array" | "object";
  description: string;
  /** Without one it has to be given. */
  default?: BicepValue;
  allowed?: readonly BicepValue[];
  /** Of a string, in characters. */
  lengths?: { least: number; most: number };
}

export function bicepParameter({
  name,
  type,
  description,
  default: otherwise,
  allowed,
  lengths,
}: BicepParameter): string {
  const lines = [
    `@description(${toSingleLine(description)})`,
    ...(allowed === undefined ? [] : [`@allowed(${toBicep(allowed)})`]),
    ...(lengths === undefined ? [] : [`@minLength(${lengths.least})`, `@maxLength(${lengths.most})`]),
    `param ${toSymbol(name)} ${type}${otherwise === undefined ? "" : ` = ${toBicep(otherwise)}`}`,
  ];
  return lines.join("\n");
}

export interface BicepResource {
  /** What the file calls it. */
  symbol: string;
  /** As `Microsoft.Insights/scheduledQueryRules@2023-12-01`. */
  type: string;
  /** Only looked up, not deployed. */
  existing?: true;
  body: BicepObject;
}

export function bicepResource({ symbol, type, existing, body }: BicepResource): string {
  const how = existing === true ? " existing" : "";
  return `resource ${toSymbol(symbol)} ${toSingleLine(type)}${how} = ${toBicep(body)}`;
}

export function bicepVariable(name: string, value: BicepValue): string {
  return `var ${toSymbol(name)} = ${toBicep(value)}`;
}

export function bicepOutput(name: string, type: string, value: BicepValue): string {
  return `output ${toSymbol(name)} ${type} = ${toBicep(value)}`;
}

/** Symbols are the writer's own words; one that is none is a bug. */
function toSymbol(name: string): string {
  if (!IDENTIFIER.test(name)) throw new RangeError(`${name} is no identifier of Bicep`);
  return name;
}

/** Declarations with an empty line between them. */
export function bicepFile(declarations: readonly string[]): string {
  return `${declarations.join("\n\n")}\n`;
}
