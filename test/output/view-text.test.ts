import { expect, test } from "vitest";
import { render } from "../../src/output/render.ts";
import type { View } from "../../src/output/view.ts";
import { options, sample } from "./sample.ts";

const view: View = { ...sample, text: ["T // a\\b", "| take 1"] };

test("a view's text comes first on a terminal, and its tables after it", async () => {
  const { stdout } = await render(view, options({ format: "table" }));

  expect(stdout.startsWith("T // a\\b\n| take 1\n\n")).toBe(true);
  expect(stdout).toContain("web-1");
});

test("TSV is the text alone, to the letter", async () => {
  const { stdout, stderr } = await render(view, options({ format: "tsv" }));

  expect(stdout).toBe("T // a\\b\n| take 1\n");
  expect(stderr).not.toBe("");
});

test("Markdown has the text as a block before the tables", async () => {
  const { stdout } = await render(view, options({ format: "md" }));

  expect(stdout).toContain("```text\nT // a\\b\n| take 1\n```");
  expect(stdout.indexOf("| take 1")).toBeLessThan(stdout.indexOf("web-1"));
});

test("no control character of a text reaches a terminal or a pipe", async () => {
  const evil: View = { ...sample, text: ["a\u001b[31mb\u0007"] };

  for (const format of ["table", "tsv", "md"] as const) {
    const { stdout } = await render(evil, options({ format }));
    expect([stdout.includes("\u0007"), stdout.includes("\u001b")]).toEqual([false, false]);
  }
});
