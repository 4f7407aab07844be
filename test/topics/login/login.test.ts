import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createTestHost,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type CliResult,
  type TestHost,
} from "../../harness.ts";
import { configFile, FOREIGN, pinFolder } from "./context-host.ts";
import { sentIn } from "./sent.ts";

const TOKEN = `POST /${TENANT}/oauth2/v2.0/token`;
const READ = `GET /subscriptions/${SUBSCRIPTION}`;

function configOf(host: TestHost): unknown {
  const file = configFile(host);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

async function login(host: TestHost, ...flags: string[]): Promise<CliResult> {
  return runCli(host, "login", ...flags, "--verbose");
}

/** The world as the next command will find it. */
async function editWorld(host: TestHost, edit: (world: string) => string): Promise<void> {
  await runCli(host, "sandbox", "reset");
  const file = join(host.state, "sandbox", "world.json");
  writeFileSync(file, edit(readFileSync(file, "utf8")));
}

test("a pinned sign-in is one token and one read, and its context is stored and active", async () => {
  const host = createTestHost();

  const { exit, stdout, stderr } = await login(host, "--tenant", TENANT, "--subscription", SUBSCRIPTION);

  expect(exit).toBe(0);
  expect(sentIn(stderr)).toEqual([TOKEN, READ]);
  expect(stdout).toBe(
    `Contoso-Shop-Production\tsandbox\t${TENANT}\tContoso Shop Production\tsandbox\ta1000000-0000-4000-8000-00000000000a\t2026-11-21T08:59:59Z\n`,
  );
  expect(configOf(host)).toEqual({
    active: "Contoso-Shop-Production",
    contexts: {
      "Contoso-Shop-Production": {
        cloud: "sandbox",
        tenant: TENANT,
        subscription: SUBSCRIPTION,
        subscriptionName: "Contoso Shop Production",
        auth: "sandbox",
        principal: "a1000000-0000-4000-8000-00000000000a",
      },
    },
  });
});

test("the JSON result holds everything, and no token", async () => {
  const flags = ["--tenant", "contoso.com", "--subscription", SUBSCRIPTION, "-o", "json"];

  const { stdout } = await runCli(createTestHost(), "login", ...flags);

  expect(JSON.parse(stdout)).toEqual({
    formatVersion: 1,
    command: `azwise login ${flags.join(" ")}`,
    context: "Contoso-Shop-Production",
    cloud: "sandbox",
    tenant: { id: TENANT, domain: "contoso.com" },
    subscription: {
      id: SUBSCRIPTION,
      name: "Contoso Shop Production",
      state: "Enabled",
      homeTenantId: TENANT,
    },
    principal: {
      kind: "service principal",
      id: "a2000000-0000-4000-8000-00000000000a",
      name: "a1000000-0000-4000-8000-00000000000a",
      appId: "a1000000-0000-4000-8000-00000000000a",
    },
    auth: "sandbox",
    token: { expires: "2026-11-21T08:59:59Z" },
    replaced: null,
    notes: [],
    citations: [],
  });
});

test.each([
  ["without a subscription nothing is read", ["--tenant", TENANT], [TOKEN]],
  [
    "a domain costs one request without a token",
    ["--tenant", "Contoso.com", "--subscription", SUBSCRIPTION],
    ["GET /contoso.com/v2.0/.well-known/openid-configuration", TOKEN, READ],
  ],
  [
    "without a tenant the subscription's own challenge names it",
    ["--subscription", SUBSCRIPTION.toUpperCase()],
    [`GET /subscriptions/${SUBSCRIPTION.toUpperCase()}`, TOKEN, READ],
  ],
])("%s", async (_, flags, sent) => {
  const { exit, stderr } = await login(createTestHost(), ...flags);

  expect({ exit, sent: sentIn(stderr) }).toEqual({ exit: 0, sent });
});

test("the subscription of the world is not read for a tenant that was typed", async () => {
  const host = createTestHost();

  await login(host, "--tenant", "fabrikam.onmicrosoft.com");

  expect(configOf(host)).toMatchObject({
    active: "fabrikam.onmicrosoft.com",
    contexts: { "fabrikam.onmicrosoft.com": { tenant: OTHER_TENANT, domain: "fabrikam.onmicrosoft.com" } },
  });
});

test("the later run goes where the sign-in led", async () => {
  const host = createTestHost();

  await login(host, "--subscription", FOREIGN);

  expect((await runCli(host, "odcr", "status")).stderr).toContain(
    `target: sandbox · tenant ${OTHER_TENANT} · subscription ${FOREIGN} (Fabrikam Production)`,
  );
});

test("a subscription of another tenant is refused with the tenant that has it", async () => {
  const host = createTestHost();

  const { exit, stderr } = await runCli(host, "login", "--tenant", TENANT, "--subscription", FOREIGN);

  expect(exit).toBe(4);
  expect(stderr).toContain("(InvalidAuthenticationTokenTenant)");
  expect(stderr).toContain(`use --tenant ${OTHER_TENANT}`);
  expect(configOf(host)).toBeUndefined();
});

test.each(["Disabled", "Deleted"])("a subscription that is %s is refused", async (state) => {
  const host = createTestHost();
  await editWorld(host, (world) => world.replace('"state": "Enabled"', `"state": "${state}"`));

  const { exit, stderr } = await runCli(host, "login", "--tenant", TENANT, "--subscription", SUBSCRIPTION);

  expect(exit).toBe(4);
  expect(stderr).toMatch(
    new RegExp(`^error: subscription ${SUBSCRIPTION} is ${state.toLowerCase()}\\n {2}next: `),
  );
  expect(configOf(host)).toBeUndefined();
});

test("a subscription past its due date is signed in to with a warning", async () => {
  const host = createTestHost();
  await editWorld(host, (world) => world.replace('"state": "Enabled"', '"state": "PastDue"'));

  const { exit, stderr } = await runCli(host, "login", "--subscription", SUBSCRIPTION);

  expect({ exit, stderr }).toEqual({ exit: 0, stderr: `warning: subscription ${SUBSCRIPTION} is PastDue\n` });
});

test("a token of another tenant is carried by no request, and nothing is stored", async () => {
  const host = createTestHost();
  await runCli(host, "sandbox", "fault", "wrong-tenant");

  const { exit, stderr } = await login(host, "--tenant", TENANT, "--subscription", SUBSCRIPTION);

  expect(exit).toBe(4);
  expect(stderr).toContain("(WrongTenant)");
  expect(sentIn(stderr)).toEqual([TOKEN]);
  expect(configOf(host)).toBeUndefined();
});

test("a name that leads elsewhere is replaced only when it was given, and then told", async () => {
  const host = createTestHost();
  await login(host, "--tenant", "contoso.com", "--name", "prod");
  await login(host, "--tenant", "fabrikam.onmicrosoft.com", "--name", "contoso.com");

  const refused = await runCli(host, "login", "--tenant", "contoso.com");
  const replaced = await runCli(host, "login", "--subscription", SUBSCRIPTION, "--name", "prod");

  expect(refused).toEqual({
    exit: 2,
    stdout: "",
    stderr:
      'error: the context "contoso.com" leads elsewhere: sandbox, tenant fabrikam.onmicrosoft.com, no subscription\n' +
      "  next: choose another with --name, or replace it with --name contoso.com\n",
  });
  expect(replaced).toMatchObject({
    exit: 0,
    stderr: 'note: the context "prod" led elsewhere before: sandbox, tenant contoso.com, no subscription\n',
  });
});

test("the subscription that a pin has and the context lacks is warned of", async () => {
  const host = createTestHost();
  const file = pinFolder(host, { cloud: "sandbox", tenant: TENANT, subscription: SUBSCRIPTION });

  const { exit, stderr } = await runCli(host, "login", "--tenant", TENANT);

  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: `warning: the pin ${file} wins over the active context here: subscription ${SUBSCRIPTION}\n`,
  });
});

test.each([
  ["another tenant", { tenant: OTHER_TENANT }, ["--tenant", TENANT], `--tenant says ${TENANT}`],
  ["another subscription", { subscription: SUBSCRIPTION }, ["--subscription", FOREIGN], `says ${FOREIGN}`],
  [
    "a subscription of another tenant",
    { tenant: TENANT },
    ["--subscription", FOREIGN],
    `says ${OTHER_TENANT}`,
  ],
  [
    "another subscription by its name",
    { subscription: FOREIGN },
    ["--tenant", TENANT, "--discover", "--subscription", "Contoso Shop Production"],
    `--subscription says ${SUBSCRIPTION}`,
  ],
])("the pin of the folder refuses %s", async (_, pin, flags, said) => {
  const host = createTestHost();
  pinFolder(host, { cloud: "sandbox", ...pin });

  const { exit, stderr } = await runCli(host, "login", ...flags);

  expect({ exit, stderr }).toEqual({ exit: 4, stderr: expect.stringContaining(said) as string });
  expect(existsSync(configFile(host))).toBe(false);
});

test("a configuration that is broken is not written over", async () => {
  const host = createTestHost();
  await login(host, "--tenant", TENANT);
  const file = configFile(host);
  writeFileSync(file, "{ half");

  const { exit } = await runCli(host, "login", "--tenant", TENANT);

  expect(exit).toBe(2);
  expect(readFileSync(file, "utf8")).toBe("{ half");
});

test("nothing is guessed for a tenant beside the sandbox that a rehearsal left active", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "" } });
  await login(host, "--cloud", "sandbox", "--tenant", TENANT, "--name", "rehearsal");

  const real = await login(host, "--tenant", TENANT, "--auth", "environment");

  expect(real.exit).toBe(4);
  expect(real.stderr).toContain(
    "error: --tenant is given, but the active context rehearsal is of the sandbox\n",
  );
  expect(configOf(host)).toMatchObject({ active: "rehearsal" });
  expect(await login(host)).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining("\tsandbox\t") as string,
  });
});
