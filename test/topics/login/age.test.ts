import { expect, test } from "vitest";
import { ageOf } from "../../../src/topics/login/age.ts";

const NOW = new Date("2026-11-21T08:00:00Z");

test.each([
  ["2026-11-21T07:59:01Z", "just now"],
  ["2026-11-21T08:30:00Z", "just now"],
  ["2026-11-21T07:59:00Z", "1 min ago"],
  ["2026-11-21T07:47:30Z", "12 min ago"],
  ["2026-11-21T07:00:00Z", "1 h ago"],
  ["2026-11-20T08:00:01Z", "23 h ago"],
  ["2026-11-18T08:00:00Z", "3 d ago"],
])("%s is %s", (then, age) => {
  expect(ageOf(new Date(then), NOW)).toBe(age);
});
