export interface KqlFunction {
  least: number;
  most: number;
  apply(args: readonly unknown[]): unknown;
}

function one(apply: (value: unknown) => unknown): KqlFunction {
  return { least: 1, most: 1, apply: ([value]) => apply(value ?? null) };
}

const choose: KqlFunction = {
  least: 3,
  most: 3,
  apply: ([condition, yes, no]) => (condition === true ? yes : no),
};

/** The functions that the sandbox speaks, with how many arguments they take. */
export const FUNCTIONS: ReadonlyMap<string, KqlFunction> = new Map(
  Object.entries<KqlFunction>({
    tostring: one(toText),
    tolower: one((value) => toText(value).toLowerCase()),
    toupper: one((value) => toText(value).toUpperCase()),
    tobool: one(toBoolean),
    isempty: one((value) => value === null || value === ""),
    isnotempty: one((value) => value !== null && value !== ""),
    isnull: one((value) => value === null),
    isnotnull: one((value) => value !== null),
    array_length: one((value) => (Array.isArray(value) ? value.length : null)),
    not: one((value) => (typeof value === "boolean" ? !value : null)),
    // Empty strings count as missing here.
    coalesce: {
      least: 2,
      most: 64,
      apply: (args) => args.find((value) => value !== null && value !== "") ?? args.at(-1),
    },
    iff: choose,
    iif: choose,
  }),
);

/** A missing value becomes the empty string, as strings are never null. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : `${value as number | boolean}`;
}

function toBoolean(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  const text = toText(value).toLowerCase();
  if (text === "true") return true;
  return text === "false" ? false : null;
}
