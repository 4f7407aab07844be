import { expect, test } from "vitest";
import {
  compareDays,
  resolve,
  secondsOf,
  tellSeconds,
} from "../../../src/topics/kql/failures/report-plan.ts";

test("days are put beside those of the period before, days without failures too", () => {
  const rows = [
    { DaysAgo: 0, Failures: 5 },
    { DaysAgo: 3, Failures: 2 },
    { DaysAgo: 1, Failures: 1 },
    // Of a service whose now is later than ours.
    { DaysAgo: 4, Failures: 1 },
  ];

  expect(compareDays(rows, 2)).toEqual([
    { daysAgo: 0, failures: 5, before: 0 },
    { daysAgo: 1, failures: 1, before: 3 },
  ]);
});

test("the mean counts every outage that ended once, and open ones not at all", () => {
  const rows = [
    { Outages: 3, Open: 1, MeanTimeToResolve: "01:00:00", Longest: "01:30:00" },
    { Outages: 1, Open: 0, MeanTimeToResolve: "1.00:00:00", Longest: "1.00:00:00" },
    { Outages: 2, Open: 2, MeanTimeToResolve: null, Longest: null },
  ];

  expect(resolve(rows)).toEqual({
    meanSeconds: (2 * 3600 + 86_400) / 3,
    longestSeconds: 86_400,
    outages: 6,
    open: 3,
  });
});

test("without an end nothing is told", () => {
  expect(resolve([{ Outages: 2, Open: 2, MeanTimeToResolve: null }])).toEqual({
    meanSeconds: undefined,
    longestSeconds: undefined,
    outages: 2,
    open: 2,
  });
});

test.each([
  ["00:00:00.5000000", 0.5, "1s"],
  ["00:02:03", 123, "2m 3s"],
  ["08:05:00", 29_100, "8h 5m"],
  ["1.23:00:00", 169_200, "1d 23h"],
  ["2.00:00:10", 172_810, "2d"],
])("%s", (text, seconds, told) => {
  expect(secondsOf(text)).toBe(seconds);
  expect(tellSeconds(seconds)).toBe(told);
});

test("what is no time span has no seconds", () => {
  expect([secondsOf("soon"), secondsOf(null), secondsOf(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
