import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, type Finished } from "./cli.ts";
import { installAz, printToken, SUBSCRIPTION, TENANT } from "./scripted-az.ts";

const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const STATUS = ["odcr", "status"];

interface WithAz {
  env: Record<string, string | undefined>;
  profile: string;
}

/** Puts an `az` on the path that does what the script says, and takes the other identity away. */
async function withAz(double: Double, script: string): Promise<WithAz> {
  const { bin, profile } = await installAz(double.home, `echo "$@" >> ${double.home}/az.log\n${script}`);
  const env = {
    PATH: `${bin}:${double.env["PATH"]}`,
    AZURE_CLIENT_ID: undefined,
    AZURE_CLIENT_SECRET: undefined,
    AZURE_TENANT_ID: undefined,
    AZURE_SUBSCRIPTION_ID: undefined,
  };
  return { env, profile };
}

async function status({ onTestFinished }: TestContext, script: string): Promise<[Finished, Double]> {
  const double = await openDouble();
  onTestFinished(() => double.close());
  return [await runCli(double, STATUS, { env: (await withAz(double, script)).env }), double];
}

test.concurrent(
  "az's default account is used, with its tenant alone, and ~/.azure stays as it was",
  async (context) => {
    const { expect } = context;

    const [{ exit, stderr }, double] = await status(context, printToken(TENANT));

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

    const [{ exit, stderr }, double] = await status(context, printToken(OTHER_TENANT));

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
  const { env, profile } = await withAz(double, printToken(TENANT));
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
  const script = `sed -i s/ada@/bob@/ "$HOME/.azure/azureProfile.json"; ${printToken(TENANT)}`;
  const { env, profile } = await withAz(double, script);

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
      env: (await withAz(double, printToken(TENANT))).env,
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
    const { env } = await withAz(double, printToken(OTHER_TENANT));

    const { exit, stderr } = await runCli(double, ["odcr", "status", "--tenant", "contoso.com"], { env });

    expect(exit).toBe(4);
    expect(stderr).toContain(`this run is pinned to ${TENANT}`);
    expect(double.seen.filter(({ host }) => host === "management.azure.com")).toEqual([]);
  },
);
