import { describe, expect, test } from "vitest";
import { RULES } from "../../../src/topics/kql/lint/rules.ts";
import { FINE, fixesOf, lint, OWN, spotsOf } from "./lint-spots.ts";

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
      const rules = spotsOf(`${source} | where TimeGenerated > ago(1h) and Nope == 1 | take 1`, OWN);

      expect(rules.map(({ rule, weight }) => [rule, weight])).toEqual([["other-resource", "info"]]);
    },
  );
});
