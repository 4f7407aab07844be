import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { login } from "../../../src/topics/acr/login.ts";
import { createTestHost, openDriver, runCli, type TestHost } from "../../harness.ts";
import { enableRegional } from "../../sandbox/registry-data.ts";
import { hostWith } from "../host-with.ts";
import {
  credentialsIn,
  EAST,
  goldenAt,
  installHelper,
  NORTH,
  outcomes,
  readDocker,
  SHOP,
  USER,
  WEST,
  writeDocker,
} from "./docker-rig.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const LOGIN = ["acr", "login", "shopregistry"];
const ALL = [...LOGIN, "--region", "all"];

function westDown(world: World): void {
  enableRegional(world);
  world.settings.downRegions = ["westeurope"];
}

/** Registers a helper of this host; its environment is the host's from now on. */
function helperFor(host: TestHost, name: string, script?: string): void {
  host.env = { ...host.env, ...installHelper(host.folder, name, script) };
}

function kept(host: TestHost): { argv: string; input: string }[] {
  const out = join(host.folder, "given", "out");
  return readdirSync(out)
    .sort((left, right) => (left.split("-")[1] ?? "").localeCompare(right.split("-")[1] ?? ""))
    .map((name) => readFileSync(join(out, name), "utf8"))
    .map((text) => ({ argv: text.split("\n")[0] ?? "", input: text.slice(text.indexOf("\n") + 1) }));
}

test("login looks right on a terminal and in a pipe", async () => {
  const hosts = [await hostWith(enableRegional, TERMINAL), await hostWith(enableRegional)];
  const [terminal, pipe] = [await runCli(hosts[0]!, ...ALL), await runCli(hosts[1]!, ...ALL)];

  await expect(goldenAt(terminal, hosts[0]!)).toMatchFileSnapshot(`${GOLDEN}/login.tty.txt`);
  await expect(goldenAt(pipe, hosts[1]!)).toMatchFileSnapshot(`${GOLDEN}/login.pipe.txt`);
});

test.each(["json", "md"])("login as %s is one document", async (format) => {
  const host = await hostWith(westDown);
  writeDocker(host.folder, { credHelpers: { [SHOP]: "azwise" }, credsStore: "keeps" });
  helperFor(host, "keeps");

  const result = await runCli(host, ...ALL, "-o", format);

  await expect(goldenAt(result, host)).toMatchFileSnapshot(`${GOLDEN}/login.${format}.txt`);
});

test("no host is broken on a narrow terminal", async () => {
  const { stdout } = await runCli(await hostWith(enableRegional, { ...TERMINAL, columns: 60 }), ...ALL);

  for (const host of [SHOP, EAST, NORTH, WEST]) expect(stdout).toContain(host);
});

test("removing looks right on a terminal", async () => {
  const host = await hostWith(enableRegional, TERMINAL);
  await runCli(host, ...LOGIN, "--region", "global,westeurope");

  const result = await runCli(host, ...ALL, "--remove");

  await expect(goldenAt(result, host)).toMatchFileSnapshot(`${GOLDEN}/login-remove.tty.txt`);
});

test("without --region it is the login server; its token is Docker's password", async () => {
  const host = createTestHost();

  const result = await runCli(host, ...LOGIN);

  expect([result.exit, outcomes(result)]).toEqual([0, [[SHOP, "global", "stored", "file"]]]);
  const [user, token] = credentialsIn(host.folder, SHOP);
  expect([user, token.split(".")]).toEqual([
    USER,
    [expect.stringMatching(/^eyJ/), expect.any(String), expect.any(String)],
  ]);
  expect(result.stderr).toContain("warning: the token lies readable in");
  expect(result.stderr).toContain("the token is the sandbox's");
  const file = join(host.folder, ".docker", "config.json");
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
});

test("a registry that is named by a regional host is signed in to there", async () => {
  const host = await hostWith(enableRegional);

  expect(outcomes(await runCli(host, "acr", "login", WEST.toUpperCase()))).toEqual([
    [WEST, "westeurope", "stored", "file"],
  ]);
  expect(outcomes(await runCli(host, "acr", "login", WEST, "--region", "global"))[0]?.[0]).toBe(SHOP);
  expect(
    outcomes(await runCli(host, "acr", "login", "shopregistry.westeurope.data.azurecr.io"))[0]?.[0],
  ).toBe(SHOP);
});

test("each host gets a token of its own, exchanged there", async () => {
  const host = createTestHost();
  const { open, ctx } = await openDriver(enableRegional, { host });
  const exchanged: string[] = [];
  open.intercept((request, pass) => {
    if (request.url.endsWith("/oauth2/exchange")) exchanged.push(new URL(request.url).host);
    return pass(request);
  });

  await login.run({ registry: "shopregistry", region: ["westeurope", "global"], remove: false }, ctx);

  expect(exchanged).toEqual([WEST, SHOP]);
  expect(Object.keys(readDocker(host.folder).auths)).toEqual([WEST, SHOP]);
});

test("a host's own helper comes first, then the one of all; neither is given the secret as an argument", async () => {
  const host = await hostWith(enableRegional);
  writeDocker(host.folder, { credsStore: "all", credHelpers: { [WEST]: "own" } });
  helperFor(host, "all");
  helperFor(host, "own");

  const result = await runCli(host, ...LOGIN, "--region", "westeurope,global");

  expect([result.exit, outcomes(result)]).toEqual([
    0,
    [
      [WEST, "westeurope", "stored", "helper own"],
      [SHOP, "global", "stored", "helper all"],
    ],
  ]);
  const calls = kept(host).map(({ argv, input }) => ({ argv, ...JSON.parse(input) }));
  expect(calls).toMatchObject([
    { argv: expect.stringMatching(/docker-credential-own store$/), ServerURL: WEST, Username: USER },
    { argv: expect.stringMatching(/docker-credential-all store$/), ServerURL: SHOP, Username: USER },
  ]);
  expect(calls.every(({ Secret }) => /^eyJ[^.]+\.[^.]+\.[^.]+$/.test(Secret))).toBe(true);
  expect(result.stderr).not.toContain("lies readable");
});

test("an old secret in the file is emptied once a helper keeps the host's", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { auths: { [SHOP]: { auth: "b2xkOm9sZA==" } }, credsStore: "keeps" });
  helperFor(host, "keeps");

  await runCli(host, ...LOGIN);

  expect(readDocker(host.folder).auths).toEqual({ [SHOP]: {} });
});

test("azwise's own helper is given nothing, and no token is asked for", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { credHelpers: { [SHOP]: "azwise" } });

  const result = await runCli(host, ...LOGIN, "--verbose");

  expect([result.exit, outcomes(result)]).toEqual([0, [[SHOP, "global", "not needed", "helper azwise"]]]);
  expect(result.stderr).not.toContain("oauth2/exchange");
});

test("a host that fails leaves the others done: exit 6, and its reason", async () => {
  const host = await hostWith(westDown);

  const result = await runCli(host, ...ALL);

  expect([result.exit, outcomes(result)]).toEqual([
    6,
    [
      [SHOP, "global", "stored", "file"],
      [EAST, "eastus2", "stored", "file"],
      [NORTH, "northeurope", "stored", "file"],
      [WEST, "westeurope", "failed", ""],
    ],
  ]);
  expect(result.stderr).toMatch(new RegExp(`warning: ${WEST}: .*503`));
  expect(Object.keys(readDocker(host.folder).auths)).toEqual([SHOP, EAST, NORTH]);
});

test("a helper that fails is said in one line without the secret, and nothing goes into the file instead", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { credsStore: "fails" });
  helperFor(host, "fails", "echo 'no keyring'; exit 1");

  const { exit, stdout, stderr } = await runCli(host, ...LOGIN);

  expect([exit, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("error: docker-credential-fails failed (1): no keyring\n");
  expect(stderr).toContain(`next: nothing was stored for ${SHOP}`);
  expect(readDocker(host.folder)).toEqual({ credsStore: "fails" });
});

test("a helper that repeats the secret is not repeated", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { credsStore: "tells" });
  helperFor(host, "tells", "cat; cat >&2; exit 1");

  const { exit, stderr } = await runCli(host, ...LOGIN);

  expect(exit).toBe(1);
  expect(stderr).toContain("what it said is not shown, as the secret is in it");
});

test("a file that others may read is written, and said", async () => {
  const host = createTestHost();
  writeDocker(host.folder, {});
  const file = join(host.folder, ".docker", "config.json");
  chmodSync(file, 0o644);

  const { exit, stderr } = await runCli(host, ...LOGIN);
  chmodSync(file, 0o600);

  expect(exit).toBe(0);
  expect(stderr).toContain(`others may read ${file}: chmod 600 ${file}`);
});

test("--remove erases from the helper and from the file", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { auths: { [SHOP]: {}, other: { auth: "eA==" } }, credsStore: "keeps" });
  helperFor(host, "keeps");

  const result = await runCli(host, ...LOGIN, "--remove");

  expect([result.exit, outcomes(result)]).toEqual([0, [[SHOP, "global", "removed", "helper keeps"]]]);
  expect(kept(host)).toEqual([
    { argv: expect.stringMatching(/docker-credential-keeps erase$/), input: SHOP },
  ]);
  expect(readDocker(host.folder).auths).toEqual({ other: { auth: "eA==" } });
});

test("--remove where nothing is has nothing to do", async () => {
  const result = await runCli(createTestHost(), ...LOGIN, "--remove");

  expect([result.exit, outcomes(result)]).toEqual([0, [[SHOP, "global", "none there", ""]]]);
});

test("--remove with a helper that fails says that the host may still be in it", async () => {
  const host = createTestHost();
  writeDocker(host.folder, { credsStore: "fails" });
  helperFor(host, "fails", "exit 2");

  const { exit, stderr } = await runCli(host, ...LOGIN, "--remove");

  expect(exit).toBe(1);
  expect(stderr).toContain(`${SHOP} may still be in that helper`);
});

test("a registry that anybody may pull from is signed in to all the same", async () => {
  const host = await hostWith((world) => {
    const shop = Object.values(world.resources).find(({ name }) => name === "shopregistry")!;
    (shop as { properties: Record<string, unknown> }).properties["anonymousPullEnabled"] = true;
  });

  expect((await runCli(host, ...LOGIN)).exit).toBe(0);
  expect(credentialsIn(host.folder, SHOP)[1]).toMatch(/^eyJ/);
});

test("with all, a registry without regional hosts is its login server", async () => {
  expect(outcomes(await runCli(createTestHost(), ...ALL))).toEqual([[SHOP, "global", "stored", "file"]]);
});
