import { expect, test } from "vitest";
import { firstOpening, type OffHours } from "../../src/plan/off-hours.ts";

const NEW_YORK: OffHours = { timeZone: "America/New_York", fromHour: 18, toHour: 7 };

function opening(
  hours: OffHours | undefined,
  from: string,
  until = "2027-12-31T00:00:00Z",
): string | undefined {
  return firstOpening(hours, new Date(from), new Date(until))?.toISOString();
}

test.each([
  ["noon of a Wednesday waits for 18 o'clock", NEW_YORK, "2026-11-25T17:00:00Z", "2026-11-25T23:00:00.000Z"],
  [
    "within the hours is at once, to the second",
    NEW_YORK,
    "2026-11-25T23:10:07Z",
    "2026-11-25T23:10:07.000Z",
  ],
  ["past midnight is still within them", NEW_YORK, "2026-11-26T06:30:00Z", "2026-11-26T06:30:00.000Z"],
  ["7 o'clock is over", NEW_YORK, "2026-11-25T12:00:00Z", "2026-11-25T23:00:00.000Z"],
  ["noon of a Saturday is within them", NEW_YORK, "2026-11-21T17:00:00Z", "2026-11-21T17:00:00.000Z"],
  ["Sunday evening there, Monday in UTC", NEW_YORK, "2026-11-23T04:59:00Z", "2026-11-23T04:59:00.000Z"],
  [
    "on the day after spring begins 18 o'clock is an hour earlier in UTC",
    NEW_YORK,
    "2027-03-15T15:00:00Z",
    "2027-03-15T22:00:00.000Z",
  ],
  ["before it, it is not", NEW_YORK, "2027-03-12T15:00:00Z", "2027-03-12T23:00:00.000Z"],
  [
    "an hour that the clocks leave out, on a Friday, is waited for until Saturday",
    { timeZone: "Africa/Cairo", fromHour: 0, toHour: 1 },
    "2026-04-23T12:00:00Z",
    "2026-04-24T21:00:00.000Z",
  ],
  [
    "an hour that comes twice, on a Thursday, is open twice",
    { timeZone: "Africa/Cairo", fromHour: 23, toHour: 0 },
    "2026-10-29T21:30:00Z",
    "2026-10-29T21:30:00.000Z",
  ],
  [
    "a zone of half hours opens at half past in UTC",
    { timeZone: "Asia/Kolkata", fromHour: 18, toHour: 7 },
    "2026-11-25T08:00:00Z",
    "2026-11-25T12:30:00.000Z",
  ],
  [
    "hours within one day",
    { timeZone: "UTC", fromHour: 2, toHour: 5 },
    "2026-11-25T05:00:00Z",
    "2026-11-26T02:00:00.000Z",
  ],
  ["no hours at all are always open", undefined, "2026-11-25T17:00:00Z", "2026-11-25T17:00:00.000Z"],
] as const)("%s", (_, hours, from, at) => {
  expect(opening(hours, from)).toBe(at);
});

test("an opening after the deadline is none", () => {
  expect(opening(NEW_YORK, "2026-11-25T17:00:00Z", "2026-11-25T22:59:00Z")).toBeUndefined();
});
