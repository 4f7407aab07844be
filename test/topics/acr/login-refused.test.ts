import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { login } from "../../../src/topics/acr/login.ts";
import { createTestHost, openDriver, runCli } from "../../harness.ts";
import { enableRegional } from "../../sandbox/registry-data.ts";
import { hostWith } from "../host-with.ts";
import { installHelper, outcomes, readDocker, SHOP, WEST, writeDocker } from "./docker-rig.ts";

const LOGIN = ["acr", "login", "shopregistry"];
const ALL = [...LOGIN, "--region", "all"];

test.each(["{", "[]", '{"auths":{},"Auths":{}}'])(
  "a broken configuration (%s) is refused before anything is asked",
  async (text) => {
    const host = createTestHost();
    writeDocker(host.folder, text);

    const { exit, stdout, stderr } = await runCli(host, ...LOGIN, "--verbose");

    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^error: Docker's configuration .*config.json (is not|has) .*; nothing was changed\n {2}next: /,
    );
    expect(stderr).not.toContain("management.azure.com");
    expect(readFileSync(join(host.folder, ".docker", "config.json"), "utf8")).toBe(text);
  },
);

test.each<[string, (world: World) => void, string[], string]>([
  [
    "a region without a host",
    enableRegional,
    ["--region", "centralus"],
    "use --region with any of eastus2,northeurope,westeurope,global, or all",
  ],
  [
    "a region where none has a host",
    () => {},
    ["--region", "westeurope"],
    "has no regional hosts: regional endpoints are off\n  next: enable them with: azwise acr regional enable shopregistry",
  ],
  ["a region as a name", () => {}, ["--region", "West Europe"], "a region is written like westeurope"],
  ["no region", () => {}, ["--region", ""], "a region is written like westeurope"],
  ["two of them", () => {}, ["--region", "a", "--region", "b"], "--region is given twice"],
])("%s is a usage error, and nothing is written", async (_, change, argv, message) => {
  const host = await hostWith(change);

  const { exit, stdout, stderr } = await runCli(host, ...LOGIN, ...argv);

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect(readdirSync(host.folder)).not.toContain(".docker");
});

test("who may not read the registry is refused, and nothing is written", async () => {
  const host = createTestHost();
  const { open, ctx } = await openDriver(() => {}, { host });
  const bodyAsText = '{"error":{"code":"AuthorizationFailed","message":"no"}}';
  open.intercept(async (request, pass) =>
    request.url.includes("/registries/")
      ? { request, status: 403, headers: createHttpHeaders(), bodyAsText }
      : pass(request),
  );

  await expect(
    login.run({ registry: "shopregistry", region: ["global"], remove: false }, ctx),
  ).rejects.toMatchObject({ kind: "auth", code: "AuthorizationFailed" });
  expect(readdirSync(host.folder)).not.toContain(".docker");
});

test("whom no host lets in is told why for each, with exit 4", async () => {
  const outside = await hostWith((world) => {
    enableRegional(world);
    world.settings.clientIsPrivate = false;
    world.settings.clientAddress = "198.51.100.7";
  });

  const [all, one] = [await runCli(outside, ...ALL), await runCli(outside, ...LOGIN)];

  expect([all.exit, one.exit, one.stdout]).toEqual([4, 4, ""]);
  expect(outcomes(all).map((cells) => cells[2])).toEqual(["failed", "failed", "failed", "failed"]);
  expect(all.stderr).toContain(`${WEST}: client with IP '198.51.100.7' is not allowed access`);
  expect(one.stderr).toContain("next: the registry lets no client in from here");
});

test("an interrupt says what was done before it", async () => {
  const host = createTestHost();
  const { open, ctx } = await openDriver(enableRegional, { host });
  open.intercept((request, pass) => {
    if (request.url === `https://${WEST}/v2/`) host.interrupt();
    return pass(request);
  });

  await expect(
    login.run({ registry: "shopregistry", region: ["global", "westeurope"], remove: false }, ctx),
  ).rejects.toMatchObject({ kind: "interrupted", message: `interrupted at ${WEST}; ${SHOP}: stored` });
});

test("no host is gone on with after an interrupt, whatever it takes", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { auths: { [SHOP]: { auth: "eDp5" }, [WEST]: { auth: "eDp5" } } });
  const { ctx } = await openDriver(enableRegional, { host });
  const progress = (text: string | undefined): void => {
    if (text?.includes(WEST)) host.interrupt();
  };

  await expect(
    login.run(
      { registry: "shopregistry", region: ["global", "westeurope"], remove: true },
      { ...ctx, progress },
    ),
  ).rejects.toMatchObject({ kind: "interrupted", message: `interrupted at ${WEST}; ${SHOP}: removed` });
  expect(Object.keys(readDocker(host.folder).auths)).toEqual([WEST]);
});

test("azwise's own helper is not run to erase, as it keeps nothing", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { credHelpers: { [SHOP]: "azwise" } });
  host.env = { ...host.env, ...installHelper(host.folder, "azwise", "exit 2") };

  const result = await runCli(host, ...LOGIN, "--remove");

  expect([result.exit, outcomes(result)]).toEqual([0, [[SHOP, "global", "none there", ""]]]);
});

test.each([
  [0o640, true],
  [0o620, true],
  [0o604, true],
  [0o600, false],
])("with mode %o it is said that others may read the file: %s", async (mode, isSaid) => {
  const host = createTestHost();
  writeDocker(host.folder, {});
  const file = join(host.folder, ".docker", "config.json");
  chmodSync(file, mode);

  const { stderr } = await runCli(host, ...LOGIN);
  chmodSync(file, 0o600);

  expect(stderr.includes(`others may read ${file}`)).toBe(isSaid);
});
