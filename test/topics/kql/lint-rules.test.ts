import { beforeAll, describe, expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { loadParser, type Parser } from "../../../src/kql/official.ts";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import { fillQuery } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { checkText } from "../../../src/topics/kql/lint-check.ts";
import { RULES } from "../../../src/topics/kql/lint-rules.ts";
import type { Known } from "../../../src/topics/kql/lint-schemas.ts";
import { schemas } from "../../../src/topics/kql/schemas/all.ts";

const SHIPPED: Known = { schemas, workspace: undefined };
const OWN: Known = { schemas, workspace: "logs-shop" };
/** Bounded and filtered, so that only what a test adds is found. */
const FINE = "AppRequests | where TimeGenerated > ago(1h)";

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

/** Each finding as `rule weight "what stands there"`. */
function lint(text: string, known: Known = SHIPPED): string[] {
  return checkText(text, known, parser).map(
    ({ rule, weight, start, end }) => `${rule} ${weight} ${JSON.stringify(text.slice(start, end))}`,
  );
}

function fixesOf(text: string, known: Known = SHIPPED): string[] {
  return checkText(text, known, parser).map(({ fix }) => fix);
}

const WITH_VALUES = catalogue.flatMap((query) =>
  query.flavours.map((flavour): [string, string] => [
    `${query.name} (${flavour.name})`,
    fillQuery(query, flavour, new Map()),
  ]),
);

test.each(WITH_VALUES)("%s has no finding but that its window is sent beside it", (_, text) => {
  expect(new Set(checkText(text, SHIPPED, parser).map(({ rule }) => rule))).toEqual(
    text.includes("ago(timespan(") ? new Set() : new Set(["no-time-filter"]),
  );
});

test.each(
  catalogue
    .filter(({ parameters }) => parameters.length > 0)
    .map(({ name, flavours }) => [name, flavours[0].text]),
)("%s before it is filled has places, and nothing is guessed of their types", (_, text) => {
  const rules = checkText(text, SHIPPED, parser).map(({ rule }) => rule);

  expect(rules).toContain("unfilled-place");
  expect(rules.filter((each) => each === "syntax" || each === "semantic")).toEqual([]);
});

test("each rule cites what exists, and says what is wrong and how it is mended", () => {
  for (const { because, summary, fix } of Object.values(RULES)) {
    for (const id of because) expect(cite(id).id).toBe(id);
    expect([summary, fix].every((each) => /[^.]$/.test(each))).toBe(true);
  }
});

describe("texts", () => {
  test.each<[string, string[]]>([
    ["AppRequests | where | take 1", ['syntax error ""']],
    ["AppRequests | wher Nope == 1", ['syntax error "wher"']],
    ["// nothing", ['no-query error "//"']],
    ["let a = 1;", ['no-query error "let"']],
    [".show tables", ['command error ".show"']],
    [`${FINE} | where Name == {app} | take 1`, ['unfilled-place error "{app}"']],
    [`${FINE} | where TimeGenerated > 5 | take 1`, ['semantic error ">"']],
    [`${FINE} | take 'x'`, [`semantic error "'x'"`]],
    ["print 1", []],
    ["datatable(a:long)[1] | where a == 1", []],
    ["range x from 1 to 3 step 1", []],
  ])("%j has %j", (text, expected) => {
    expect(lint(text)).toEqual(expected);
  });
});

describe("names", () => {
  test.each<[string, string[], string[]]>([
    [`${FINE} | where Nam == 'x' | take 1`, ['unknown-column warning "Nam"'], ['unknown-column error "Nam"']],
    [
      `${FINE} | project-away Nope | take 1`,
      ['unknown-column warning "Nope"'],
      ['unknown-column error "Nope"'],
    ],
    [
      "ContainerAppConsoleLogs_CL | where TimeGenerated > ago(1h) and Log == 'x' | take 1",
      ['unknown-column info "Log"'],
      ['unknown-column error "Log"'],
    ],
    [
      "table('ContainerAppConsoleLogs_CL') | where TimeGenerated > ago(1h) and Log == 'x' | take 1",
      ['unknown-column info "Log"'],
      ['unknown-column error "Log"'],
    ],
    [
      "Heartbeat | where TimeGenerated > ago(1h) and Computer == 'x' | take 1",
      ['unknown-table info "Heartbeat"'],
      ['unknown-table error "Heartbeat"'],
    ],
    [
      "table('Heartbeat') | where TimeGenerated > ago(1h) | take 1",
      [`unknown-table info "'Heartbeat'"`],
      [`unknown-table error "'Heartbeat'"`],
    ],
    [
      "union isfuzzy=true Heartbeat, AppRequests | where TimeGenerated > ago(1h) | take 1",
      ['unknown-table info "Heartbeat"'],
      ['unknown-table info "Heartbeat"'],
    ],
    [
      "union Heart* | where TimeGenerated > ago(1h) | take 1",
      ['unknown-table info "Heart*"'],
      ['unknown-table error "Heart*"'],
    ],
    [
      "let all = Heartbeat; all | where TimeGenerated > ago(1h) | take 1",
      ['unknown-table info "Heartbeat"'],
      ['unknown-table error "Heartbeat"'],
    ],
  ])("%j has %j, and with the workspace's own tables %j", (text, shipped, own) => {
    expect(lint(text)).toEqual(shipped);
    expect(lint(text, OWN)).toEqual(own);
  });

  const CONSOLE = "ContainerAppConsoleLogs_CL | where TimeGenerated > ago(1h)";

  test.each<[string, string]>([
    ["summarize n=count() by ContainerAppName_s | order by Log_s desc", "Log_s"],
    ["summarize n=count() by ContainerAppName_s | extend m = n | where Log_s == ''", "Log_s"],
    ["project Own_s, TimeGenerated | where Own_s == '' and Log_s == ''", "Log_s"],
    ["distinct ContainerAppName_s | union (print Log_s='') | project Nope", "Nope"],
    ["count | project Log_s", "Log_s"],
    ["project a = Log_s | join kind=inner (print a='', b=1) on a | project Nope", "Nope"],
    ["where Log_s in ((ContainerAppConsoleLogs_CL | project a = Log_s | project Nope)) | take 1", "Nope"],
  ])("behind %j no sender can have brought %s", (operators, name) => {
    expect(lint(`${CONSOLE} | ${operators}`).filter((each) => each.includes("unknown-column error"))).toEqual(
      [`unknown-column error ${JSON.stringify(name)}`],
    );
  });

  test.each([
    "let few = ContainerAppConsoleLogs_CL | summarize n=count() by Log_s; few | where Own_s == '' | take 1",
    "let few = () { ContainerAppConsoleLogs_CL | project Log_s }; few() | where Own_s == '' | take 1",
    "datatable(a:long)[1] | where Own_s == 1 | take 1",
  ])("nor in %j", (text) => {
    expect(lint(text)).toContain('unknown-column error "Own_s"');
  });

  test.each([
    "where Own_s == '' | take 1",
    "extend a = 1 | order by Own_s desc | take 1",
    "summarize arg_max(TimeGenerated, *) by ContainerAppName_s | where Own_s == ''",
    "distinct * | where Own_s == ''",
    "project Own_s | where Own_s == '' | take 1",
    "project a = Log_s | join kind=inner (ContainerAppSystemLogs_CL | extend a = Log_s) on a | where Own_s == '' | take 1",
    "project a = Log_s | union ContainerAppSystemLogs_CL | where Own_s == '' | take 1",
  ])("but it may have before or beside that: %j", (operators) => {
    const columns = lint(`${CONSOLE} | ${operators}`).filter((each) => each.startsWith("unknown-column"));

    expect(columns).toEqual(['unknown-column info "Own_s"']);
  });

  test("what comes out there is told", () => {
    const of = (operators: string): string[] => fixesOf(`${CONSOLE} | ${operators}`);

    expect(of("summarize n=count() by ContainerAppName_s | order by Log_s desc")).toEqual([
      "name one that comes out there: n, ContainerAppName_s",
    ]);
    expect(of("summarize n=count() by ContainerAppName_s | order by ContainerAppNme_s")).toEqual([
      "did you mean ContainerAppName_s?",
    ]);
  });

  test("of a table that is shipped in part a column that is not told may be there", () => {
    const lintRun = (name: string): string[] =>
      lint(`ADFActivityRun | where TimeGenerated > ago(1h) and ${name} != '' | take 1`);

    expect(lintRun("Error")).toEqual(['unknown-column info "Error"']);
    expect(
      lint(`${FINE} | join kind=inner ADFActivityRun on CorrelationId | where Nam == '' | take 1`),
    ).toContain('unknown-column info "Nam"');
  });

  test.each(["ContainerAppSystemLogs_CL", "ContainerAppSystemLogs"])(
    "usage is no column of %s whoever sends",
    (table) => {
      const text = `${table} | where TimeGenerated > ago(1h) | summarize max(CpuUsageNanoCores_d)`;

      expect(lint(text)).toEqual(['usage-column warning "CpuUsageNanoCores_d"']);
      expect(lint(text, OWN)).toEqual(['usage-column error "CpuUsageNanoCores_d"']);
      expect(fixesOf(text)).toEqual([RULES["usage-column"].fix]);
    },
  );

  test("what was meant is told where something is near", () => {
    expect(fixesOf(`${FINE} | where Nam == 'x' | take 1`, OWN)).toEqual(["did you mean Name?"]);
    expect(fixesOf(`${FINE} | summarize coutn() by Name`)).toEqual(["did you mean count?"]);
    expect(fixesOf("AppRequest | where TimeGenerated > ago(1h) | take 1", OWN)).toEqual([
      "did you mean AppRequests?",
    ]);
    expect(fixesOf("ContainerAppSystemLogs | where ContainerAppNme == 'x' | count", OWN)).toContain(
      "did you mean ContainerAppName?",
    );
    expect(fixesOf(`${FINE} | where Zzzzz == 'x' | take 1`, OWN)).toEqual([RULES["unknown-column"].fix]);
  });

  test("a function that may be saved in the workspace is not called wrong", () => {
    expect(lint("OurErrors('x') | where TimeGenerated > ago(1h) and Code == 5 | take 1")).toContain(
      'unknown-function info "OurErrors"',
    );
    expect(lint(`${FINE} | where nope(Name) == 1 | take 1`)).toEqual(['unknown-function warning "nope"']);
  });

  test.each(["workspace('x').AppRequests", "app('x').requests", "cluster('x').database('y').T"])(
    "no column is checked behind %s, and that is said",
    (source) => {
      const rules = checkText(
        `${source} | where TimeGenerated > ago(1h) and Nope == 1 | take 1`,
        OWN,
        parser,
      );

      expect(rules.map(({ rule, weight }) => [rule, weight])).toEqual([["other-resource", "info"]]);
    },
  );
});

describe("filters by time", () => {
  const missing = (name = "AppRequests"): string => `no-time-filter info ${JSON.stringify(name)}`;

  test.each<[string, string[]]>([
    ["AppRequests | take 1", [missing()]],
    ["AppRequests | where Name == 'x' | take 1", [missing()]],
    ["AppRequests | where isnotempty(TimeGenerated) | take 1", [missing()]],
    ["AppRequests | where TimeGenerated > ago(1h) or Name == 'x' | take 1", [missing()]],
    ["AppRequests | where Name == 'x' and (TimeGenerated >= ago(1h)) | take 1", []],
    ["AppRequests | where TimeGenerated between (ago(2h) .. ago(1h)) | take 1", []],
    ["AppRequests | where TimeGenerated > datetime(2026-11-20) | take 1", []],
    ["AppRequests | where ingestion_time() > ago(1h) | take 1", []],
    ["AppRequests | summarize count() by bin(TimeGenerated, 1h) | where TimeGenerated > ago(1d)", []],
    ["requests | where timestamp > ago(1h) | take 1", []],
    ["let since = ago(1h); AppRequests | where TimeGenerated > since | take 1", []],
    ["let base = AppRequests; base | where TimeGenerated > ago(1h) | take 1", []],
    ["let base = AppRequests | where TimeGenerated > ago(1h); base | take 1", []],
    ["let base = AppRequests; union (base | where TimeGenerated > ago(1h)), base | take 1", [missing()]],
    ["let unused = AppRequests; print 1", []],
    [
      "let f = (n:string) { AppRequests | where Name == n }; f('a') | where TimeGenerated > ago(1h) | take 1",
      [],
    ],
    ["let f = (n:string) { AppRequests | where Name == n }; f('a') | take 1", [missing()]],
    ["let f = (t:datetime) { AppRequests | where TimeGenerated > t }; f(ago(1h)) | take 1", []],
    ["union AppRequests, requests | where TimeGenerated > ago(1h) | take 1", []],
    ["AppRequests | union (requests | take 1) | where TimeGenerated > ago(1h) | take 1", []],
    [
      "AppRequests | where TimeGenerated > ago(1h) | join kind=inner (requests | take 9) on $left.Id == $right.id | take 1",
      [missing("requests")],
    ],
    [
      "AppRequests | join kind=inner (requests | where timestamp > ago(1h)) on $left.Id == $right.id | where TimeGenerated > ago(1h) | take 1",
      [],
    ],
    [`let newest = toscalar(AppRequests | summarize max(TimeGenerated)); ${FINE} | take 1`, [missing()]],
    [`${FINE} | where Name in ((requests | distinct name)) | take 1`, [missing("requests")]],
    ["find in (AppRequests) where TimeGenerated > ago(1h) and Name == 'x' | take 1", []],
    ["let all = materialize(AppRequests); all | where TimeGenerated > ago(1h) | take 1", []],
  ])("%j has %j", (text, expected) => {
    const found = lint(text).filter((each) => each.startsWith("no-time-filter"));
    expect(found).toEqual(expected);
  });

  test("the column that a table has its time in is named", () => {
    expect(fixesOf("requests | take 1")[0]).toMatch(/^add \| where timestamp > ago\(1d\), unless a window/);
    expect(fixesOf("AppRequests | take 1")[0]).toMatch(/^add \| where TimeGenerated > ago\(1d\), unless/);
  });
});

describe("bounds", () => {
  test.each([
    "take 5",
    "limit 5",
    "top 5 by Name",
    "count",
    "summarize count() by Name",
    "distinct Name",
    "sample 5",
    "make-series count() on TimeGenerated step 1h",
    "take 5 | extend a = 1 | where a == 1 | mv-expand Properties | order by Name asc",
    "summarize count() by bin(TimeGenerated, 1h) | render timechart",
    "take 5 | join kind=inner (AppRequests | take 5) on Id",
    "take 5 | join kind=leftsemi AppRequests on Id",
    "join kind=rightanti (AppRequests | take 5) on Id",
    "take 5 | lookup (AppRequests | take 5) on Id",
    "take 5 | union (AppRequests | take 5)",
    "invoke saved()",
  ])("rows are bounded by %j", (operators) => {
    expect(lint(`${FINE} | ${operators}`).filter((each) => each.startsWith("unbounded"))).toEqual([]);
  });

  test.each([
    "project Name",
    "order by Name asc",
    "render timechart",
    "take 5 | join kind=inner AppRequests on Id",
    "join kind=inner (AppRequests | take 5) on Id",
    "take 5 | union AppRequests",
    "evaluate bag_unpack(Properties)",
  ])("rows are not bounded by %j", (operators) => {
    expect(lint(`${FINE} | ${operators}`)).toContain('unbounded warning "AppRequests"');
  });

  test.each<[string, boolean]>([
    [`let few = ${FINE} | take 5; few | project Name`, true],
    [`let all = ${FINE}; all | project Name`, false],
    [`let few = () { ${FINE} | take 5 }; few() | project Name`, true],
    [`let all = () { ${FINE} }; all() | project Name`, false],
    [`union (${FINE} | take 5), (${FINE} | count)`, true],
    [`union (${FINE} | take 5), (${FINE})`, false],
    [`let f = (T:(Name:string)) { T | project Name }; let few = ${FINE} | take 1; f(few)`, true],
    [`${FINE} | take 1; ${FINE}`, false],
  ])("%j is bounded: %j", (text, isBounded) => {
    expect(lint(text).some((each) => each.startsWith("unbounded"))).toBe(!isBounded);
  });
});

describe("terms", () => {
  const find = (condition: string): string[] => lint(`${FINE} | where ${condition} | take 1`);

  test.each<[string, string, string]>([
    ["Name contains 'error'", "contains 'error'", 'Name has "error"'],
    ["Name !contains 'error'", "!contains 'error'", 'Name !has "error"'],
    ['Name contains_cs @"OOM"', 'contains_cs @"OOM"', 'Name has_cs "OOM"'],
    ["Name !contains_cs h'abc'", "!contains_cs h'abc'", 'Name !has_cs "abc"'],
    ["Name matches regex 'abc'", "matches regex 'abc'", 'Name has_cs "abc"'],
  ])("%j is found at %j, with %j to write", (condition, place, instead) => {
    expect(find(condition)).toEqual([`contains-term warning ${JSON.stringify(place)}`]);
    expect(fixesOf(`${FINE} | where ${condition} | take 1`)[0]).toMatch(`write ${instead}, unless`);
  });

  test.each([
    "Name contains 'not found'",
    "Name contains '/api'",
    "Name contains 'ab'",
    "Name contains 'é5x'",
    "Name contains tostring(5)",
    "Name has 'error'",
    "Name matches regex 'a.c'",
    "Name startswith 'abc'",
  ])("%j is none", (condition) => {
    expect(find(condition)).toEqual([]);
  });

  test.each([
    ["search 'x' | take 1", '"search"'],
    ["find where Name == 'x' | take 1", '"find"'],
    ["union * | where TimeGenerated > ago(1h) | take 1", '"*"'],
  ])("%j reads every table", (text, place) => {
    expect(lint(text)).toContain(`every-table warning ${place}`);
  });

  test.each([
    "search in (AppRequests) 'x' | take 1",
    `${FINE} | search 'x' | take 1`,
    "union AppRequests, App* | where TimeGenerated > ago(1h) | take 1",
  ])("%j does not", (text) => {
    expect(lint(text).filter((each) => each.startsWith("every-table"))).toEqual([]);
  });
});
