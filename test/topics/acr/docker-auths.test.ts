import * as fc from "fast-check";
import { expect, test } from "vitest";
import { emptyAuth, hasAuth, putAuth, removeAuth } from "../../../src/topics/acr/docker-auths.ts";
import { parseDockerFile } from "../../../src/topics/acr/docker-config.ts";

const SHOP = "shopregistry.azurecr.io";
const DEEP = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
/** What a parser would not give back as it was. */
const TEXTS = [
  "12345678901234567890",
  "1e400",
  "1.0",
  "-0",
  '"\\u0041\\"}{"',
  "{}",
  DEEP,
  "[ 1 ,2]",
  "null",
  '"é,:"',
];

const blanks = fc.constantFrom("", " ", "\n", "\t", "\n  ", "\r\n\t");
const member = fc.tuple(
  fc.constantFrom("2", "1", "a", "a", "__proto__", "\\u0061", '\\"}'),
  fc.constantFrom(...TEXTS),
);
const entry = fc.tuple(
  fc.constantFrom("b.example", "7", "b.example", `x.${SHOP}`, "__proto__"),
  fc.constantFrom(
    "{}",
    "null",
    '{ "auth": "eA==" }',
    '{"auth":"eA==","size":1.0,"size":12345678901234567890}',
  ),
);
const mine = fc.tuple(
  fc.constantFrom(SHOP, `https://${SHOP}/v1/`, SHOP.replace("s", "\\u0073")),
  fc.constantFrom("{}", "null", '{"auth":"eA=="}', '{ "identitytoken" : "eA==", "n": 1e400 }'),
);

interface Parts {
  /** Members before and after "auths". */
  before: [string, string][];
  after: [string, string][];
  entries: [string, string][];
  own: [string, string][];
  at: number;
  /** Between all tokens. */
  gap: string;
}

const parts: fc.Arbitrary<Parts> = fc.record({
  before: fc.array(member, { maxLength: 3 }),
  after: fc.array(member, { maxLength: 3 }),
  entries: fc.array(entry, { maxLength: 3 }),
  own: fc.array(mine, { maxLength: 2 }),
  at: fc.nat(3),
  gap: blanks,
});

function objectOf(members: readonly (readonly [string, string])[], gap: string): string {
  const texts = members.map(([key, value]) => `${gap}"${key}"${gap}:${gap}${value}${gap}`);
  return `{${texts.join(",")}}`;
}

function textOf({ before, after, entries, own, at, gap }: Parts): string {
  const all = entries.toSpliced(at, 0, ...own);
  return objectOf([...before, ["auths", objectOf(all, gap)], ...after], gap);
}

/** All but what is about the host, as the texts of each member. */
function others({ before, after, entries, gap }: Parts): string[] {
  return [...before, ...entries, ...after].map(([key, value]) => `"${key}"${gap}:${gap}${value}`);
}

/** Whether they stand in the text in this order, byte for byte. */
function holdsInOrder(text: string, wanted: readonly string[]): boolean {
  let at = 0;
  for (const each of wanted) {
    const found = text.indexOf(each, at);
    if (found < 0) return false;
    at = found + each.length;
  }
  return true;
}

const authsOf = (text: string): Record<string, { auth?: string }> => JSON.parse(text).auths;

test("all but the entry stays byte for byte, whatever is written there and how", () => {
  fc.assert(
    fc.property(parts, (given) => {
      const text = textOf(given);
      const put = putAuth(SHOP, "c2VjcmV0")(text);
      const removed = removeAuth(SHOP)(put);

      expect(authsOf(put)[SHOP]).toEqual({ auth: "c2VjcmV0" });
      expect(holdsInOrder(put, others(given))).toBe(true);
      expect(hasAuth(put, SHOP)).toBe(true);
      expect(Object.keys(authsOf(removed)).filter((key) => key.includes(`/${SHOP}`) || key === SHOP)).toEqual(
        [],
      );
      expect(holdsInOrder(removed, others(given))).toBe(true);
      const emptied = emptyAuth(SHOP)(put);
      expect([hasAuth(emptied, SHOP), holdsInOrder(emptied, others(given))]).toEqual([false, true]);
      expect(emptyAuth(SHOP)(emptied)).toBe(emptied);
    }),
  );
});

test("what was added and is removed again leaves the bytes of before", () => {
  fc.assert(
    fc.property(parts, (given) => {
      const entries: [string, string][] = given.entries.length > 0 ? given.entries : [["a", "{}"]];
      const text = textOf({ ...given, entries, own: [] });

      expect(removeAuth(SHOP)(putAuth(SHOP, "c2VjcmV0")(text))).toBe(text);
      expect(removeAuth(SHOP)(text)).toBe(text);
    }),
  );
});

test.each([
  ["no auths", '{"a":1.0}', `{"a":1.0,"auths":{"${SHOP}":{"auth":"eA=="}}}`],
  ["auths that are null", '{"auths":null,"a":1e400}', `{"auths":{"${SHOP}":{"auth":"eA=="}},"a":1e400}`],
  [
    "the host twice, of which Docker takes the last",
    `{"auths":{"${SHOP}":{},"a":{},"${SHOP}":{"n":1.0}}}`,
    `{"auths":{"${SHOP}":{},"a":{},"${SHOP}":{"auth":"eA=="}}}`,
  ],
  [
    "an entry of several lines",
    `{\n  "auths": {\n    "${SHOP}": {\n      "auth": ""\n    }\n  }\n}`,
    `{\n  "auths": {\n    "${SHOP}": {\n      "auth": "eA=="\n    }\n  }\n}`,
  ],
])("with %s, the entry is put where Docker reads it", (_, text, edited) => {
  expect(putAuth(SHOP, "eA==")(text)).toBe(edited);
});

test("a text that is nested deeper than a stack is edited as any other", () => {
  const text = `{"a":${DEEP},"auths":{"b":{"x":${DEEP}}}}`;

  parseDockerFile("config.json", text);
  expect(removeAuth(SHOP)(putAuth(SHOP, "eA==")(text))).toBe(text);
});
