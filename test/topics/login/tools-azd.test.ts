import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readAzd } from "../../../src/topics/login/tools-azd.ts";
import type { ToolReading } from "../../../src/topics/login/tools-reading.ts";
import { makeHome } from "./tool-files.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const OTHER_SUBSCRIPTION = "5a000000-0000-4000-8000-000000000002";
const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const OBJECT = "a2000000-0000-4000-8000-00000000000a";

const AZ: ToolReading = {
  tool: "az",
  from: "/az/azureProfile.json",
  state: "in use",
  target: { tenant: TENANT, subscription: "s", principal: { by: "sign-in name", value: "ada@contoso.com" } },
};
const NO_AZ: ToolReading = { tool: "az", from: "", state: "not in use", reason: "nobody is signed in to az" };

const USER = { by: "object id", value: OBJECT, tenantId: TENANT };
const signedIn = (currentUser: object): object => ({ auth: { account: { currentUser } } });
const PERSON = signedIn({ homeAccountId: `${OBJECT}.${TENANT}` });
const PROJECT = {
  "shop/azure.yaml": "name: shop\n",
  "shop/.azure/config.json": { version: 1, defaultEnvironment: "dev" },
};

interface Setup {
  env?: Record<string, string>;
  /** Below the home. */
  cwd?: string;
  az?: ToolReading;
}

async function readIn(home: string, { env = {}, cwd = "", az = AZ }: Setup = {}): Promise<ToolReading> {
  mkdirSync(join(home, cwd), { recursive: true });
  return readAzd({ env: { HOME: home, ...env }, cwd: join(home, cwd), az });
}

test("nobody is signed in, whatever the defaults say", async () => {
  const home = makeHome({ ".azd/config.json": { defaults: { subscription: SUBSCRIPTION } } });

  expect(await readIn(home)).toEqual({
    tool: "azd",
    from: join(home, ".azd"),
    state: "not in use",
    reason: "nobody is signed in to azd",
  });
});

test.each([
  [
    "a person, in the home tenant",
    { homeAccountId: `${OBJECT}.${TENANT}` },
    { tenant: TENANT, principal: USER },
  ],
  [
    "a service principal",
    { clientId: CLIENT, tenantId: TENANT },
    { tenant: TENANT, principal: { by: "client id", value: CLIENT } },
  ],
  [
    "the machine's identity",
    { managedIdentity: true },
    {
      tenant: undefined,
      principal: {
        by: "nothing",
        value: "managed identity",
        unsure: "azd does not say which managed identity this machine has",
      },
    },
  ],
])("azd is %s", async (_, currentUser, target) => {
  const home = makeHome({ ".azd/auth.json": signedIn(currentUser) });

  expect(await readIn(home)).toEqual({
    tool: "azd",
    from: join(home, ".azd", "auth.json"),
    state: "in use",
    target: { cloud: undefined, subscription: undefined, ...target },
  });
});

test("older versions keep the user in config.json", async () => {
  const home = makeHome({ ".azd/config.json": PERSON });

  expect(await readIn(home)).toMatchObject({ state: "in use", target: { principal: USER } });
});

test("a default subscription leads to its own tenant, which is not said; the cloud is azd's", async () => {
  const config = { defaults: { subscription: SUBSCRIPTION }, cloud: { name: "AzureUSGovernment" } };
  const home = makeHome({ ".azd/auth.json": PERSON, ".azd/config.json": config });

  expect(await readIn(home)).toMatchObject({
    target: { cloud: "usgov", tenant: undefined, subscription: SUBSCRIPTION, principal: USER },
  });
});

test("a service principal stays in its tenant, whatever the subscription", async () => {
  const home = makeHome({
    ".azd/auth.json": signedIn({ clientId: CLIENT, tenantId: TENANT }),
    ".azd/config.json": { defaults: { subscription: SUBSCRIPTION } },
  });

  expect(await readIn(home)).toMatchObject({ target: { tenant: TENANT, subscription: SUBSCRIPTION } });
});

test("the environment of the project above wins over the defaults, and is named", async () => {
  const home = makeHome({
    ".azd/auth.json": PERSON,
    ".azd/config.json": { defaults: { subscription: SUBSCRIPTION } },
    ...PROJECT,
    "shop/.azure/dev/.env": `AZURE_SUBSCRIPTION_ID="${OTHER_SUBSCRIPTION}"\nAZURE_TENANT_ID="${OTHER_TENANT}"\nPASSWORD="hush"\n`,
  });

  expect(await readIn(home, { cwd: "shop/src/api" })).toEqual({
    tool: "azd",
    from: `${join(home, ".azd/auth.json")}, ${join(home, "shop/.azure/dev/.env")}`,
    state: "in use",
    target: {
      cloud: undefined,
      tenant: OTHER_TENANT,
      subscription: OTHER_SUBSCRIPTION,
      principal: USER,
    },
  });
});

test("AZURE_ENV_NAME chooses among the project's environments, AZD_CONFIG_DIR the folder", async () => {
  const home = makeHome({
    "own/auth.json": PERSON,
    ...PROJECT,
    "shop/.azure/dev/.env": `AZURE_SUBSCRIPTION_ID=${SUBSCRIPTION}`,
    "shop/.azure/prod/.env": `AZURE_SUBSCRIPTION_ID=${OTHER_SUBSCRIPTION}`,
  });
  const env = { AZURE_ENV_NAME: "prod", AZD_CONFIG_DIR: join(home, "own") };

  expect(await readIn(home, { cwd: "shop", env })).toMatchObject({
    target: { subscription: OTHER_SUBSCRIPTION },
  });
});

test("azd can be told to sign in as az does", async () => {
  const home = makeHome({ ".azd/config.json": { auth: { useAzCliAuth: "true" } }, ".azd/auth.json": PERSON });

  expect(await readIn(home)).toMatchObject({
    from: join(home, ".azd", "config.json"),
    target: { tenant: TENANT, principal: { by: "sign-in name", value: "ada@contoso.com" } },
  });
  expect(await readIn(home, { az: NO_AZ })).toMatchObject({
    target: {
      principal: { by: "nothing", unsure: "azd signs in as az does, and nobody is signed in to az" },
    },
  });
});

test.each([
  ["half-written", ".azd/auth.json", '{"auth":{"account":{"currentUser":{"homeAccountId":"hu'],
  ["of another shape", ".azd/auth.json", '{"auth":"hush"}'],
  ["no JSON", "shop/.azure/config.json", "hush"],
])("a file that is %s is unknown, and is not quoted", async (_, name, text) => {
  const home = makeHome({ ".azd/auth.json": PERSON, ...PROJECT, [name]: text });

  expect(await readIn(home, { cwd: "shop" })).toEqual({
    tool: "azd",
    from: join(home, ".azd"),
    state: "unknown",
    reason: `${join(home, name)} is not what the tool writes`,
  });
});

test("a file that cannot be read is unknown", async () => {
  const home = makeHome({ ".azd/auth.json/in-the-way": "" });

  expect(await readIn(home)).toMatchObject({
    state: "unknown",
    reason: `${join(home, ".azd", "auth.json")} cannot be read (EISDIR)`,
  });
});
