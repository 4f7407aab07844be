import { expect, test } from "vitest";
import { decideAscii, decideColour, loadPalette } from "../../src/output/colour.ts";

test.each([
  [true, { isTTY: true, env: {} }],
  [false, { isTTY: false, env: {} }],
  [false, { isTTY: true, env: { NO_COLOR: "1" } }],
  [true, { isTTY: true, env: { NO_COLOR: "" } }],
  [false, { isTTY: true, env: { TERM: "dumb" } }],
  [true, { isTTY: true, env: { TERM: "xterm-256color" } }],
  [false, { isTTY: true, env: {}, flag: false }],
  [false, { isTTY: false, env: {}, flag: true }],
  [true, { isTTY: false, env: { FORCE_COLOR: "1" } }],
  [false, { isTTY: false, env: { FORCE_COLOR: "0" } }],
  [false, { isTTY: false, env: { FORCE_COLOR: "" } }],
  [false, { isTTY: false, env: { FORCE_COLOR: "1", NO_COLOR: "1" } }],
  [false, { isTTY: false, env: { FORCE_COLOR: "1" }, flag: false }],
])("colour is %s for %j", (expected, choice) => {
  expect(decideColour(choice)).toBe(expected);
});

test.each([
  [false, {}],
  [false, { LANG: "en_US.UTF-8" }],
  [false, { LANG: "C", LC_ALL: "C.utf8" }],
  [false, { LANG: "", TERM: "xterm-256color" }],
  [true, { LANG: "C" }],
  [true, { LANG: "en_US.UTF-8", LC_CTYPE: "de_DE.ISO-8859-1" }],
  [true, { LANG: "en_US.UTF-8", LC_ALL: "POSIX" }],
  [true, { LANG: "en_US.UTF-8", TERM: "linux" }],
  [true, { TERM: "dumb" }],
])("drawing in nothing but ASCII is %s for %j", (expected, env) => {
  expect(decideAscii(env)).toBe(expected);
});

test("a palette without colour adds nothing, one with colour adds escape codes whatever chalk detects", async () => {
  const [plain, coloured] = await Promise.all([loadPalette(false), loadPalette(true)]);

  expect([plain.bad("x"), coloured.bad("x")]).toEqual(["x", "\u001b[31mx\u001b[39m"]);
});
