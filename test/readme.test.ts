import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { EXIT } from "../src/errors.ts";
import { COMMANDS } from "./commands.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const rows = (pattern: RegExp): string[][] => [...readme.matchAll(pattern)].map((match) => match.slice(1));

test("the README lists every command with its own summary", () => {
  expect(rows(/^\| `azwise ([^`]+)` \| (.*) \|$/gm).sort()).toEqual([...COMMANDS].sort());
});

test("the README's exit codes are those of the code", () => {
  const codes = rows(/^\| (\d+) \| .* \|$/gm).map(([code]) => Number(code));

  expect(codes).toEqual(Object.values(EXIT));
});

test("the README's commands exist as scripts", () => {
  const scripts = rows(/npm run ([a-z:]+)/g).map(([name]) => name);

  expect(scripts.filter((name) => name !== undefined && !(name in manifest.scripts))).toEqual([]);
});

test("the README shows the verbs of the acr room that rehearse and look back, and docs/acr.md promises none", () => {
  const plan = readFileSync(new URL("../docs/acr.md", import.meta.url), "utf8");

  expect(rows(/^azwise acr (rehearse|lag) /gm).flat()).toEqual(["rehearse", "lag"]);
  expect(plan).not.toContain("to come");
});
