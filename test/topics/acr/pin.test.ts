import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { golden } from "../golden.ts";
import {
  DEPLOY,
  EAST,
  FILES,
  GLOBAL,
  PLATFORM,
  TO_WEST,
  VALUES,
  WEST,
  WRITE,
  hostOf,
  pin,
  textOf,
} from "./pin-host.ts";

const GOLDEN = "../../../fixtures/golden/acr";

test("the plan looks right on a terminal", async () => {
  const host = hostOf(FILES, { tty: true, columns: 180, env: { NO_COLOR: "1" } });

  const result = golden(await pin(host, ...Object.keys(FILES), ...TO_WEST));

  await expect(result).toMatchFileSnapshot(`${GOLDEN}/pin.tty.txt`);
});

test.each(["pipe", "json", "md"])("the plan looks right as %s", async (format) => {
  const flags = format === "pipe" ? [] : ["-o", format];
  const host = hostOf();

  const result = golden(await pin(host, ...Object.keys(FILES), ...TO_WEST, ...flags));

  await expect(result).toMatchFileSnapshot(`${GOLDEN}/pin.${format}.txt`);
  expect(textOf(host)).toBe(DEPLOY);
});

test("what is pinned, pinned again and taken back looks right", async () => {
  const host = hostOf(FILES, { tty: true, columns: 180, env: { NO_COLOR: "1" } });
  const names = ["deploy.yaml", "values-prod-eu.yaml"];

  const applied = golden(await pin(host, ...names, ...TO_WEST, ...WRITE));
  const text = textOf(host);
  const again = golden(await pin(host, ...names, ...TO_WEST, ...WRITE));
  const undone = golden(await pin(host, ...names, "--undo", "--apply", "--yes"));

  await expect([applied, again, undone].join("\n===\n")).toMatchFileSnapshot(`${GOLDEN}/pin-life.tty.txt`);
  expect(text).toBe(
    DEPLOY.replace(`"${GLOBAL}/shop`, `"${WEST}/shop`).replace(`image: ${EAST}`, `image: ${WEST}`),
  );
  expect(names.map((name) => textOf(host, name))).toEqual([DEPLOY, VALUES]);
  expect(readdirSync(join(host.state, "pins"))).toEqual([]);
});

test("a person answers first, and no changes nothing", async () => {
  const host = hostOf(FILES, { tty: true, stdin: "n\n" });

  const no = await pin(host, "deploy.yaml", ...TO_WEST, "--apply");
  const left = textOf(host);
  host.type("y\n");
  const yes = await pin(host, "deploy.yaml", ...TO_WEST, "--apply");

  expect([no.exit, left, yes.exit]).toEqual([EXIT.declined, DEPLOY, EXIT.ok]);
  expect(no.stderr).toMatch(
    /warning: a regional host has no failover[^]*Change 2 references in 1 file\? \[y\/N\]/,
  );
  expect(no.stderr).not.toContain("this is a plan");
  expect(textOf(host)).not.toBe(DEPLOY);
});

test.each<[string, string, number, string]>([
  ["pinned", `image: ${WEST}/app`, EXIT.ok, "no image is unpinned"],
  ["global", `image: ${GLOBAL}/app`, EXIT.changes, "not pinned: 1 reference"],
  ["another region", `image: ${EAST}/app`, EXIT.changes, "not pinned: 1 reference"],
  ["a template", `image: "${GLOBAL}/{{ .x }}"`, EXIT.changes, "not pinned: a.yaml:1: holds a template"],
  ["decided elsewhere", "image: {{ .x }}", EXIT.ok, "cannot tell of 1 reference"],
  ["another registry", "image: nginx", EXIT.ok, "no image is unpinned"],
])("--check of %s", async (_, text, exit, said) => {
  const host = hostOf({ "a.yaml": text });

  const result = await pin(host, "a.yaml", ...TO_WEST, "--check");

  expect([result.exit, textOf(host, "a.yaml")]).toEqual([exit, text]);
  expect(result.stderr).toContain(said);
});

test("--map gives each file the region of its folder or its name", async () => {
  const image = `image: ${GLOBAL}/app\n`;
  const files = {
    "prod-eu/a.yaml": image,
    "values.prod-us.yaml": image,
    "prod-us.yml": image,
    "prod-eu/prod-eu.yaml": image,
  };
  const host = hostOf(files);

  const { exit } = await pin(
    host,
    ...Object.keys(files),
    ...PLATFORM,
    "--map",
    "prod-eu=westeurope",
    "--map",
    "prod-us=eastus2",
    ...WRITE,
  );

  expect(exit).toBe(EXIT.ok);
  expect(Object.keys(files).map((name) => textOf(host, name))).toEqual(
    [WEST, EAST, EAST, WEST].map((name) => `image: ${name}/app\n`),
  );
});
