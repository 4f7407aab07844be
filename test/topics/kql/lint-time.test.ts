import { describe, expect, test } from "vitest";
import { fixesOf, FINE, lint } from "./lint-spots.ts";

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
    ["AppRequests | where ago(1h) < TimeGenerated | take 1", []],
    ["AppRequests | where TimeGenerated == datetime(2026-11-20) | take 1", []],
    ["AppRequests | where TimeGenerated < ago(1h) | take 1", [missing()]],
    ["AppRequests | where TimeGenerated < now() | take 1", [missing()]],
    ["AppRequests | where TimeGenerated !between (ago(2h) .. ago(1h)) | take 1", [missing()]],
    ["AppRequests | where hourofday(TimeGenerated) > 5 | take 1", [missing()]],
    ["AppRequests | where DurationMs > 5 and TimeGenerated <= now() | take 1", [missing()]],
    ["NTANetAnalytics | where FlowStartTime > ago(1d) | take 1", [missing("NTANetAnalytics")]],
    [
      "AppRequests | summarize count() by bin(TimeGenerated, 1h) | where TimeGenerated > ago(1d)",
      [missing()],
    ],
    ["AppRequests | take 5 | where TimeGenerated > ago(1d)", [missing()]],
    ["AppRequests | top 5 by DurationMs | where TimeGenerated > ago(1d)", [missing()]],
    ["AppRequests | distinct TimeGenerated | where TimeGenerated > ago(1d)", [missing()]],
    [
      "let busy = AppRequests | summarize by TimeGenerated; busy | where TimeGenerated > ago(1d)",
      [missing()],
    ],
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
    ["AppRequests | union (requests | extend a = 1) | where TimeGenerated > ago(1h) | take 1", []],
    [
      "AppRequests | union (requests | take 1) | where TimeGenerated > ago(1h) | take 1",
      [missing("requests")],
    ],
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
