import { expect, test } from "vitest";
import type { Json } from "../../src/json.ts";
import { isUnclear } from "../../src/plan/resource-version.ts";
import type { Step } from "../../src/plan/plan.ts";

const step = (version: string | undefined): Step => ({ version }) as Step;

test.each<[string, string | undefined, Json | undefined, Json | undefined, boolean]>([
  ["has the version from before", "etag", { etag: "1" }, "1", false],
  ["has another version", "etag", { etag: "2" }, "1", true],
  ["tells no version, as before", "etag", {}, null, true],
  ["is not there, as before", "etag", undefined, null, true],
  ["was not sent before", "etag", { etag: "2" }, undefined, false],
  ["has no version in the plan", undefined, { etag: "2" }, "1", false],
])("whether a step whose resource %s may have taken effect", (_, version, body, sentAt, expected) => {
  expect(isUnclear(step(version), body, sentAt)).toBe(expected);
});
