import { expect, test } from "vitest";
import { decideColour, loadPalette } from "../../src/output/colour.ts";

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

test("a palette without colour adds nothing, one with colour adds escape codes whatever chalk detects", async () => {
  const [plain, coloured] = await Promise.all([loadPalette(false), loadPalette(true)]);

  expect([plain.bad("x"), coloured.bad("x")]).toEqual(["x", "\u001b[31mx\u001b[39m"]);
});
