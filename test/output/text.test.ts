import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeInvisible, escapeMarkdown, escapeTsv, stripControl } from "../../src/output/text.ts";
import { ESC } from "./sample.ts";

describe("stripControl", () => {
  test.each([
    ["plain text", "vm-1", "vm-1"],
    ["emoji with joiners", "👩‍💻 ok", "👩‍💻 ok"],
    ["colours", `${ESC}[1;31mred${ESC}[0m`, "red"],
    ["eight-bit sequences", "\u009b31mred", "red"],
    ["a cut-off sequence", `vm${ESC}[31`, "vm"],
    ["cursor movement and clearing", `a${ESC}[2J${ESC}[1;1Hb`, "ab"],
    ["a window title", `a${ESC}]0;owned\u0007b`, "ab"],
    ["a link", `${ESC}]8;;https://evil.test${ESC}\\click${ESC}]8;;${ESC}\\`, "click"],
    ["an open-ended string, whose text stays", `a${ESC}]0;b`, "a0;b"],
    ["a device control string", `a${ESC}P1$r0m${ESC}\\b`, "ab"],
    ["short escapes", `a${ESC}cb${ESC}(Bc`, "abc"],
    ["bells, deletes and backspaces", "a\u0007\u007f\bb", "ab"],
    ["bidi overrides", "a\u202egpj.exe\u202c\u2066b\u2069", "agpj.exeb"],
    ["line ends and tabs, as spaces", "a\r\nb\tc\u2028d", "a b c d"],
  ])("handles %s", (_, text, expected) => {
    expect(stripControl(text)).toBe(expected);
  });

  test("lets no control character through and changes nothing the second time", () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        ESC,
        "\u009b",
        "\u009d",
        "\u0007",
        "\u009c",
        "[",
        "]",
        "P",
        "m",
        "3",
        "\n",
        "\t",
        "é",
        "\\",
      ),
    });

    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: "binary" })), (text) => {
        const shown = stripControl(text);
        expect(/[\p{Cc}\p{Bidi_Control}]/u.test(shown)).toBe(false);
        expect(stripControl(shown)).toBe(shown);
      }),
    );
  });

  test("takes linear time on endless sequences", () => {
    expect(stripControl(`${ESC}]`.repeat(200_000) + "\u009d".repeat(200_000))).toBe("");
  });
});

test.each([
  ["a|b", String.raw`a\|b`],
  ["my_vm_name", "my_vm_name"],
  ["__init__ _x_", String.raw`\_\_init\_\_ \_x\_`],
  ["*b* `c` ~~d~~", "\\*b\\* \\`c\\` \\~\\~d\\~\\~"],
  ["[x](y) <img>", String.raw`\[x\](y) &lt;img>`],
  [String.raw`C:\dir\|`, String.raw`C:\\dir\\\|`],
  ["R&D &lt;b&#42;", "R&D &amp;lt;b&amp;#42;"],
  ["a\r\nb\nc", "a b c"],
])("escapes %j for Markdown", (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected);
});

test("TSV escapes can be undone and leave neither tab nor line end", () => {
  const names: Record<string, string> = { t: "\t", n: "\n", r: "\r", "\\": "\\" };

  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("\t", "\n", "\r", "\\", "t", "n", "x") }), (text) => {
      const escaped = escapeTsv(text);
      expect(/[\t\r\n]/.test(escaped)).toBe(false);
      expect(escaped.replaceAll(/\\(.)/g, (_, name: string) => names[name] ?? "?")).toBe(text);
    }),
  );
});

test("escapes what JSON leaves raw, so that it reads back unchanged", () => {
  const text = JSON.stringify("\u009b31m \u007f \u202e \u2028 é");

  expect(escapeInvisible(text)).toBe(String.raw`"\u009b31m \u007f \u202e \u2028 é"`);
});
