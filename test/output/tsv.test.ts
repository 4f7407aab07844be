import * as fc from "fast-check";
import { expect, test } from "vitest";
import { render } from "../../src/output/render.ts";
import { renderTsv } from "../../src/output/tsv.ts";
import { ESC, empty, options, sample, tableOf } from "./sample.ts";

const tsv = options({ format: "tsv", colour: { stdout: true, stderr: false } });

test("prints the first table as bare rows, with fact ids, and the notes on stderr", async () => {
  expect(await render(sample, tsv)).toEqual({
    stdout: "web-1\t2\trunning\t\ndb_1\t12\tover\todcr/overallocation\nspare\t\t\t\n",
    stderr:
      "warning: slots are not attributed (wire/no-slot-owner, odcr/overallocation)\nnote: read 2 VMs\nnote: tsv has the first of 2 tables; -o json has all\n",
  });
});

test("escapes what would end a cell and strips what a terminal would obey", async () => {
  const view = tableOf(["Name", "On"], [`a\tb\nc\\d\r${ESC}[31me`, true], ["x", false]);

  expect((await render(view, tsv)).stdout).toBe("a\\tb\\nc\\\\d\\re\ttrue\nx\tfalse\n");
});

test("nothing to show is nothing", async () => {
  expect(await render(empty, tsv)).toEqual({ stdout: "", stderr: "" });
  expect((await render(tableOf(["Name"]), tsv)).stdout).toBe("");
});

test("every row has the same number of tabs, whatever the cells hold", () => {
  const cell = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\t", "\n", "\r\n", null, true, 1.5));
  const row = fc.record({
    cells: fc.array(cell, { maxLength: 5 }),
    because: fc.constantFrom([], ["a/b", "c/d"]),
  });

  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const columns = ["A", "B", "C"].map((header) => ({ header }));
      const lines = renderTsv({ columns, rows }).split("\n").slice(0, -1);
      const tabs = rows.some(({ because }) => because.length > 0) ? 3 : 2;
      expect(lines.map((line) => line.split("\t").length - 1)).toEqual(rows.map(() => tabs));
    }),
  );
});

test("tables that are left out are noted, without --query", async () => {
  const two = { ...empty, tables: [...tableOf(["A"], ["1"]).tables, ...tableOf(["B"], ["2"]).tables] };
  const none = { ...empty, tables: [...tableOf(["A"], ["1"]).tables, ...tableOf(["B"]).tables] };

  expect(await render(two, tsv)).toEqual({
    stdout: "1\n",
    stderr: "note: tsv has the first of 2 tables; -o json has all\n",
  });
  expect((await render(none, tsv)).stderr).toBe("");
  expect((await render(two, { ...tsv, query: "notes" })).stderr).toBe("");
});
