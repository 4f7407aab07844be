import { describe, expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import { fillQuery } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { RULES } from "../../../src/topics/kql/lint/rules.ts";
import { FINE, fixesOf, lint, spotsOf } from "./lint-spots.ts";

const WITH_VALUES = catalogue.flatMap((query) =>
  query.flavours.map((flavour): [string, string] => [
    `${query.name} (${flavour.name})`,
    fillQuery(query, flavour, new Map()),
  ]),
);

test.each(WITH_VALUES)("%s has no finding but that its window is sent beside it", (_, text) => {
  expect(new Set(spotsOf(text).map(({ rule }) => rule))).toEqual(
    text.includes("ago(timespan(") ? new Set() : new Set(["no-time-filter"]),
  );
});

test.each(
  catalogue
    .filter(({ parameters }) => parameters.length > 0)
    .map(({ name, flavours }) => [name, flavours[0].text]),
)("%s before it is filled has places, and nothing is guessed of their types", (_, text) => {
  const rules = spotsOf(text).map(({ rule }) => rule);

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
