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
  ["T | where TimeGenerated < ago(1h)", undefined],
  ["T | where TimeGenerated > Other", undefined],
  ["T | where TimeGenerated > ago(9d) | evaluate bag_unpack(A)", undefined],
  [`T | where TimeGenerated > ago(9d)${" and A == 1".repeat(20_000)}`, undefined],
])("%.70s is asked from %s on, where that can be told", async (text, from) => {
  const { window, isUnread } = await windowOfText(text, {}, NOW);

  expect(isUnread).toBe(from === undefined);
  expect(window).toEqual({ from: new Date(from ?? "2026-11-20T08:00:00.000Z"), until: NOW });
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
  ["T | where not(TimeGenerated between (ago(2h) .. ago(1h)))", undefined],
])("of the window %s leaves %j", async (text, left) => {
  const query = (await readText(text))!;

  expect(narrow(query, DAY, NOW)).toEqual(left);
});
