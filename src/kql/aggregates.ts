import type { Takes } from "./function.ts";
import { compareValues, isNumber, keyOf, missing, toDynamic, type KqlType, type Value } from "./values.ts";

/** Collects the arguments of the rows of one group. */
export interface Collector {
  add(args: readonly Value[]): void;
  result(): Value;
}

export interface Aggregate {
  least: number;
  most: number;
  takes?: readonly Takes[];
  /** Undefined where it does not go with these arguments. */
  type(types: readonly KqlType[]): KqlType | undefined;
  begin(types: readonly KqlType[]): Collector;
}

const LONG = (): KqlType => "long";
const SAME = ([of]: readonly KqlType[]): KqlType | undefined => of;

function orderable([of = "dynamic"]: readonly KqlType[]): KqlType | undefined {
  return of === "dynamic" || of === "guid" ? undefined : of;
}

function sumType([of = "dynamic"]: readonly KqlType[]): KqlType | undefined {
  if (of === "int") return "long";
  return isNumber(of) || of === "timespan" ? of : undefined;
}

function averageType([of = "dynamic"]: readonly KqlType[]): KqlType | undefined {
  if (of === "timespan" || of === "datetime" || of === "decimal") return of;
  return isNumber(of) ? "real" : undefined;
}

function statisticType([of = "dynamic"]: readonly KqlType[]): KqlType | undefined {
  return isNumber(of) ? "real" : undefined;
}

function isValue(value: Value | undefined): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function count(): Collector {
  let rows = 0;
  return { add: () => (rows += 1), result: () => rows };
}

function countIf(): Collector {
  let rows = 0;
  return { add: ([is]) => (rows += is === true ? 1 : 0), result: () => rows };
}

/** Exact, where the service estimates. */
function countDistinct(): Collector {
  const seen = new Set<string>();
  return {
    add: ([value = null]) => void (value !== null && seen.add(keyOf([value]))),
    result: () => seen.size,
  };
}

function sum([type]: readonly KqlType[]): Collector {
  let number = 0;
  let ticks = 0n;
  return {
    add: ([value]) => {
      if (typeof value === "number") number += value;
      if (typeof value === "bigint") ticks += value;
    },
    result: () => (type === "timespan" ? ticks : number),
  };
}

function average(types: readonly KqlType[]): Collector {
  let number = 0;
  let ticks = 0n;
  let rows = 0;
  const isTime = types[0] === "timespan" || types[0] === "datetime";
  return {
    add: ([value]) => {
      if (!isValue(value)) return;
      rows += 1;
      if (typeof value === "bigint") ticks += value;
      else number += value;
    },
    result: () => {
      // Of nothing, a mean of numbers is not a number, as they are divided by 0.
      if (isTime) return rows === 0 ? null : ticks / BigInt(rows);
      return number / rows;
    },
  };
}

function extreme(sign: 1 | -1): (types: readonly KqlType[]) => Collector {
  return ([type = "dynamic"]) => {
    let best: Value = null;
    return {
      add: ([value = null]) => {
        if (value === null) return;
        if (best === null || compareValues(value, best) * sign > 0) best = value;
      },
      result: () => best ?? missing(type),
    };
  };
}

/** The value with the given share of values at or below it: one that is there, never one between two. */
function percentile(): Collector {
  const values: (number | bigint)[] = [];
  let share = 50;
  return {
    add: ([value, percent]) => {
      if (typeof percent === "number") share = percent;
      if (isValue(value)) values.push(value);
    },
    result: () => {
      values.sort(compareValues);
      const rank = Math.max(1, Math.ceil((share / 100) * values.length));
      return values[Math.min(rank, values.length) - 1] ?? null;
    },
  };
}

/** Of a sample (`n - 1`) or of all. */
function spread(isSample: boolean, finish: (variance: number) => number): () => Collector {
  return () => {
    let [rows, mean, squares] = [0, 0, 0];
    return {
      add: ([value]) => {
        if (typeof value !== "number") return;
        rows += 1;
        const distance = value - mean;
        mean += distance / rows;
        squares += distance * (value - mean);
      },
      result: () => (rows < 2 ? 0 : finish(squares / (isSample ? rows - 1 : rows))),
    };
  };
}

const LARGEST_LIST = 1_048_576;

function collect(isSet: boolean): (types: readonly KqlType[]) => Collector {
  return ([type = "dynamic"]) => {
    const members: Value[] = [];
    const seen = new Set<string>();
    return {
      add: ([value = null, most = LARGEST_LIST]) => {
        if (value === null || members.length >= Number(most)) return;
        const key = isSet ? keyOf([value]) : "";
        if (isSet && seen.has(key)) return;
        if (isSet) seen.add(key);
        members.push(toDynamic(value, type));
      },
      result: () => members,
    };
  };
}

/** The first one that there is. */
function any([type = "dynamic"]: readonly KqlType[]): Collector {
  let found: Value = null;
  return {
    add: ([value = null]) => void (found ??= value === missing(type) ? null : value),
    result: () => found ?? missing(type),
  };
}

/** Only of the rows for which the last argument is true. */
function when({ begin, ...aggregate }: Aggregate): Aggregate {
  return {
    ...aggregate,
    least: aggregate.least + 1,
    most: aggregate.most + 1,
    takes: [...(aggregate.takes ?? ["any"]), "bool"],
    begin: (types) => {
      const inner = begin(types);
      return { ...inner, add: (args) => void (args.at(-1) === true && inner.add(args)) };
    },
  };
}

const of = (type: Aggregate["type"], begin: Aggregate["begin"]): Aggregate => ({
  least: 1,
  most: 1,
  type,
  begin,
});

const SIMPLE: Readonly<Record<string, Aggregate>> = {
  dcount: { ...of(LONG, countDistinct), most: 2 },
  sum: of(sumType, sum),
  avg: of(averageType, average),
  min: of(orderable, extreme(-1)),
  max: of(orderable, extreme(1)),
  stdev: of(statisticType, spread(true, Math.sqrt)),
  variance: of(
    statisticType,
    spread(true, (variance) => variance),
  ),
};

/** The aggregations that are spoken here; `arg_max`, `arg_min` and `percentiles` make several columns. */
export const AGGREGATES: ReadonlyMap<string, Aggregate> = new Map(
  Object.entries<Aggregate>({
    ...SIMPLE,
    ...Object.fromEntries(
      Object.entries(SIMPLE).map(([name, each]) => [`${name}if`, when({ ...each, most: 1 })]),
    ),
    count: { least: 0, most: 0, type: LONG, begin: count },
    countif: { ...of(LONG, countIf), takes: ["bool"] },
    stdevp: of(statisticType, spread(false, Math.sqrt)),
    variancep: of(
      statisticType,
      spread(false, (variance) => variance),
    ),
    percentile: { ...of(SAME, percentile), least: 2, most: 2, takes: ["any", "number"] },
    make_list: { ...of(() => "dynamic", collect(false)), most: 2 },
    make_set: { ...of(() => "dynamic", collect(true)), most: 2 },
    any: of(SAME, any),
    take_any: of(SAME, any),
    anyif: when(of(SAME, any)),
  }),
);
