import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { DEPLOY, GLOBAL, PLATFORM, TO_WEST, VALUES, WRITE, hostOf, pin, textOf } from "./pin-host.ts";

test("asks nobody, shows first, and restores the bytes of a file that was pinned twice", async () => {
  const host = hostOf();
  await pin(host, "deploy.yaml", ...PLATFORM, "--region", "eastus2", ...WRITE);
  await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);
  const pinned = textOf(host);
  const away = { ...host, env: { ...host.env, AZWISE_CLOUD: "nowhere" } };

  const shown = await pin(away, "deploy.yaml", "--undo");
  const afterPlan = textOf(host);
  const done = await pin(away, "deploy.yaml", "--undo", ...WRITE);
  const again = await pin(away, "deploy.yaml", "--undo", ...WRITE);

  expect([shown.exit, afterPlan, done.exit, textOf(host)]).toEqual([EXIT.changes, pinned, EXIT.ok, DEPLOY]);
  expect(shown.stdout).toBe("deploy.yaml\tto be restored\t5\n");
  expect([again.exit, again.stdout]).toEqual([EXIT.partial, "deploy.yaml\tleft alone\t0\n"]);
});

test("leaves a file alone that was changed since, and restores the others", async () => {
  const host = hostOf();
  await pin(host, "deploy.yaml", "values-prod-eu.yaml", ...TO_WEST, ...WRITE);
  const edited = `${textOf(host)}# by hand\n`;
  writeFileSync(join(host.folder, "deploy.yaml"), edited);

  const { exit, stderr } = await pin(host, "deploy.yaml", "values-prod-eu.yaml", "--undo", ...WRITE);

  expect([exit, textOf(host), textOf(host, "values-prod-eu.yaml")]).toEqual([EXIT.partial, edited, VALUES]);
  expect(stderr).toContain("deploy.yaml was changed after azwise pinned it, and is left alone");
});

test("goes back to what a person made of it, not to what was before that", async () => {
  const host = hostOf();
  await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);
  const edited = `${textOf(host)}more: {image: ${GLOBAL}/more}\n`;
  writeFileSync(join(host.folder, "deploy.yaml"), edited);
  await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);

  await pin(host, "deploy.yaml", "--undo", ...WRITE);

  expect(textOf(host)).toBe(edited);
});

test("says so where the file is as it was before", async () => {
  const host = hostOf();
  await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);
  writeFileSync(join(host.folder, "deploy.yaml"), DEPLOY);

  const { exit, stdout } = await pin(host, "deploy.yaml", "--undo", ...WRITE);

  expect([exit, stdout]).toEqual([EXIT.ok, "deploy.yaml\tas it was\t0\n"]);
});

test("refuses a damaged record", async () => {
  const host = hostOf();
  await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);
  const [record = ""] = readdirSync(join(host.state, "pins"));
  writeFileSync(join(host.state, "pins", record), "{}");

  const { exit, stderr } = await pin(host, "deploy.yaml", "--undo", ...WRITE);

  expect(exit).toBe(EXIT.failed);
  expect(stderr).toContain("is not usable: it is damaged");
});
