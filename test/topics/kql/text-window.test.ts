import { expect, test } from "vitest";
import { narrow, readText, windowOfText } from "../../../src/topics/kql/text-window.ts";

const NOW = new Date("2026-11-21T08:00:00Z");
const DAY = { from: new Date("2026-11-20T08:00:00Z"), until: NOW };

test.each<[string, string | undefined]>([
  ["T | where TimeGenerated > ago(7d)", "2026-11-14T08:00:00.000Z"],
  ["T | where ago(2d) <= TimeGenerated and A == 1 | count", "2026-11-19T08:00:00.000Z"],
  ["T | where TimeGenerated between (datetime(2026-11-01) .. ago(1d))", "2026-11-01T00:00:00.000Z"],
  ["let t = ago(3d); T | join (U | where TimeGenerated > t) on A", "2026-11-18T08:00:00.000Z"],
  ["T | where TimeGenerated > ago(1h)", "2026-11-20T08:00:00.000Z"],
  ["T | where A == 1", "2026-11-20T08:00:00.000Z"],
  ["T | where datetime(2026-11-01) < TimeGenerated", "2026-11-01T00:00:00.000Z"],
  ["T | where ['TimeGenerated'] > datetime(2026-11-01)", "2026-11-01T00:00:00.000Z"],
  ["T | where TimeGenerated between (ago(9d) .. 2d)", "2026-11-12T08:00:00.000Z"],
  ["T | where TimeGenerated > ago(1000000d)", "1970-01-01T00:00:00.000Z"],
  ["T | where TimeGenerated > ago(9d) | where TimeGenerated < ago(2d)", "2026-11-12T08:00:00.000Z"],
  ["T | where TimeGenerated > ago(9d) and (A == 1 or Other > ago(20d))", "2026-11-12T08:00:00.000Z"],
  [
    "let X = T | where TimeGenerated > ago(9d); X | where TimeGenerated < ago(2d)",
    "2026-11-12T08:00:00.000Z",
  ],
  ["T | summarize countif(TimeGenerated > ago(9d))", "2026-11-12T08:00:00.000Z"],
  [
    "T | summarize count() by bin(TimeGenerated, 1h) | where TimeGenerated > ago(9d)",
    "2026-11-12T08:00:00.000Z",
  ],
  ["T | summarize Last = max(TimeGenerated) by A | where Last < ago(23h)", "2026-11-20T08:00:00.000Z"],
  [
    "T | summarize arg_max(TimeGenerated, *) by A | where TimeGenerated < ago(2h)",
    "2026-11-20T08:00:00.000Z",
  ],
  ["T | top 5 by A | where TimeGenerated < ago(2h)", "2026-11-20T08:00:00.000Z"],
  ["T | distinct A | where A < ago(2h)", "2026-11-20T08:00:00.000Z"],
  ["T | project TimeGenerated // TimeGenerated < ago(7d)", "2026-11-20T08:00:00.000Z"],
  ['T | where A == "TimeGenerated < ago(7d)"', "2026-11-20T08:00:00.000Z"],
  ["T | where A == 1 or TimeGenerated > ago(1h)", undefined],
  ["T | where not(TimeGenerated > ago(1h))", undefined],
  ["T | where iff(TimeGenerated > ago(1h), false, true)", undefined],
  ["T | where (TimeGenerated > ago(1h)) == false", undefined],
  ["T | where TimeGenerated !between (ago(2h) .. ago(1h))", undefined],
  ["T | where TimeGenerated > ago(1h) | join (U | where TimeGenerated > Other) on A", undefined],
  ["T | summarize count() by A | join (U | where TimeGenerated < ago(2d)) on A", undefined],
  ["union (T | where TimeGenerated > ago(1h)), (U | where startofday(TimeGenerated) == B)", undefined],
  ["T | extend Age = now() - TimeGenerated | where Age < 3d", undefined],
  ["T | project-rename At = TimeGenerated | where At > datetime(2026-11-01)", undefined],
  ["T | where format_datetime(TimeGenerated, 'yyyy-MM-dd') in ('2026-11-01')", undefined],
  ["T | where TimeGenerated < ago(1h)", undefined],
  ["T | where TimeGenerated > Other", undefined],
  ["T | where TimeGenerated > ago(9d) | evaluate bag_unpack(A)", undefined],
  [`T | where TimeGenerated > ago(9d)${" and A == 1".repeat(20_000)}`, undefined],
])("%.70s is asked from %s on, where that can be told", async (text, from) => {
  const { window, isUnread } = await windowOfText(text, {}, NOW);

  expect(isUnread).toBe(from === undefined);
  expect(window).toEqual({ from: new Date(from ?? "2026-11-20T08:00:00.000Z"), until: NOW });
});

test("of several filters the earliest that is told begins the window, and one that is not is told", async () => {
  const text = "T | where TimeGenerated > ago(7d) | join (U | where TimeGenerated > Other) on A";

  expect(await windowOfText(text, {}, NOW)).toEqual({
    window: { from: new Date("2026-11-14T08:00:00Z"), until: NOW },
    isUnread: true,
  });
});

test("a window that was typed stays", async () => {
  const typed = await windowOfText("T | where TimeGenerated > ago(7d)", { since: { agoMs: 3_600_000 } }, NOW);

  expect(typed).toEqual({ window: { from: new Date("2026-11-21T07:00:00Z"), until: NOW }, isUnread: false });
});

test.each<[string, unknown]>([
  ["T | where A == 1", DAY],
  ["T | where TimeGenerated > ago(7d) | count", DAY],
  [
    "T | where A == 1 | where TimeGenerated < ago(1h)",
    { from: DAY.from, until: new Date("2026-11-21T07:00:00Z") },
  ],
  ["T | where TimeGenerated < ago(2d)", "nothing"],
  ["T | where A == 1 or TimeGenerated > ago(1h)", undefined],
  ["T | where A == 1 | extend B = 1 | where TimeGenerated > ago(1h)", undefined],
  ["T | where TimeGenerated > ago(1h) | join (U) on A", undefined],
  ["T | summarize Last = max(TimeGenerated) by A | where Last < ago(23h)", DAY],
  [
    "T | where TimeGenerated between (ago(3h) .. 1h)",
    { from: new Date("2026-11-21T05:00:00Z"), until: new Date("2026-11-21T06:00:00Z") },
  ],
  ["T | extend day = startofday(TimeGenerated) | where day == datetime(2026-11-15)", undefined],
  ["T | project t = TimeGenerated | where t < datetime(2026-11-15)", undefined],
  ["T | project-rename t = TimeGenerated | extend u = t | where u < datetime(2026-11-15)", undefined],
  ["T | extend Age = now() - TimeGenerated | where Age > 2d", undefined],
  ["T | where format_datetime(TimeGenerated, 'yyyy-MM-dd') in ('2026-11-15')", undefined],
  ["T | where format_datetime(TimeGenerated, 'yyyy-MM-dd') startswith '2026-11-15'", undefined],
  ["T | summarize count() by day = startofday(TimeGenerated) | where day == datetime(2026-11-15)", undefined],
  ["T | where not(TimeGenerated between (ago(2h) .. ago(1h)))", undefined],
])("of the window %s leaves %j", async (text, left) => {
  const query = (await readText(text))!;

  expect(narrow(query, DAY, NOW)).toEqual(left);
});
