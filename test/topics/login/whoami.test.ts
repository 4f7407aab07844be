import { expect, test } from "vitest";
import {
  createTestHost,
  OTHER_SUBSCRIPTION,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type CliResult,
  type TestHost,
} from "../../harness.ts";
import { createContextHost, FOREIGN, pinFolder } from "./context-host.ts";
import { sentIn } from "./sent.ts";

const GOLDEN = "../../../fixtures/golden/login";

const CONTEXT = {
  active: "shop",
  contexts: {
    shop: { cloud: "sandbox", tenant: TENANT, subscription: OTHER_SUBSCRIPTION, domain: "contoso.com" },
  },
};

function golden({ exit, stdout, stderr }: CliResult): string {
  return `exit ${exit}\n--- stdout\n${stdout}--- stderr\n${stderr}`;
}

interface Answer {
  exit: number;
  stderr: string;
  data: Record<string, unknown>;
}

async function whoami(host: TestHost, ...argv: string[]): Promise<Answer> {
  const { exit, stdout, stderr } = await runCli(host, "login", "whoami", "-o", "json", ...argv);
  return { exit, stderr, data: JSON.parse(stdout) as Record<string, unknown> };
}

test("whoami looks right on a terminal, in a pipe, as JSON and in a ticket", async () => {
  const terminal = createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } });
  const pipe = createTestHost();

  await expect(golden(await runCli(terminal, "login", "whoami"))).toMatchFileSnapshot(
    `${GOLDEN}/whoami.tty.txt`,
  );
  await expect(golden(await runCli(pipe, "login", "whoami"))).toMatchFileSnapshot(
    `${GOLDEN}/whoami.pipe.txt`,
  );
  await expect(golden(await runCli(pipe, "login", "whoami", "-o", "json"))).toMatchFileSnapshot(
    `${GOLDEN}/whoami.json.txt`,
  );
  await expect(golden(await runCli(pipe, "login", "whoami", "-o", "md"))).toMatchFileSnapshot(
    `${GOLDEN}/whoami.md.txt`,
  );
});

test("nobody is asked for the domain when the context knows it: one token and one request", async () => {
  const host = createContextHost(CONTEXT);

  const { exit, data, stderr } = await whoami(host, "--verbose");

  expect(exit).toBe(0);
  expect(sentIn(stderr)).toEqual([
    `POST /${TENANT}/oauth2/v2.0/token`,
    `GET /subscriptions/${OTHER_SUBSCRIPTION}`,
  ]);
  expect(data).toMatchObject({
    tenant: { id: TENANT, from: "context shop", domain: "contoso.com", domainFrom: "context shop" },
    subscription: { id: OTHER_SUBSCRIPTION, from: "context shop", name: "Contoso Platform" },
    context: "shop",
  });
});

test("a context of another tenant does not name this one's domain", async () => {
  const host = createContextHost(CONTEXT);

  const { data, stderr } = await whoami(
    host,
    "--tenant",
    OTHER_TENANT,
    "--subscription",
    FOREIGN,
    "--verbose",
  );

  expect(data).toMatchObject({
    tenant: { id: OTHER_TENANT, domain: "fabrikam.onmicrosoft.com", domainFrom: "the list of tenants" },
  });
  expect(sentIn(stderr).sort()).toEqual([
    `GET /subscriptions/${FOREIGN}`,
    "GET /tenants",
    `POST /${OTHER_TENANT}/oauth2/v2.0/token`,
  ]);
});

test("a domain is shown with the GUID that owns it", async () => {
  const { exit, data } = await whoami(createTestHost(), "--tenant", "Contoso.com");

  expect(exit).toBe(0);
  expect(data["tenant"]).toEqual({
    id: TENANT,
    from: "--tenant",
    domain: "Contoso.com",
    domainFrom: "--tenant",
    domainReason: null,
  });
});

test.each([
  [
    "is of another tenant",
    FOREIGN,
    "Azure refused it (InvalidAuthenticationTokenTenant)",
    `use --tenant ${OTHER_TENANT}`,
  ],
  [
    "nobody can see",
    "5a000000-0000-4000-8000-0000000000ff",
    `it is not visible in tenant ${TENANT}`,
    "check --subscription and --tenant, and that this identity has a role there",
  ],
])("a subscription that %s is shown as such, exit 4", async (_, id, reason, advice) => {
  const { exit, data } = await whoami(createTestHost(), "--subscription", id);

  expect(exit).toBe(4);
  expect(data).toMatchObject({
    principal: { kind: "service principal" },
    subscription: { id, from: "--subscription", name: null, state: null, reason },
    notes: [
      {
        level: "warning",
        text: `subscription ${id} cannot be used, because ${reason}; ${advice}`,
        because: [],
      },
    ],
  });
});

test("two subscriptions, or a subscription's name, are wrong usage before anything is sent", async () => {
  const host = createTestHost();
  const both = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];

  const two = await runCli(host, "login", "whoami", ...both, "--verbose");
  const name = await runCli(host, "login", "whoami", "--subscription", "prod", "--verbose");

  expect(two).toEqual({
    exit: 2,
    stdout: "",
    stderr: "error: a sign-in leads to one subscription, not to several\n  next: give --subscription once\n",
  });
  expect(name).toEqual({
    exit: 2,
    stdout: "",
    stderr:
      'error: "prod" is not a subscription id\n  next: --subscription takes the GUID; az account show --query id prints it\n',
  });
});

test("where nothing names a tenant, whoami says what to type", async () => {
  const result = await runCli(createTestHost({ env: { AZWISE_CLOUD: "public" } }), "login", "whoami");

  expect(result).toEqual({
    exit: 4,
    stdout: "",
    stderr:
      "error: no tenant is named\n  next: give --tenant, set AZURE_TENANT_ID, or run azwise login --tenant <tenant>\n",
  });
});

test("a flag against the folder's pin is shown with both sources, exit 4", async () => {
  const host = createTestHost();
  const pin = { cloud: "sandbox", tenant: TENANT, subscription: SUBSCRIPTION };
  const file = pinFolder(host, pin);

  const kept = await whoami(host);
  const left = await whoami(host, "--subscription", OTHER_SUBSCRIPTION);

  expect(kept).toMatchObject({
    exit: 0,
    data: { pin: { file, ...pin }, mismatches: [], tenant: { from: file } },
  });
  expect(left.exit).toBe(4);
  expect(left.data).toMatchObject({
    subscription: { id: OTHER_SUBSCRIPTION, name: "Contoso Platform" },
    mismatches: [{ what: "subscription", pinned: SUBSCRIPTION, actual: OTHER_SUBSCRIPTION }],
    notes: [
      {
        text: `${file} pins this folder to subscription ${SUBSCRIPTION}, but --subscription says ${OTHER_SUBSCRIPTION}`,
      },
    ],
  });
});
