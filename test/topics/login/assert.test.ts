import { expect, test } from "vitest";
import type { Ignored, LoginPort, SignedIn } from "../../../src/azure/login-ports.ts";
import type { View } from "../../../src/output/view.ts";
import { assert } from "../../../src/topics/login/assert.ts";
import {
  createTestHost,
  openDriver,
  OTHER_SUBSCRIPTION,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
} from "../../harness.ts";
import { changeWorld } from "../../plan/saved-plan.ts";
import { createContextHost, pinFolder, PROD } from "./context-host.ts";

const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const OBJECT = "a2000000-0000-4000-8000-00000000000a";
const AS_EXPECTED = `sandbox\t${TENANT}\t${SUBSCRIPTION}\t${CLIENT}\tsandbox\n`;

test.each([
  ["the tenant", ["--tenant", TENANT.toUpperCase()]],
  ["the tenant's domain", ["--tenant", "Contoso.com"]],
  ["the subscription", ["--subscription", SUBSCRIPTION.toUpperCase()]],
  ["the client id", ["--principal", CLIENT.toUpperCase()]],
  ["the object id", ["--principal", OBJECT]],
  ["all of them", ["--tenant", TENANT, "--subscription", SUBSCRIPTION, "--principal", CLIENT]],
])("when %s is as expected, one line says where and who, and the exit code is 0", async (_, flags) => {
  expect(await runCli(createTestHost(), "login", "assert", ...flags)).toEqual({
    exit: 0,
    stdout: AS_EXPECTED,
    stderr: "",
  });
});

test("it takes one token and one request for the subscription", async () => {
  const flags = ["--tenant", TENANT, "--subscription", SUBSCRIPTION, "--verbose"];

  const { stderr } = await runCli(createTestHost(), "login", "assert", ...flags);

  expect(stderr.split("\n").map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    `POST login.sandbox.invalid/${TENANT}/oauth2/v2.0/token`,
    `GET management.sandbox.invalid/subscriptions/${SUBSCRIPTION}`,
    "",
  ]);
});

test("the flags do not lead anywhere: another tenant is refused, not signed in to", async () => {
  const flags = ["--tenant", OTHER_TENANT, "--principal", CLIENT, "--verbose"];

  const { exit, stdout, stderr } = await runCli(createTestHost(), "login", "assert", ...flags);

  expect({ exit, stdout }).toEqual({
    exit: 4,
    stdout: [
      `tenant\tdiffers\t${OTHER_TENANT}\t${TENANT}\tthe token\t`,
      `principal\tsame\t${CLIENT}\t${CLIENT}, ${OBJECT}\tthe token\t`,
      "",
    ].join("\n"),
  });
  expect(stderr).not.toContain(OTHER_TENANT);
});

test("another subscription is refused with both values and its source, and is not asked for", async () => {
  const host = createTestHost({ env: { AZWISE_SUBSCRIPTION: OTHER_SUBSCRIPTION } });

  const { exit, stdout, stderr } = await runCli(
    host,
    "login",
    "assert",
    "--subscription",
    SUBSCRIPTION,
    "--verbose",
  );

  expect({ exit, stdout }).toEqual({
    exit: 4,
    stdout: `subscription\tdiffers\t${SUBSCRIPTION}\t${OTHER_SUBSCRIPTION}\tAZWISE_SUBSCRIPTION\t\n`,
  });
  expect(stderr).not.toContain("/subscriptions/");
});

test("another principal is refused in JSON, too, with what the token says", async () => {
  const flags = ["--principal", OTHER_TENANT, "-o", "json", "--query", "[asExpected, checks]"];

  const { exit, stdout } = await runCli(createTestHost(), "login", "assert", ...flags);

  expect(exit).toBe(4);
  expect(JSON.parse(stdout)).toEqual([
    false,
    [
      {
        what: "principal",
        result: "differs",
        expected: OTHER_TENANT,
        actual: `${CLIENT}, ${OBJECT}`,
        from: "the token",
        reason: null,
      },
    ],
  ]);
});

test("the expected subscription must be usable, not only named", async () => {
  const host = createTestHost();
  await runCli(host, "sandbox", "reset");
  await changeWorld(host, (world) => {
    world.subscriptions[0]!.state = "Disabled";
  });

  expect(await runCli(host, "login", "assert", "--subscription", SUBSCRIPTION)).toMatchObject({
    exit: 4,
    stdout: `subscription\tunusable\t${SUBSCRIPTION}\t${SUBSCRIPTION}\tthe sandbox's world\tsubscription ${SUBSCRIPTION} is disabled\n`,
  });
});

test("the pin leads the run, and a variable that goes against it is a difference", async () => {
  const host = createTestHost({ env: { AZWISE_SUBSCRIPTION: SUBSCRIPTION } });
  const file = pinFolder(host, { cloud: "sandbox", tenant: TENANT, subscription: OTHER_SUBSCRIPTION });

  expect(await runCli(host, "login", "assert", "--tenant", TENANT)).toMatchObject({
    exit: 4,
    stdout: [
      `tenant\tsame\t${TENANT}\t${TENANT}\tthe token\t`,
      `pinned subscription\tdiffers\t${OTHER_SUBSCRIPTION}\t${SUBSCRIPTION}\tAZWISE_SUBSCRIPTION\tpinned by ${file}`,
      "",
    ].join("\n"),
  });
});

test("a context leads the run as well", async () => {
  const host = createContextHost({
    active: "prod",
    contexts: { prod: { ...PROD, subscription: OTHER_SUBSCRIPTION } },
  });

  expect(await runCli(host, "login", "assert", "--subscription", OTHER_SUBSCRIPTION)).toMatchObject({
    exit: 0,
  });
});

test.each([
  [
    "nothing",
    [],
    "error: nothing is expected, so nothing can be compared\n  next: give --tenant, --subscription or --principal\n",
  ],
  [
    "two subscriptions",
    ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION],
    "error: a sign-in leads to one subscription, not to several\n  next: give --subscription once\n",
  ],
  [
    "a name",
    ["--subscription", "Shop"],
    'error: "Shop" is not a subscription id\n  next: --subscription takes the GUID; az account show --query id prints it\n',
  ],
  [
    "what is no tenant",
    ["--tenant", "contoso"],
    'error: "contoso" is not a tenant id\n  next: --tenant takes a GUID or a domain\n',
  ],
  [
    "nobody",
    ["--principal", ""],
    "error: --principal: must not be empty\n  next: see azwise login assert --help\n",
  ],
])("to expect %s is wrong usage", async (_, flags, stderr) => {
  expect(await runCli(createTestHost(), "login", "assert", ...flags)).toEqual({
    exit: 2,
    stdout: "",
    stderr,
  });
});

test("where nothing but the flags names a tenant, nothing is sent and the exit code is 4", async () => {
  const flags = ["--tenant", TENANT, "--cloud", "public", "--verbose"];

  expect(await runCli(createTestHost(), "login", "assert", ...flags)).toEqual({
    exit: 4,
    stdout: "",
    stderr: [
      "error: without the flags no tenant is named, so there is nothing to compare with",
      "  next: set AZURE_TENANT_ID, or run azwise login --tenant <tenant> or azwise login pin first",
      "",
    ].join("\n"),
  });
});

test("a refused sign-in is exit 4", async () => {
  const host = createTestHost({ env: { AZWISE_TENANT: "c0000000-0000-4000-8000-00000000000c" } });

  const { exit, stderr } = await runCli(host, "login", "assert", "--tenant", TENANT);

  expect(exit).toBe(4);
  expect(stderr).toContain("AADSTS90002");
});

type Told = Pick<SignedIn, "principal"> & Partial<Pick<SignedIn, "saysTenant">>;

const NOTHING = { kind: "unknown", id: undefined, name: undefined, appId: undefined } as const;

/** The view of an assertion against a token that says `told`. */
async function viewOf(told: Told, input: { principal?: string }, tenant?: string): Promise<View> {
  const { ctx } = await openDriver(undefined, { tenant });
  const login = async (ignoring?: Ignored): Promise<LoginPort> => {
    const port = await ctx.login(ignoring);
    return { ...port, signIn: async (request) => ({ ...(await port.signIn(request)), ...told }) };
  };
  return assert.view(await assert.run(input, { ...ctx, login }));
}

test("of an opaque token neither tenant nor principal can be told, which is exit 4", async () => {
  const { exit, tables } = await viewOf({ principal: NOTHING }, { principal: CLIENT }, TENANT);

  expect(exit).toBe(4);
  expect(tables[0]?.rows.map(({ cells }) => cells)).toEqual([
    ["tenant", { text: "unknown", tone: "warn" }, TENANT, null, null, "the token is opaque"],
    ["principal", { text: "unknown", tone: "warn" }, CLIENT, null, null, "the token is opaque"],
  ]);
});

test("of a token that says who, but not of which tenant, the tenant cannot be told", async () => {
  const principal = { ...NOTHING, id: OBJECT, appId: CLIENT };

  const { exit, tables } = await viewOf({ principal, saysTenant: false }, {}, TENANT);

  expect(exit).toBe(4);
  expect(tables[0]?.rows.map(({ cells }) => cells)).toEqual([
    ["tenant", { text: "unknown", tone: "warn" }, TENANT, null, null, "the token does not say"],
  ]);
});

test("a user is expected by sign-in name, in any case", async () => {
  const principal = { kind: "user", id: OBJECT, name: "Ada@Contoso.com", appId: CLIENT } as const;

  expect((await viewOf({ principal }, { principal: "ada@contoso.com" })).exit).toBe(0);
  expect((await viewOf({ principal }, { principal: "eve@contoso.com" })).exit).toBe(4);
});

test("a sign-in name cannot be told from a token that names nobody", async () => {
  const { exit, tables } = await viewOf(
    { principal: { ...NOTHING, id: OBJECT } },
    { principal: "ada@contoso.com" },
  );

  expect(exit).toBe(4);
  expect(tables[0]?.rows[0]?.cells).toEqual([
    "principal",
    { text: "unknown", tone: "warn" },
    "ada@contoso.com",
    OBJECT,
    "the token",
    "the token does not say",
  ]);
});
