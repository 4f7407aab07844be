import { expect, test } from "vitest";
import { createProgress } from "../../src/output/progress.ts";
import { ESC } from "./sample.ts";

function written(
  stream: { isTTY: boolean; columns: number | undefined },
  texts: (string | undefined)[],
): string[] {
  const writes: string[] = [];
  const progress = createProgress({ ...stream, write: (text) => writes.push(text) });
  for (const text of texts) progress(text);
  return writes;
}

test("rewrites one line and clears it once", () => {
  expect(written({ isTTY: true, columns: 80 }, ["one", "two", undefined, undefined])).toEqual([
    `\rone${ESC}[K`,
    `\rtwo${ESC}[K`,
    `\r${ESC}[K`,
  ]);
});

test("never fills the line, also with wide or hostile text", () => {
  expect(written({ isTTY: true, columns: 8 }, ["a long text", "日本語データ", `${ESC}[2Ja\nb`])).toEqual([
    `\ra long…${ESC}[K`,
    `\r日本語…${ESC}[K`,
    `\ra b${ESC}[K`,
  ]);
});

test("an unknown width counts as eighty columns", () => {
  expect(written({ isTTY: true, columns: undefined }, ["x".repeat(100)])).toEqual([
    `\r${"x".repeat(78)}…${ESC}[K`,
  ]);
});

test("says nothing where there is no terminal", () => {
  expect(written({ isTTY: false, columns: undefined }, ["one", undefined])).toEqual([]);
});
