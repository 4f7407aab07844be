import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import type { SandboxRequest, SandboxResponse } from "../../src/sandbox/handler.ts";
import { ARM, LOGIN, openDouble, type Double, type DoubleOptions } from "./azure-double.ts";
import { runCli } from "./cli.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const UNSET = { AZURE_TENANT_ID: undefined, AZURE_SUBSCRIPTION_ID: undefined };
const TOKEN = `POST ${LOGIN}/${TENANT}/oauth2/v2.0/token 200`;
const READ = `GET ${ARM}/subscriptions/${SUBSCRIPTION} 200`;

async function open({ onTestFinished }: TestContext, options?: DoubleOptions): Promise<Double> {
  const double = await openDouble(options);
  onTestFinished(() => double.close());
  return double;
}

function sent({ seen }: Double): string[] {
  return seen.map(({ method, host, path, status }) => `${method} ${host}${path} ${status}`);
}

function configPath({ home }: Double): string {
  return join(home, ".config", "azwise", "config.json");
}

test.concurrent("a pinned sign-in of a service principal is 1 token and 1 ARM request", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const args = ["login", "--tenant", TENANT, "--subscription", SUBSCRIPTION, "-o", "json"];

  const { exit, stdout, stderr } = await runCli(double, args, { env: UNSET });

  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(sent(double)).toEqual([TOKEN, READ]);
  expect(JSON.parse(stdout)).toMatchObject({
    context: "Contoso-Shop-Production",
    cloud: "public",
    tenant: { id: TENANT },
    subscription: { id: SUBSCRIPTION, state: "Enabled" },
    principal: { kind: "service principal", appId: "a1000000-0000-4000-8000-00000000000a" },
    auth: "environment",
  });
  expect(JSON.parse(await readFile(configPath(double), "utf8"))).toMatchObject({
    active: "Contoso-Shop-Production",
    contexts: { "Contoso-Shop-Production": { cloud: "public", tenant: TENANT, auth: "environment" } },
  });
  expect((await stat(configPath(double))).mode & 0o777).toBe(0o600);
});

test.concurrent("without a subscription it is 1 token and nothing else", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const { exit } = await runCli(double, ["login", "--tenant", TENANT], { env: UNSET });

  expect({ exit, sent: sent(double) }).toEqual({ exit: 0, sent: [TOKEN] });
});

test.concurrent(
  "a domain, and a tenant that nobody named, cost one request without a token",
  async (context) => {
    const { expect } = context;
    const [byDomain, bySubscription] = [await open(context), await open(context)];

    await runCli(byDomain, ["login", "--tenant", "contoso.com", "--subscription", SUBSCRIPTION], {
      env: UNSET,
    });
    await runCli(bySubscription, ["login", "--subscription", SUBSCRIPTION], { env: UNSET });

    expect(sent(byDomain)).toEqual([
      `GET ${LOGIN}/contoso.com/v2.0/.well-known/openid-configuration 200`,
      TOKEN,
      READ,
    ]);
    expect(sent(bySubscription)).toEqual([`GET ${ARM}/subscriptions/${SUBSCRIPTION} 401`, TOKEN, READ]);
  },
);

test.concurrent("signing in again asks Entra, whatever is in the token cache", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const args = ["login", "--tenant", TENANT, "--subscription", SUBSCRIPTION];

  await runCli(double, args, { env: UNSET });
  await runCli(double, args, { env: UNSET });

  expect(sent(double)).toEqual([TOKEN, READ, TOKEN, READ]);
});

test.concurrent("the next command uses the context and the token of the sign-in", async (context) => {
  const { expect } = context;
  const double = await open(context);
  await runCli(double, ["login", "--tenant", TENANT, "--subscription", SUBSCRIPTION], { env: UNSET });

  const { exit, stderr } = await runCli(double, ["odcr", "status"], { env: UNSET });

  expect(exit).toBe(0);
  expect(stderr).toContain(`target: public · tenant ${TENANT} · subscription ${SUBSCRIPTION}`);
  expect(sent(double).filter((each) => each.startsWith("POST"))).toEqual([TOKEN]);
});

test.concurrent(
  "a token of another tenant reaches no ARM request, and nothing is stored",
  async (context) => {
    const { expect } = context;
    const double = await open(context, { before: wrongTenant });
    const args = ["login", "--tenant", TENANT, "--subscription", SUBSCRIPTION];

    const { exit, stdout, stderr } = await runCli(double, args, { env: UNSET });

    expect({ exit, stdout }).toEqual({ exit: 4, stdout: "" });
    expect(stderr.split("\n").slice(0, 2)).toEqual([
      `error: signed in to tenant ${OTHER_TENANT}, but this run is pinned to ${TENANT} (WrongTenant)`,
      `  next: sign in to the pinned tenant, or use --tenant ${OTHER_TENANT}`,
    ]);
    expect(sent(double)).toEqual([TOKEN]);
    await expect(stat(configPath(double))).rejects.toThrow("ENOENT");
  },
);

/** As if the token service mixed up its tenants. */
async function wrongTenant({ url }: SandboxRequest): Promise<SandboxResponse | void> {
  if (!url.includes("/oauth2/v2.0/token")) return;
  const claims = { tid: OTHER_TENANT, oid: "a2000000-0000-4000-8000-00000000000a", idtyp: "app" };
  const token = ["{}", JSON.stringify(claims), "signature"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
  const body = { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: token };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
