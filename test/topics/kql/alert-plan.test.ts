import { expect, test } from "vitest";
import { loadParser } from "../../../src/kql/official.ts";
import { readQuery } from "../../../src/kql/read-query.ts";
import { runQuery } from "../../../src/kql/run.ts";
import type { Value } from "../../../src/kql/values.ts";
import { alertFile } from "../../../src/topics/kql/alert/bicep.ts";
import { planAlert, type AlertRule, type AlertWish } from "../../../src/topics/kql/alert/rule-plan.ts";
import { alertShapes } from "../../../src/topics/kql/alert/shapes.ts";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import type { CatalogueQuery, Flavour } from "../../../src/topics/kql/catalogue/catalogue-query.ts";
import { fillQuery, readGiven } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { findFlavour, findQuery } from "../../../src/topics/kql/catalogue/find-query.ts";
import { cite } from "../../../src/docs/cite.ts";
import { readBicep, type Read } from "./read-bicep.ts";

const parser = await loadParser();
const WISH: AlertWish = { threshold: 5, severity: 2, windowMs: 3_600_000, frequencyMs: 300_000 };

function plan(name: string, wish: AlertWish = {}, ...params: string[]): AlertRule {
  const query = findQuery(name);
  return planAlert(query, { flavour: findFlavour(query, undefined), given: readGiven(params) }, wish);
}

const ALL = catalogue.flatMap((query) => {
  const shape = alertShapes[query.name];
  if (shape === undefined || "why" in shape) return [];
  return query.flavours
    .filter(({ name }) => shape.refused?.[name] === undefined)
    .map((flavour): [string, CatalogueQuery, Flavour] => [`${query.name} ${flavour.name}`, query, flavour]);
});

test("every query has a shape or a reason, and there is no other", () => {
  expect(Object.keys(alertShapes).sort()).toEqual(catalogue.map(({ name }) => name).sort());
  for (const { name, alert } of catalogue.filter((each) => each.alert)) {
    const shape = alertShapes[name];
    expect(shape).toMatchObject({ measures: [{ column: alert?.measure }] });
  }
});

test.each(ALL)(
  "a rule on %s is right for the official parser, has its columns and no bound",
  async (_, query, flavour) => {
    const { text, measure, dimensions, description } = planAlert(query, { flavour, given: new Map() }, WISH);
    const { diagnostics } = parser.parse(text, flavour.tables);
    const read = await readQuery(text);
    const tables = new Map(flavour.tables.map(({ name, columns }) => [name, { columns, rows: [] }]));
    const columns = new Map(
      runQuery(read, { tables, now: new Date(0) }).columns.map(({ name, type }) => [name, type]),
    );
    const kinds = read.pipeline.operators.map(({ kind }) => kind);

    expect(
      diagnostics.filter(({ severity }) => severity !== "information" && severity !== "suggestion"),
    ).toEqual([]);
    expect(read.pipeline.source).toMatchObject({ kind: "table", name: flavour.tables[0]?.name });
    expect(read.lets).toEqual([]);
    // What a rule, or one that is looked at every minute, may not have.
    for (const kind of ["top", "take", "order", "union", "join", "render", "count"])
      expect(kinds).not.toContain(kind);
    expect(text).not.toMatch(/\bago\(|\bnow\(|ingestion_time|AggregatedValue|bag_unpack|narrow|\/\/ /);
    expect(dimensions.length).toBeLessThanOrEqual(6);
    for (const each of dimensions) expect([each, columns.get(each)]).toEqual([each, "string"]);
    expect(["long", "int", "real"]).toContain(measure ? columns.get(measure.column) : "long");
    expect(description.length).toBeLessThan(4096);
  },
);

test.each(ALL)("a rule on %s is the query without its end", async (_, query, flavour) => {
  const { text } = planAlert(query, { flavour, given: new Map() }, { ...WISH, windowMs: 300_000 });
  const whole = await readQuery(fillQuery(query, flavour, new Map()));
  const own = await readQuery(text);
  const kinds = whole.pipeline.operators.map(({ kind }) => kind);
  const bounds = kinds.filter((kind) => kind === "order" || kind === "take");

  // `top` is read as order and take; what stands before the end is untouched.
  expect(own.pipeline.operators.map(({ kind }) => kind)).toEqual(
    kinds.slice(0, kinds.length - bounds.length),
  );
});

test.each(ALL)(
  "the file of a rule on %s can be read back, and has what the plan says",
  (_, query, flavour) => {
    const rule = planAlert(query, { flavour, given: new Map() }, WISH);
    const file = readBicep(alertFile(rule, { workspaceId: undefined, actionGroupIds: [] }));

    const { properties } = file.resources["rule"]!.body as { properties: Record<string, Read> };
    const { allOf } = properties["criteria"] as { allOf: Record<string, Read>[] };
    expect(file.resources["rule"]?.type).toBe("Microsoft.Insights/scheduledQueryRules@2023-12-01");
    expect(allOf).toHaveLength(1);
    expect(allOf[0]).toMatchObject({ query: rule.text, operator: "GreaterThan", threshold: 5 });
    expect(allOf[0]?.["metricMeasureColumn"]).toBe(rule.measure?.column);
    expect(allOf[0]?.["timeAggregation"]).toBe(rule.measure?.how ?? "Count");
    expect(properties).toMatchObject({
      severity: 2,
      evaluationFrequency: "PT5M",
      windowSize: "PT1H",
      autoMitigate: true,
    });
    expect(properties["scopes"]).toEqual([{ code: "workspaceId" }]);
    for (const id of file.comments.join(" ").match(/[a-z-]+\/[a-z-]+(?=[\],]|$)/g) ?? [])
      expect(cite(id).id).toBe(id);
  },
);

const TLS = "could not accept SSL connection: tlsv1 alert unknown ca";

async function failuresOf(rule: AlertRule, rows: Value[][]): Promise<[unknown, number][]> {
  const [table] = rule.flavour.tables;
  const tables = new Map([[table!.name, { columns: table!.columns, rows }]]);
  const by = rule.dimensions.join(", ");
  // What the service adds to the text.
  const text = `${rule.text}| summarize Measure = sum(${rule.measure?.column ?? ""}) by ${by}\n| where Measure > ${rule.threshold}`;
  const answer = runQuery(await readQuery(text), { tables, now: new Date(0) });
  return [...answer.rows].map(([server, measure]) => [server, Number(measure)]);
}

test.each([
  [5, []],
  [6, [["shop-db", 6]]],
])("the article's threshold: %i failures on one server within one window", async (count, expected) => {
  const rule = plan("postgres-tls-failures");
  const columns = rule.flavour.tables[0]!.columns.map(({ name }) => name);
  const row = (server: string, second: number): Value[] =>
    columns.map((name) => {
      if (name === "LogicalServerName") return server;
      if (name === "Message") return TLS;
      // Across the border of two bins, as a window is not at a border of five minutes.
      return name === "TimeGenerated"
        ? BigInt(638_000_000_000_000_000n + BigInt(second) * 600_000_000n)
        : null;
    });
  const rows = [...Array.from({ length: count }, (_, at) => row("shop-db", at)), row("other-db", 1)];

  expect(await failuresOf(rule, rows)).toEqual(expected);
  expect(rule).toMatchObject({
    threshold: 5,
    severity: 2,
    because: ["postgres-ca-rotation/alert-threshold"],
  });
});

test("bin and threshold of the text are those of the rule, and no source is cited for other numbers", () => {
  const rule = plan("postgres-tls-failures", { threshold: 10.5, windowMs: 900_000 });

  expect(rule.text).toContain("bin(TimeGenerated, timespan(00:15:00))");
  expect(rule.text).toContain("Failures > long(10)");
  expect(rule.because).toEqual([]);
  expect(rule.cautions.map(({ text }) => text)).toContain(
    "threshold, severity and window are yours: no source gives them",
  );
  expect(() => plan("postgres-tls-failures", {}, "bin=1h")).toThrow(
    "--param bin has the rule's own value here",
  );
  expect(() => plan("postgres-tls-failures", {}, "threshold=1")).toThrow("--param threshold has");
});

test("all numbers that nobody gave are named at once, and none is made up", () => {
  expect(() => plan("container-restarts")).toThrow(
    "no source says when container-restarts should raise an alert: give --threshold, --severity, --window and --frequency",
  );
  expect(() => plan("container-restarts", { threshold: 1, severity: 1, windowMs: 300_000 })).toThrow(
    "give --frequency",
  );
});

const MINUTE = 60_000;

test.each([
  [7, 5, "--window: a rule has none of that length"],
  [2 * 1440, 2 * 1440, "--frequency: a rule has none of that length"],
  [5, 15, "every 15m over 5m: what is between two windows is never looked at"],
  [1, 5, "every 5m over 1m"],
  [1440, 1, "every minute goes with a window of six hours at most, and not with 1d"],
])("a window of %i minutes, every %i", (window, frequency, message) => {
  const wish = { ...WISH, windowMs: window * MINUTE, frequencyMs: frequency * MINUTE };

  expect(() => plan("container-restarts", wish)).toThrow(message);
});

test.each([
  [1, 1],
  [360, 1],
  [2 * 1440, 1440],
  [45, 45],
])("a window of %i minutes may be looked at every %i", (window, frequency) => {
  const wish = { ...WISH, windowMs: window * MINUTE, frequencyMs: frequency * MINUTE };

  // Alerts of a rule that is looked at once a day do not end by themselves.
  expect(plan("container-restarts", wish).resolves).toBe(frequency <= 720);
});

test("what bounds the query means nothing in a rule", () => {
  expect(() => plan("flow-denied", WISH, "rows=10")).toThrow(
    "--param rows means nothing in a rule, which counts all that there is",
  );
  expect(plan("flow-denied", { ...WISH, windowMs: 15 * MINUTE }).cautions[0]?.text).toContain(
    "below an hour",
  );
});

test("a table that is a parameter stands by its name", () => {
  expect(plan("pipeline-failures-by-dataset", WISH, "table=Ours_CL")).toMatchObject({
    text: expect.stringMatching(/^Ours_CL\n\| where /) as string,
    tables: ["Ours_CL"],
  });
});

test("queries and flavours that no rule can have say why", () => {
  expect(() => plan("pipeline-changes", WISH)).toThrow("a rule sees two days at most");
  expect(() => plan("pipeline-time-to-resolve", WISH)).toThrow(
    "pipeline-time-to-resolve is no query for a rule",
  );
  const query = findQuery("request-durations");
  const flavour = findFlavour(query, "application-insights");
  expect(() => planAlert(query, { flavour, given: new Map() }, WISH)).toThrow("the rule is on a workspace");
});

test("--measure chooses one of those that there are", () => {
  expect(plan("request-durations", { ...WISH, measure: "Failed" }).measure).toEqual({
    column: "Failed",
    how: "Total",
  });
  expect(() => plan("request-durations", { ...WISH, measure: "App" })).toThrow("cannot go by App");
  expect(() => plan("container-startup", { ...WISH, measure: "App" })).toThrow("cannot go by App");
});

test("a text that is longer than a rule may be is refused", () => {
  const words = Array.from({ length: 9000 }, (_, at) => `word${at}`).join(",");

  expect(() => plan("container-console-errors", WISH, `words=${words}`)).toThrow("longer than a rule may be");
});

test("an article is cited for its own numbers, and not for one's own", () => {
  const own = plan("postgres-tls-failures");
  const others: AlertWish[] = [{ threshold: 6 }, { severity: 3 }, { windowMs: 600_000 }];

  expect(own.because).not.toEqual([]);
  for (const wish of others) {
    const { because, cautions } = plan("postgres-tls-failures", wish);
    expect(because).toEqual([]);
    expect(cautions.map(({ text }) => text).join()).toContain("no source gives them");
  }
});
