import { AppError } from "../../../errors.ts";
import type { AlertDefaults, CatalogueQuery, Flavour } from "../catalogue/catalogue-query.ts";
import { fillQuery, tablesOf, type Given } from "../catalogue/fill-query.ts";
import { refuseBound, unboundedText } from "../unbounded.ts";
import { frequencyOf, lengthOfIso, requireFitting, windowOf, type RuleLength } from "./length-plan.ts";
import { alertShapes, type AlertShape, type Measure } from "./shapes.ts";

const LONGEST_RESOLVING_MS = 12 * 3_600_000;
/** Of all properties together; what is beside text and description is small. */
const MOST_BYTES = 64_000;

/** What was typed; what is left out has the query's own values, where it has any. */
export interface AlertWish {
  measure?: string | undefined;
  threshold?: number | undefined;
  severity?: number | undefined;
  windowMs?: number | undefined;
  frequencyMs?: number | undefined;
}

/** Something to know about a rule, with fact ids. */
export interface Caution {
  text: string;
  because: readonly string[];
}

export interface AlertRule {
  query: CatalogueQuery;
  flavour: Flavour;
  given: Given;
  /** Without what only bounds or orders it. */
  text: string;
  tables: readonly string[];
  /** Undefined where rows are counted. */
  measure: Measure | undefined;
  dimensions: readonly string[];
  /** It fires above this. */
  threshold: number;
  severity: number;
  window: RuleLength;
  frequency: RuleLength;
  /** Alerts end by themselves. */
  resolves: boolean;
  description: string;
  /** Where the numbers are from; none when somebody chose them. */
  because: readonly string[];
  cautions: readonly Caution[];
}

/** Throws AppError (usage) for what no rule can have, and for numbers that nobody gave. */
export function planAlert(
  query: CatalogueQuery,
  { flavour, given }: { flavour: Flavour; given: Given },
  wish: AlertWish,
): AlertRule {
  const shape = shapeOf(query, flavour);
  const numbers = numbersOf(query, wish);
  refuseFollowed(shape, given);
  const measure = measureOf(query, shape, wish.measure);
  const { text, tables } = textOf({ query, flavour, given, shape }, numbers);
  const rule = {
    query,
    flavour,
    given,
    text,
    tables,
    measure,
    dimensions: shape.dimensions,
    resolves: numbers.frequency.ms <= LONGEST_RESOLVING_MS,
    ...numbers,
  };
  const description = describe(rule);
  if (new TextEncoder().encode(text + description).length > MOST_BYTES) {
    throw new AppError(
      "usage",
      "the text is longer than a rule may be, which is 64 KB with all of its properties",
      {
        hint: "give shorter lists with --param",
        because: ["azure-wire/alert-size"],
      },
    );
  }
  return { ...rule, description, cautions: cautionsOf(shape, rule) };
}

function shapeOf({ name }: CatalogueQuery, flavour: Flavour): AlertShape {
  const shape = alertShapes[name];
  if (shape === undefined) throw new AppError("usage", `${name} is no query for a rule`);
  if ("why" in shape) {
    const { why, hint, because } = shape;
    throw new AppError("usage", `${name} is no query for a rule: ${why}`, { hint, because });
  }
  const why = shape.refused?.[flavour.name];
  if (why === undefined) return shape;
  throw new AppError("usage", `flavour ${flavour.name} of ${name} is none for a rule: ${why}`, {
    hint: "leave --flavour out, or give another one",
  });
}

type Numbers = Pick<AlertRule, "threshold" | "severity" | "window" | "frequency" | "because">;

function numbersOf({ name, alert }: CatalogueQuery, wish: AlertWish): Numbers {
  const own = alert && {
    ...alert,
    windowMs: lengthOfIso(alert.window),
    frequencyMs: lengthOfIso(alert.frequency),
  };
  const { threshold = own?.threshold, severity = own?.severity, windowMs = own?.windowMs } = wish;
  const { frequencyMs = own?.frequencyMs } = wish;
  if (
    threshold === undefined ||
    severity === undefined ||
    windowMs === undefined ||
    frequencyMs === undefined
  ) {
    throw lacking(name, { threshold, severity, window: windowMs, frequency: frequencyMs });
  }
  const window = windowOf(windowMs);
  const frequency = frequencyOf(frequencyMs);
  requireFitting(window, frequency);
  return {
    threshold,
    severity,
    window,
    frequency,
    because: becauseOf(alert, { threshold, severity, window }),
  };
}

function lacking(name: string, numbers: Record<string, number | undefined>): AppError {
  const flags = Object.keys(numbers).filter((each) => numbers[each] === undefined);
  const words = flags.map((flag) => `--${flag}`);
  const said = words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
  return new AppError("usage", `no source says when ${name} should raise an alert: give ${said}`, {
    hint: "as --threshold 5 --severity 2 --window 15m --frequency 5m; run the query over a day to see what is usual",
  });
}

/** A source is cited for its own numbers alone. */
function becauseOf(
  alert: AlertDefaults | undefined,
  { threshold, severity, window }: Pick<Numbers, "threshold" | "severity" | "window">,
): readonly string[] {
  const isOwn = alert?.threshold === threshold && alert.severity === severity && alert.window === window.iso;
  return isOwn ? alert.because : [];
}

function refuseFollowed({ follows }: AlertShape, given: Given): void {
  for (const flag of ["window", "threshold"] as const) {
    const name = follows?.[flag];
    if (name === undefined || !given.has(name)) continue;
    throw new AppError("usage", `--param ${name} has the rule's own value here`, {
      hint: `use --${flag}`,
      because: flag === "window" ? ["azure-wire/alert-bins"] : [],
    });
  }
}

function measureOf(
  { name }: CatalogueQuery,
  { measures }: AlertShape,
  wanted: string | undefined,
): Measure | undefined {
  const found = wanted === undefined ? measures[0] : measures.find(({ column }) => column === wanted);
  if (found || wanted === undefined) return found;
  const columns = measures.map(({ column }) => column);
  throw new AppError("usage", `a rule on ${name} cannot go by ${wanted}`, {
    hint: columns.length === 0 ? "it counts rows: leave --measure out" : `use --measure ${columns.join("|")}`,
  });
}

interface Source {
  query: CatalogueQuery;
  flavour: Flavour;
  given: Given;
  shape: AlertShape;
}

/**
 * The flavour's text as a rule needs it. What is left out at its end only orders or bounds: a rule would count no more
 * rows than a bound lets through. A table that is named by a parameter stands there by its name.
 */
function textOf(
  { query, flavour, given, shape }: Source,
  { window, threshold }: Numbers,
): Pick<AlertRule, "text" | "tables"> {
  const tables = tablesOf(query, flavour, given).map(({ name }) => name);
  const [table = ""] = tables;
  const unbounded = unboundedText(flavour.text);
  refuseBound(flavour.text, given, "a rule, which counts all that there is");
  const text = unbounded.replace(`table({${query.tableParameter ?? ""}})`, table);
  const filled = new Map(given);
  if (shape.follows?.window !== undefined) filled.set(shape.follows.window, window.short);
  if (shape.follows?.threshold !== undefined)
    filled.set(shape.follows.threshold, String(Math.floor(threshold)));
  return { text: `${fillQuery(query, { ...flavour, text }, filled)}\n`, tables };
}

type Described = Omit<AlertRule, "description" | "cautions">;

/** When it fires, in words. */
export function tellCondition({ measure, dimensions, threshold, window }: Described): string {
  const each = `for one ${dimensions.join(", ")}`;
  if (measure === undefined) return `more than ${threshold} rows in ${window.short} ${each}`;
  const how = { Total: "sum", Maximum: "highest", Average: "average" }[measure.how];
  return `the ${how} of ${measure.column} in ${window.short} is above ${threshold} ${each}`;
}

function describe(rule: Described): string {
  const { summary, row, next } = rule.query;
  return [
    `${summary}. Fires when ${tellCondition(rule)}.`,
    row,
    "Next:",
    ...next.map((each) => `- ${each}`),
  ].join("\n");
}

function cautionsOf({ leastWindow }: AlertShape, { window, because }: Described): Caution[] {
  const late = {
    text: "rows arrive late, mostly by minutes, and so does the alert; what is half an hour late may be missed",
    because: ["azure-wire/alert-late-rows", "azure-wire/logs-late-rows"],
  };
  const chosen = { text: "threshold, severity and window are yours: no source gives them", because: [] };
  const isShort = leastWindow !== undefined && window.ms < leastWindow.ms;
  return [
    ...(isShort ? [{ text: leastWindow.why, because: leastWindow.because }] : []),
    ...(because.length === 0 ? [chosen] : []),
    late,
  ];
}
