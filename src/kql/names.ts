import { QueryError, type Expression, type Named, type Place } from "./syntax.ts";

/** Functions whose result is called like their first argument. */
const TRANSPARENT = new Set(
  [
    "tostring toint tolong toreal todouble todecimal tobool toboolean toguid todatetime totimespan",
    "todynamic parse_json toobject bin floor ceiling round abs exp log log10 log2 sqrt pow split",
    "startofday format_datetime format_timespan",
    "take_any arg_max arg_min",
  ].flatMap((line) => line.split(" ")),
);

/** Functions whose result is called after themselves and their first argument. */
const PREFIXES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "countif dcount dcountif sum sumif avg avgif min minif max maxif any anyif",
      "stdev stdevif stdevp variance varianceif variancep strlen",
    ].flatMap((line) => line.split(" ").map((name) => [name, name])),
  ),
  percentile: "percentile",
  make_list: "list",
  make_set: "set",
};

/** What the service calls a value that was given no name; undefined for one without a name of its own. */
export function ownName(value: Expression): string | undefined {
  switch (value.kind) {
    case "column":
      return value.name;
    case "property":
      return joined(ownName(value.of), value.name);
    case "index":
      return joined(ownName(value.of), value.index.kind === "literal" ? String(value.index.value) : "");
    case "call":
      return nameOfCall(value.name, value.args);
    default:
      return undefined;
  }
}

function nameOfCall(name: string, [first, second]: readonly Expression[]): string | undefined {
  if (name === "count") return "count_";
  const inner = first && ownName(first);
  if (TRANSPARENT.has(name)) return inner;
  const prefix = PREFIXES[name];
  if (prefix === undefined) return undefined;
  const suffix = name === "percentile" && second?.kind === "literal" ? `_${String(second.value)}` : "";
  return `${prefix}_${inner ?? ""}${suffix}`;
}

function joined(left: string | undefined, right: string): string | undefined {
  return left === undefined ? undefined : `${left}_${right}`;
}

/** Gives out the names of columns, each once. */
export interface Namer {
  name(named: Named): string;
  /** A name that was chosen by the query, which must be free. */
  take(name: string, place: Place): string;
  /** A name, or the first of `name1`, `name2`… that is free. */
  free(name: string): string;
  isFree(name: string): boolean;
}

export function createNamer(taken: Iterable<string> = []): Namer {
  const used = new Set(taken);
  let unnamed = 0;

  function free(name: string): string {
    let found = name;
    for (let count = 1; used.has(found); count += 1) found = `${name}${count}`;
    used.add(found);
    return found;
  }

  function take(name: string, place: Place): string {
    if (used.has(name)) {
      throw new QueryError(`there is a column '${name}' already`, place);
    }
    used.add(name);
    return name;
  }

  return {
    free,
    take,
    isFree: (name) => !used.has(name),
    name({ names: [given], value }) {
      if (given !== undefined) return take(given, value.place);
      if (value.kind === "column") return take(value.name, value.place);
      const own = ownName(value);
      if (own !== undefined) return free(own);
      unnamed += 1;
      return free(`Column${unnamed}`);
    },
  };
}
