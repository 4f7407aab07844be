import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { EXIT } from "../src/errors.ts";
import { verbs as docs } from "../src/topics/docs/room.ts";
import { own as login, verbs as loginVerbs } from "../src/topics/login/room.ts";
import { verbs as odcr } from "../src/topics/odcr/room.ts";
import { apply, verbs as runs } from "../src/topics/runs/room.ts";
import { verbs as sandbox } from "../src/topics/sandbox/room.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const rows = (pattern: RegExp): string[][] => [...readme.matchAll(pattern)].map((match) => match.slice(1));

test("the README lists every command with its own summary", () => {
  const all = [
    ...odcr.map((verb) => [`odcr ${verb.name}`, verb.summary]),
    ["login", login.summary],
    ...loginVerbs.map((verb) => [`login ${verb.name}`, verb.summary]),
    ["apply", apply.summary],
    ...runs.map((verb) => [`runs ${verb.name}`, verb.summary]),
    ...docs.map((verb) => [`docs ${verb.name}`, verb.summary]),
    ...sandbox.map((verb) => [`sandbox ${verb.name}`, verb.summary]),
  ];

  expect(rows(/^\| `azwise ([^`]+)` \| (.*) \|$/gm).sort()).toEqual(all.sort());
});

test("the README's exit codes are those of the code", () => {
  const codes = rows(/^\| (\d+) \| .* \|$/gm).map(([code]) => Number(code));

  expect(codes).toEqual(Object.values(EXIT));
});

test("the README's commands exist as scripts", () => {
  const scripts = rows(/npm run ([a-z:]+)/g).map(([name]) => name);

  expect(scripts.filter((name) => name !== undefined && !(name in manifest.scripts))).toEqual([]);
});
