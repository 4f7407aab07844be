import { expect, test } from "vitest";
import { Moment, windowOf } from "../../../src/topics/kql/window.ts";

const NOW = new Date("2026-11-21T08:00:00Z");

function windowFrom(since?: string, until?: string): string {
  const moment = (text: string | undefined) => (text === undefined ? undefined : Moment.parse(text));
  const { from, until: end } = windowOf({ since: moment(since), until: moment(until) }, NOW);
  return `${from.toISOString()} ${end.toISOString()}`;
}

function complaintOf(text: string): string | undefined {
  return Moment.safeParse(text).error?.issues[0]?.message;
}

test.each([
  [undefined, "2026-11-20T08:00:00.000Z"],
  ["30m", "2026-11-21T07:30:00.000Z"],
  ["24h", "2026-11-20T08:00:00.000Z"],
  ["7d", "2026-11-14T08:00:00.000Z"],
  ["2w", "2026-11-07T08:00:00.000Z"],
  ["PT30M", "2026-11-21T07:30:00.000Z"],
  ["P1DT12H", "2026-11-19T20:00:00.000Z"],
  ["999999d", "1970-01-01T00:00:00.000Z"],
  ["2026-11-20", "2026-11-20T00:00:00.000Z"],
  ["2026-11-20T10:15", "2026-11-20T10:15:00.000Z"],
  ["2026-11-20T10:15:30+02:00", "2026-11-20T08:15:30.000Z"],
])("--since %s begins at %s", (since, from) => {
  expect(windowFrom(since)).toBe(`${from} 2026-11-21T08:00:00.000Z`);
});

test("a length of --since goes back from --until, a time stands for itself", () => {
  expect(windowFrom("1h", "2026-11-20T12:00Z")).toBe("2026-11-20T11:00:00.000Z 2026-11-20T12:00:00.000Z");
  expect(windowFrom("2026-11-20T11:00Z", "1h")).toBe("2026-11-20T11:00:00.000Z 2026-11-21T07:00:00.000Z");
});

test("P30M is refused with both readings", () => {
  expect(complaintOf("P30M")).toBe(
    '"P30M" reads as 30 months, and is mostly meant as 30 minutes: type 30m (or PT30M) for minutes, 900d for months',
  );
  expect(complaintOf("P1M")).toContain("1 months");
});

test.each(["yesterday", "30", "P", "PT", "1y", "2026-13-45", "-5m", ""])("%o is no moment", (text) => {
  expect(complaintOf(text)).toContain("neither a length");
});

test("a window that ends before it begins is refused", () => {
  expect(() => windowFrom("2026-11-21T07:00Z", "2026-11-21T06:00Z")).toThrow("ends before it begins");
});
