import { expect, test } from "vitest";
import { renderFollowed } from "../../src/output/follow.ts";

const HOSTILE = "a\u009b2Jb\u202ec\u007fd\u2028e\u001b]0;title\u0007f\tg";
const rows = { columns: ["App", "Message"], rows: [["shop", HOSTILE]] };

test("ndjson shows no character that a terminal acts on, and loses none", () => {
  const text = renderFollowed(rows, "ndjson");

  expect(text).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(text)).toEqual({ App: "shop", Message: HOSTILE });
});

test("a person gets lines without them; what is missing is a dash, and what is nested is JSON", () => {
  const text = renderFollowed({ ...rows, rows: [...rows.rows, [null, { a: [1] }]] }, "table");

  expect(text).toBe('shop  abcd ef g\n-  {"a":[1]}\n');
});

test("TSV has a cell for each value, whatever is in it", () => {
  expect(renderFollowed({ columns: ["A", "B"], rows: [["a\tb\nc", 1]] }, "tsv")).toBe("a\\tb\\nc\t1\n");
});
