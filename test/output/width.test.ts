import stringWidth from "string-width";
import { expect, test } from "vitest";
import { padding, truncate, truncateMiddle, widthAtMost, widthFor } from "../../src/output/width.ts";

test("agrees with string-width on every character it measures by itself", async () => {
  const characters = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));
  const widths = await Promise.all(
    characters.map(async (character) => (await widthFor([character]))(character)),
  );

  expect(widths).toEqual(characters.map((character) => stringWidth(character)));
});

test.each([
  ["web-server", 10, "web-server"],
  ["web-server", 6, "web-s…"],
  ["日本語データ", 7, "日本語…"],
  ["日本語データ", 6, "日本…"],
  ["👩‍💻👩‍💻👩‍💻", 5, "👩‍💻👩‍💻…"],
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
  ["abc", 1, "…"],
  ["abc", 0, ""],
])("cuts %j to %i columns", async (text, columns, expected) => {
  const width = await widthFor([text]);

  expect(truncate(text, columns, width)).toBe(expected);
});

test.each([
  ["web-server", 10, "web-server"],
  ["web-server", 6, "we~ver"],
  ["日本語データ", 7, "日~ータ"],
  ["日本語データ", 9, "日本~ータ"],
  ["e\u0301e\u0301e\u0301", 2, "~e\u0301"],
  ["abc", 1, "~"],
  ["abc", 0, ""],
])("cuts %j to %i columns in its middle", async (text, columns, expected) => {
  const width = await widthFor([text]);

  expect(truncateMiddle(text, columns, { width, mark: "~" })).toBe(expected);
});

test("pads by columns, not by characters", async () => {
  const width = await widthFor(["日本"]);

  expect([padding("日本", 6, width), padding("日本", 3, width)]).toEqual(["  ", ""]);
});

test.each(["vm-1", "日本", "👩‍💻", "e\u0301", "ﬁ→"])("the upper bound for %j is never too small", (text) => {
  expect(widthAtMost(text)).toBeGreaterThanOrEqual(stringWidth(text));
});
