import { expect, test } from "vitest";
import { AzureError } from "../../../src/azure/azure-error.ts";
import { AppError } from "../../../src/errors.ts";
import type { Copy } from "../../../src/topics/acr/copies.ts";
import { missingText } from "../../../src/topics/acr/copies.ts";
import {
  exitOf,
  isForGood,
  judgeCopy,
  lackText,
  measure,
  type Waited,
} from "../../../src/topics/acr/wait-verdict.ts";

const A = "sha256:aaaa";
const B = "sha256:bbbb";
const copy = (digest: string | undefined, ...blobs: string[]): Copy => ({
  digest,
  missing: blobs.map((blob) => ({ kind: "blob", digest: blob })),
});

test.each([
  [copy(A), "pullable"],
  [copy(undefined), "missing"],
  [copy(B), "differs"],
  [copy(B, A), "differs"],
  [copy(A, B), "incomplete"],
])("%j is %s where %s is waited for", (seen, verdict) => {
  expect(judgeCopy(seen, A)).toBe(verdict);
});

const waited = (change: Partial<Waited>): Waited => ({
  name: "westeurope",
  host: "h",
  copy: undefined,
  why: undefined,
  refused: false,
  found: undefined,
  ...change,
});
const found = waited({ found: { time: "", lagMs: undefined, withinMs: undefined } });
const late = waited({ copy: copy(undefined) });
const other = waited({ copy: copy(B) });
const refused = waited({ why: "no", refused: true });
const down = waited({ why: "no", copy: copy(B) });

test.each<[string, Waited[], number]>([
  ["everywhere", [found, found], 0],
  ["another digest before all else", [found, late, refused, other], 1],
  ["too late before a refusal", [found, late, refused], 7],
  ["refused, with all others done", [found, refused], 6],
  ["what was another digest once, and does not answer now", [found, down], 7],
  ["no answer at all", [found, waited({})], 7],
])("the end is %s", (_, regions, exit) => {
  expect(exitOf(regions, A)).toBe(exit);
});

test("what is missing is told in words", () => {
  const words = [other, late, waited({}), refused, waited({ copy: copy(A, B) })].map((each) =>
    lackText(each, A),
  );

  expect(words).toEqual([
    "leads to sha256:bbbb",
    "not there",
    "did not answer in time",
    "cannot be asked: no",
    "lacks blob sha256:bbbb",
  ]);
  expect(missingText(copy(A, "a:1", "a:2", "a:3", "a:4", "a:5").missing)).toBe(
    "blob a:1, blob a:2, blob a:3 and 2 more",
  );
});

test.each([
  ["at the first look", { start: 100, notYet: undefined, now: 110, pushed: undefined }, {}],
  ["later", { start: 100, notYet: 140, now: 150, pushed: undefined }, { lagMs: 50, withinMs: 10 }],
  ["pushed before", { start: 100, notYet: 140, now: 150, pushed: 50 }, { lagMs: 100, withinMs: 10 }],
  [
    "pushed after the look before",
    { start: 100, notYet: 120, now: 150, pushed: 140 },
    { lagMs: 10, withinMs: 10 },
  ],
  [
    "at the first look, pushed before",
    { start: 100, notYet: undefined, now: 110, pushed: 50 },
    { lagMs: 60, withinMs: 60 },
  ],
])("a lag found %s", (_, times, lag) => {
  expect(measure(times)).toEqual({ lagMs: undefined, withinMs: undefined, ...lag });
});

const error = (status: number | undefined, code = "X"): AzureError =>
  new AzureError(status === 401 || status === 403 ? "auth" : "failed", "", {
    code,
    ...(status === undefined ? {} : { status }),
  });

test.each<[string, AppError, boolean]>([
  ["401", error(401), true],
  ["403", error(403, "DENIED"), true],
  ["400", error(400), true],
  ["a certificate", error(undefined, "CERT_HAS_EXPIRED"), true],
  ["a server without TLS", error(undefined, "EPROTO"), true],
  ["a sign-in elsewhere", error(401, "ForeignRealm"), true],
  ["a sign-in that fails", new AppError("auth", ""), true],
  ["429", error(429, "TOOMANYREQUESTS"), false],
  ["408", error(408), false],
  ["500", error(500), false],
  ["503 of a front door", error(503), false],
  ["nobody listening", error(undefined, "ECONNREFUSED"), false],
  ["a name that is not found", error(undefined, "ENOTFOUND"), false],
  ["a pause that is too long", new AzureError("timeout", ""), false],
])("%s is for good: %s", (_, given, forGood) => {
  expect(isForGood(given)).toBe(forGood);
});
