import { expect, test } from "vitest";
import { timeZoneOf } from "../../src/azure/region-time-zones.ts";
import { isTimeZone } from "../../src/plan/off-hours.ts";

test.each([
  ["eastus2", "America/New_York"],
  ["westus3", "America/Phoenix"],
  ["canadacentral", "America/Toronto"],
  ["usgovvirginia", "America/New_York"],
  ["chinanorth3", "Asia/Shanghai"],
  ["atlantis", undefined],
])("the time zone of %s is %s", (location, zone) => {
  expect(timeZoneOf(location)).toBe(zone);
  expect(zone === undefined || isTimeZone(zone)).toBe(true);
});
