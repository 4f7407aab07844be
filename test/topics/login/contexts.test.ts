import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTokenStore } from "../../../src/azure/token-store.ts";
import {
  createTestHost,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type HostOptions,
  type TestHost,
} from "../../harness.ts";
import { createContextHost, pinFolder, PLAY, PROD, readContexts } from "./context-host.ts";

const TWO = { active: "prod", previous: "play", contexts: { prod: PROD, play: PLAY } };
const PROD_LINE = "prod\tsandbox\tcontoso.com\tContoso Shop Production\tsandbox\tada@contoso.com\tactive\n";
const PLAY_LINE = `play\tpublic\t${OTHER_TENANT}\t\t\t\t`;

test("contexts in a pipe are one line each, by name, and nothing is sent", async () => {
  const host = createContextHost(TWO);

  expect(await runCli(host, "login", "contexts", "--verbose")).toEqual({
    exit: 0,
    stdout: `${PLAY_LINE}\n${PROD_LINE}`,
    stderr: "",
  });
});

test("on a narrow terminal the table fits, and what is left out is named", async () => {
  const host = createContextHost(TWO, { tty: true, columns: 80 });

  expect((await runCli(host, "login", "contexts", "--no-color")).stdout).toBe(
    [
      "CONTEXT  CLOUD    TENANT                                SUBSCRIPTION      ACTIVE",
      `play     public   ${OTHER_TENANT}`,
      "prod     sandbox  contoso.com                           Contoso Shop      active",
      "                                                        Production",
      "not shown at this width: AUTH, PRINCIPAL; -o md shows all",
      "",
    ].join("\n"),
  );
});

test("contexts on a terminal are a table", async () => {
  const host = createContextHost({ active: "prod", contexts: { prod: PROD } }, { tty: true });

  expect((await runCli(host, "login", "contexts", "--no-color")).stdout).toBe(
    [
      "CONTEXT  CLOUD    TENANT       SUBSCRIPTION             AUTH     PRINCIPAL        ACTIVE",
      "prod     sandbox  contoso.com  Contoso Shop Production  sandbox  ada@contoso.com  active",
      "",
    ].join("\n"),
  );
});

test("contexts in JSON have ids and names, and null for what is not known", async () => {
  const host = createContextHost(TWO);

  const { stdout } = await runCli(host, "login", "contexts", "-o", "json", "--query", "contexts");

  expect(JSON.parse(stdout)).toEqual([
    {
      name: "play",
      active: false,
      cloud: "public",
      tenant: OTHER_TENANT,
      domain: null,
      subscription: null,
      subscriptionName: null,
      auth: null,
      principal: null,
    },
    {
      name: "prod",
      active: true,
      cloud: "sandbox",
      tenant: TENANT,
      domain: "contoso.com",
      subscription: SUBSCRIPTION,
      subscriptionName: "Contoso Shop Production",
      auth: "sandbox",
      principal: "ada@contoso.com",
    },
  ]);
});

test("without contexts the list says how to get one", async () => {
  expect(await runCli(createTestHost(), "login", "contexts")).toEqual({
    exit: 0,
    stdout: "",
    stderr: "note: there is no context yet: azwise login --tenant <tenant> makes one\n",
  });
});

test("an active context that is not there is none, and the list says so", async () => {
  const host = createContextHost({ active: "gone", contexts: { play: PLAY } });

  expect(await runCli(host, "login", "contexts")).toEqual({
    exit: 0,
    stdout: `${PLAY_LINE}\n`,
    stderr: 'warning: the active context "gone" does not exist, so none is active: azwise login use <name>\n',
  });
});

test("the list says where a pin wins over the active context", async () => {
  const host = createContextHost(TWO, { env: { AZWISE_CLOUD: "" } });
  const file = pinFolder(host, { cloud: "public" });

  expect((await runCli(host, "login", "contexts")).stderr).toBe(
    `warning: the pin ${file} wins over the active context here: cloud public\n`,
  );
});

test("a broken configuration is an error that names the file", async () => {
  const host = createContextHost(TWO);
  const file = join(host.folder, "config", "azwise", "config.json");
  await writeFile(file, "{");

  for (const words of [["contexts"], ["use", "prod"], ["forget", "prod"]]) {
    expect(await runCli(host, "login", ...words)).toEqual({
      exit: 2,
      stdout: "",
      stderr: `error: ${file} is not valid: it is not JSON\n  next: correct or delete the file\n`,
    });
  }
});

test("use switches, says what is active now, and sends nothing", async () => {
  const host = createContextHost({ active: "play", contexts: { prod: PROD, play: PLAY } });

  expect(await runCli(host, "login", "use", "prod", "--verbose")).toEqual({
    exit: 0,
    stdout: PROD_LINE,
    stderr: "",
  });
  expect(await readContexts(host)).toMatchObject({ active: "prod", previous: "play" });
});

test("use - goes back, and the next run goes there", async () => {
  const host = createContextHost({ ...TWO, active: "play", previous: "prod" });

  const back = await runCli(host, "login", "use", "-");

  expect(back.stdout).toBe(PROD_LINE);
  expect((await runCli(host, "odcr", "status")).stderr).toContain(
    `tenant ${TENANT} · subscription ${SUBSCRIPTION} `,
  );
});

test.each([
  ["an unknown name", "prd", "did you mean prod? "],
  ["a part of a name in capitals", "PRO", "did you mean prod? "],
  ["a name that is like none", "staging", ""],
  ["a word that every object has", "toString", ""],
])("use and forget refuse %s and change nothing", async (_, name, near) => {
  const host = createContextHost(TWO);

  for (const word of ["use", "forget"]) {
    expect(await runCli(host, "login", word, name)).toEqual({
      exit: 2,
      stdout: "",
      stderr: `error: there is no context "${name}"\n  next: ${near}azwise login contexts shows all\n`,
    });
  }
  expect(await readContexts(host)).toEqual(TWO);
});

test("where nothing was saved yet, use says how to begin, and there is nothing to go back to", async () => {
  const host = createTestHost();

  expect((await runCli(host, "login", "use", "prod")).stderr).toBe(
    'error: there is no context "prod"\n  next: there is none yet: azwise login --tenant <tenant> makes one\n',
  );
  expect((await runCli(host, "login", "use", "-")).stderr).toBe(
    "error: cannot go back: no context was active before\n  next: azwise login contexts\n",
  );
});

test("the way back to a context that is gone is refused by its name", async () => {
  const host = createContextHost({ active: "prod", previous: "gone", contexts: { prod: PROD } });

  expect(await runCli(host, "login", "use", "-")).toMatchObject({
    exit: 2,
    stderr: 'error: cannot go back: context "gone" is gone\n  next: azwise login contexts\n',
  });
});

/** Where a pin or context may choose the cloud. */
const ANYWHERE = { env: { AZWISE_CLOUD: "" } };

test.each([
  ["prod", { cloud: "usgov", tenant: OTHER_TENANT }, `cloud usgov, tenant ${OTHER_TENANT}`],
  ["play", { subscription: SUBSCRIPTION }, `subscription ${SUBSCRIPTION}`],
])("after use %s the pin %j wins here, and that is said", async (name, pin, what) => {
  const host = createContextHost(TWO, ANYWHERE);
  const file = pinFolder(host, pin);

  expect(await runCli(host, "login", "use", name)).toMatchObject({
    exit: 0,
    stderr: `warning: the pin ${file} wins over the active context here: ${what}\n`,
  });
});

test.each<[string, object, HostOptions]>([
  [
    "is the same, ids in any case",
    { cloud: "sandbox", tenant: TENANT.toUpperCase(), subscription: SUBSCRIPTION },
    ANYWHERE,
  ],
  ["is the context's domain", { cloud: "sandbox", tenant: "Contoso.com" }, ANYWHERE],
  ["names no cloud, and the context is a rehearsal", { tenant: OTHER_TENANT }, ANYWHERE],
  ["is of a real cloud, and the shell is for rehearsals", { cloud: "usgov", tenant: OTHER_TENANT }, {}],
])("use does not warn of a pin that %s", async (_, pin, options) => {
  const host = createContextHost(TWO, options);
  pinFolder(host, pin);

  expect((await runCli(host, "login", "use", "prod")).stderr).toBe("");
});

const KEY = { client: "", scope: "https://management.azure.com/.default", kind: "environment" };

async function tokenOf(host: TestHost, tenantId: string): Promise<string | undefined> {
  const store = createTokenStore({ folder: join(host.folder, "cache", "azwise"), warn: () => {} });
  return (await store.read({ ...KEY, cloud: "public", tenantId }))?.token;
}

async function keepTokens(host: TestHost): Promise<void> {
  const store = createTokenStore({ folder: join(host.folder, "cache", "azwise"), warn: () => {} });
  for (const tenantId of [TENANT, OTHER_TENANT]) {
    const token = { token: `token of ${tenantId}`, expiresOnTimestamp: Date.parse("2027-01-01T00:00:00Z") };
    await store.write({ ...KEY, cloud: "public", tenantId }, token);
  }
}

test("forget removes the context and the tokens of its tenant, and of no other", async () => {
  const host = createContextHost(TWO);
  await keepTokens(host);

  expect(await runCli(host, "login", "forget", "play")).toEqual({
    exit: 0,
    stdout: `${PLAY_LINE}\n`,
    stderr: "note: its cached tokens are removed as well\n",
  });
  expect(await readContexts(host)).toEqual({ active: "prod", contexts: { prod: PROD } });
  expect(await tokenOf(host, OTHER_TENANT)).toBeUndefined();
  expect(await tokenOf(host, TENANT)).toBe(`token of ${TENANT}`);
});

test("forget keeps the tokens that another context of the same tenant needs", async () => {
  const host = createContextHost({ contexts: { play: PLAY, other: PLAY } });
  await keepTokens(host);

  expect((await runCli(host, "login", "forget", "play")).stderr).toBe(
    "note: its cached tokens are kept: context other is of the same tenant\n",
  );
  expect(await tokenOf(host, OTHER_TENANT)).toBe(`token of ${OTHER_TENANT}`);
});

test("a tenant in capitals is the same tenant", async () => {
  const other = { ...PLAY, tenant: OTHER_TENANT.toUpperCase() };
  const host = createContextHost({ contexts: { play: PLAY, other } });
  await keepTokens(host);

  await runCli(host, "login", "forget", "play");

  expect(await tokenOf(host, OTHER_TENANT)).toBe(`token of ${OTHER_TENANT}`);
});

test("a context without a cloud is of the public one, and needs the same tokens", async () => {
  const host = createContextHost({ contexts: { play: PLAY, other: { tenant: OTHER_TENANT } } });
  await keepTokens(host);

  await runCli(host, "login", "forget", "play");

  expect(await tokenOf(host, OTHER_TENANT)).toBe(`token of ${OTHER_TENANT}`);
});

test("the tenant of the same id in another cloud is another tenant", async () => {
  const host = createContextHost({ contexts: { play: PLAY, other: { ...PLAY, cloud: "usgov" } } });
  await keepTokens(host);

  await runCli(host, "login", "forget", "play");

  expect(await tokenOf(host, OTHER_TENANT)).toBeUndefined();
});

test("forgetting the active context leaves none active, and says so", async () => {
  const host = createContextHost(TWO);

  const { stderr } = await runCli(host, "login", "forget", "prod");

  expect(stderr.split("\n")[1]).toBe("note: no context is active now: azwise login use <name>");
  expect(await readContexts(host)).toEqual({ previous: "play", contexts: { play: PLAY } });
});
