import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import { writeToken } from "../../src/sandbox/token.ts";
import { openDouble, type Double } from "./azure-double.ts";
import { GIVEN } from "../written.ts";
import { runCli, type Finished } from "./cli.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const STATUS = ["odcr", "status"];
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

function tokenOf(tenant: string): string {
  const now = Math.floor(Date.now() / 1000);
  return writeToken({
    tid: tenant,
    oid: "a2000000-0000-4000-8000-00000000000a",
    appid: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    aud: "https://management.azure.com",
    iss: `https://sts.windows.net/${tenant}/`,
    iat: now,
    exp: now + 3600,
  });
}

/** Puts an `az` on the path that does what the script says, beside a profile as az writes it. */
async function withAz(double: Double, script: string): Promise<Record<string, string | undefined>> {
  const bin = join(double.home, GIVEN, "bin");
  await mkdir(bin, { recursive: true });
  await mkdir(join(double.home, ".azure"), { recursive: true });
  const user = { name: "ada@contoso.com", type: "user" };
  const account = {
    id: SUBSCRIPTION,
    tenantId: TENANT,
    user,
    isDefault: true,
    environmentName: "AzureCloud",
  };
  const profile = `\uFEFF${JSON.stringify({ subscriptions: [account] })}`;
  await writeFile(join(double.home, ".azure", "azureProfile.json"), profile);
  await writeFile(join(bin, "az"), `#!/bin/sh\necho "$@" >> ${double.home}/az.log\n${script}\n`);
  await chmod(join(bin, "az"), 0o755);
  return {
    PATH: `${bin}:${double.env["PATH"]}`,
    AZURE_CLIENT_ID: undefined,
    AZURE_CLIENT_SECRET: undefined,
    AZURE_TENANT_ID: undefined,
    AZURE_SUBSCRIPTION_ID: undefined,
  };
}

async function status({ onTestFinished }: TestContext, script: string): Promise<[Finished, Double]> {
  const double = await openDouble();
  onTestFinished(() => double.close());
  return [await runCli(double, STATUS, { env: await withAz(double, script) }), double];
}

function printing(token: string): string {
  const answer = {
    accessToken: token,
    expires_on: Math.floor(Date.now() / 1000) + 3600,
    tokenType: "Bearer",
  };
  return `echo '${JSON.stringify(answer)}'`;
}

test.concurrent(
  "az's default account is used, with its tenant alone, and ~/.azure stays as it was",
  async (context) => {
    const { expect } = context;

    const [{ exit, stderr }, double] = await status(context, printing(tokenOf(TENANT)));

    expect(exit).toBe(0);
    expect(stderr).toContain(
      `tenant ${TENANT} · subscription ${SUBSCRIPTION} (Contoso Shop Production) · cli`,
    );
    const asked = await readFile(join(double.home, "az.log"), "utf8");
    expect(asked).toContain(`--tenant ${TENANT}`);
    expect(asked).not.toContain("--subscription");
    expect(await readFile(join(double.home, ".azure", "azureProfile.json"), "utf8")).toContain(TENANT);
  },
);

test.concurrent(
  "a token of another tenant is refused before any request carries it, and is not kept",
  async (context) => {
    const { expect } = context;

    const [{ exit, stderr }, double] = await status(context, printing(tokenOf(OTHER_TENANT)));

    expect(exit).toBe(4);
    expect(stderr).toContain(`signed in to tenant ${OTHER_TENANT}, but this run is pinned to ${TENANT}`);
    expect(double.seen).toEqual([]);
    expect(await readdir(double.home)).not.toContain(".cache");
  },
);

test.concurrent("a second run starts no az, but another user's run does", async (context) => {
  const { expect } = context;
  const double = await openDouble();
  context.onTestFinished(() => double.close());
  const env = await withAz(double, printing(tokenOf(TENANT)));
  const profile = join(double.home, ".azure", "azureProfile.json");
  const timesAsked = async (): Promise<number> =>
    (await readFile(join(double.home, "az.log"), "utf8")).split("\n").length - 1;

  const first = await runCli(double, STATUS, { env });
  const second = await runCli(double, STATUS, { env });
  const afterTwo = await timesAsked();
  await writeFile(profile, (await readFile(profile, "utf8")).replace("ada@", "bob@"));
  const third = await runCli(double, STATUS, { env });
  const afterThree = await timesAsked();

  expect([first.exit, second.exit, third.exit]).toEqual([0, 0, 0]);
  expect(second).toEqual(first);
  expect([afterTwo, afterThree]).toEqual([1, 2]);
});

test.concurrent("a token is not kept when az became another user's while it ran", async (context) => {
  const { expect } = context;
  const double = await openDouble();
  context.onTestFinished(() => double.close());
  const profile = join(double.home, ".azure", "azureProfile.json");
  const script = `sed -i s/ada@/bob@/ "${profile}"; ${printing(tokenOf(TENANT))}`;

  const env = await withAz(double, script);
  const { exit } = await runCli(double, STATUS, { env });

  expect(exit).toBe(0);
  expect(await readFile(profile, "utf8")).toContain("bob@");
  expect(await readdir(double.home)).not.toContain(".cache");
});

test.concurrent("an az that is not signed in exits 4 and says how to", async (context) => {
  const { expect } = context;

  const [{ exit, stderr }] = await status(
    context,
    `echo "ERROR: Please run 'az login' to setup account." >&2; exit 1`,
  );

  expect(exit).toBe(4);
  expect(stderr).toMatch(/error: az is not signed in\n {2}next: run az login --tenant/);
});

test.concurrent(
  "a claims challenge is printed as the command that satisfies it, claims unchanged",
  async (context) => {
    const { expect } = context;
    const double = await openDouble({
      edit: (world) => {
        world.faults = [{ name: "claims-challenge", match: {}, times: 1, skip: 0 }];
      },
    });
    context.onTestFinished(() => double.close());
    const claims = Buffer.from('{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}').toString(
      "base64",
    );

    const { exit, stderr } = await runCli(double, STATUS, {
      env: await withAz(double, printing(tokenOf(TENANT))),
    });

    expect(exit).toBe(4);
    expect(stderr).toContain(
      `next: run az login --tenant ${TENANT} --claims-challenge ${claims} --scope https://management.azure.com/.default\n`,
    );
  },
);

test.concurrent(
  "a domain pins as strictly as an id: a token of another tenant is not sent",
  async (context) => {
    const { expect } = context;
    const double = await openDouble();
    context.onTestFinished(() => double.close());
    const env = await withAz(double, printing(tokenOf(OTHER_TENANT)));

    const { exit, stderr } = await runCli(double, ["odcr", "status", "--tenant", "contoso.com"], { env });

    expect(exit).toBe(4);
    expect(stderr).toContain(`this run is pinned to ${TENANT}`);
    expect(double.seen.filter(({ host }) => host === "management.azure.com")).toEqual([]);
  },
);
