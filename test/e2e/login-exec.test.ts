import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "vitest";
import { GITHUB } from "./azure-double.ts";
import { runCli, type CliOptions } from "./cli.ts";
import { AZ, exec, openRig, type Rig } from "./exec-rig.ts";
import { printToken, SUBSCRIPTION, TENANT } from "./scripted-az.ts";

const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const OTHER_SUBSCRIPTION = "5a000000-0000-4000-8000-000000000002";
const SECRET = "sandbox-secret-not-real";

/** Puts the person's own variables away, so that az signs in. */
function asAda({ options }: Rig): CliOptions {
  const none = { AZURE_CLIENT_ID: undefined, AZURE_CLIENT_SECRET: undefined };
  return { ...options, env: { ...options.env, ...none } };
}

/** Names, contents and times of everything in a folder. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["", ...(await readdir(folder, { recursive: true })).sort()]) {
    const path = join(folder, name);
    const { mtimeMs, mode } = await stat(path);
    hash.update(`${name} ${mode} ${mtimeMs}`);
    if ((await stat(path)).isFile()) hash.update(await readFile(path));
  }
  return hash.digest("hex");
}

describe.concurrent("as a service principal", () => {
  test("az is signed in by a file, in one request for the one subscription", async (context) => {
    const { expect } = context;
    const rig = await openRig(context);
    const azure = join(rig.home, ".azure");
    const before = await fingerprint(azure);

    const finished = await exec(
      rig,
      'stat -c %a "$AZURE_CONFIG_DIR"; ls "$AZURE_CONFIG_DIR"; az account show',
    );

    expect(finished).toEqual({
      exit: 0,
      stdout: "700\ntelemetry.txt\n",
      stderr: `target: public · tenant ${TENANT} · subscription ${SUBSCRIPTION} (Contoso Shop Production) · environment\n`,
    });
    const [version, login, ...rest] = await rig.azLog();
    expect([version, login?.replace(/@\S+/, "@file"), ...rest]).toEqual([
      "version --output json",
      `login --service-principal --username ${CLIENT} --tenant ${TENANT} --password @file --skip-subscription-discovery --subscription ${SUBSCRIPTION} --output none`,
      "account show",
    ]);
    expect(await rig.azSecrets()).toBe(`${SECRET}\n`);
    expect(rig.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /${TENANT}/oauth2/v2.0/token`,
      `GET /subscriptions/${SUBSCRIPTION}`,
    ]);
    expect(await fingerprint(azure)).toBe(before);
    expect(await rig.left()).toEqual([]);
  });

  test("azwise in azwise goes to the same place, and every tool agrees", async (context) => {
    const { expect } = context;
    const rig = await openRig(context);
    const azwise = `"${process.execPath}" "${join(process.cwd(), "bin", "azwise.js")}" login`;
    const script = `${azwise} assert --subscription ${OTHER_SUBSCRIPTION} && ${azwise} whoami --all-tools`;

    const { exit, stdout } = await exec(rig, script, "--subscription", OTHER_SUBSCRIPTION);

    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`^ARM_\\*\t\t[\\w-]+\t${OTHER_SUBSCRIPTION}\t.*\tyes\t`, "m"));
  });

  test("a federated token reaches az by a file too, and is asked for anew", async (context) => {
    const { expect } = context;
    const assertion = "header.vouched-for-this-job.signature";
    const rig = await openRig(context, AZ, {
      before: async ({ url }) =>
        url.includes(GITHUB)
          ? { status: 200, headers: {}, body: JSON.stringify({ value: assertion }) }
          : undefined,
    });
    rig.secrets.add(assertion);
    const job = {
      AZURE_CLIENT_SECRET: undefined,
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://${GITHUB}/7/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job-token-not-real",
    };
    const options = { env: { ...rig.options.env, ...job } };

    const { exit } = await runCli(rig, ["login", "exec", "--", "/bin/true"], options);

    expect(exit).toBe(0);
    expect((await rig.azLog())[1]).toContain(`--username ${CLIENT} --tenant ${TENANT} --federated-token @`);
    expect(await rig.azSecrets()).toBe(`${assertion}\n`);
    expect(rig.seen.map(({ host }) => host).filter((host) => host === GITHUB)).toHaveLength(2);
  });

  test("a refusal of az stops the command, with Entra's code", async (context) => {
    const { expect } = context;
    const failing = `${AZ}\n[ "$1" = login ] && { echo "ERROR: AADSTS7000215: Invalid client secret" >&2; exit 1; }; true`;
    const rig = await openRig(context, failing);

    const { exit, stdout, stderr } = await exec(rig, "echo started");

    expect({ exit, stdout }).toEqual({ exit: 4, stdout: "" });
    expect(stderr).toContain("error: sign-in was refused (AADSTS7000215)\n");
    expect(await rig.left()).toEqual([]);
  });

  test("a subscription that is not visible stops the command before az is asked", async (context) => {
    const { expect } = context;
    const rig = await openRig(context);

    const { exit, stdout } = await exec(rig, "echo started", "--subscription", CLIENT);

    expect({ exit, stdout }).toEqual({ exit: 4, stdout: "" });
    expect(await rig.azLog()).toEqual([]);
  });

  test("a subscription that may not be read is no reason against the command", async (context) => {
    const { expect } = context;
    const body = JSON.stringify({ error: { code: "AuthorizationFailed", message: "no role" } });
    const headers = { "content-type": "application/json" };
    const rig = await openRig(context, AZ, {
      before: async ({ url }) =>
        url.includes(`/subscriptions/${SUBSCRIPTION}`) ? { status: 403, headers, body } : undefined,
    });

    const { exit, stdout, stderr } = await exec(rig, "echo started");

    expect({ exit, stdout }).toEqual({ exit: 0, stdout: "started\n" });
    expect(stderr).toBe(`target: public · tenant ${TENANT} · subscription ${SUBSCRIPTION} · environment\n`);
  });

  test("two at a time never see each other", async (context) => {
    const { expect } = context;
    const rig = await openRig(context);
    const meet = (own: string, other: string): string =>
      `: > ${own}; until [ -e ${other} ]; do sleep 0.05; done; echo "$AZURE_CONFIG_DIR $ARM_SUBSCRIPTION_ID"`;

    const [one, two] = await Promise.all([
      exec(rig, meet("one", "two"), "--subscription", SUBSCRIPTION),
      exec(rig, meet("two", "one"), "--subscription", OTHER_SUBSCRIPTION),
    ]);

    const [[folder, subscription], [otherFolder, otherSubscription]] = [one, two].map(({ stdout }) =>
      stdout.trim().split(" "),
    ) as [string[], string[]];
    expect([subscription, otherSubscription]).toEqual([SUBSCRIPTION, OTHER_SUBSCRIPTION]);
    expect(folder).not.toBe(otherFolder);
    expect(await rig.left()).toEqual([]);
  });
});

describe.concurrent("as az's own user", () => {
  /** Answers for its one account, and writes to its folder as az does. */
  function azOfAda(tenantId = TENANT): string {
    return `${AZ}\n[ "$2" = get-access-token ] && { echo refreshed >> "$folder/msal_token_cache.json"; ${printToken(tenantId)}; }; true`;
  }

  test("az needs no login, knows the pinned account alone, and ~/.azure stays as it was", async (context) => {
    const { expect } = context;
    const rig = await openRig(context, azOfAda());
    const azure = join(rig.home, ".azure");
    const before = await fingerprint(azure);
    const look = 'cd "$AZURE_CONFIG_DIR"; ls; cat azureProfile.json; az account show';

    const flags = ["--subscription", OTHER_SUBSCRIPTION, "--", "/bin/sh", "-c", look];
    const { exit, stdout } = await runCli(rig, ["login", "exec", ...flags], asAda(rig));

    const [first, second, third, profile = "", ...rest] = stdout.split("\n");
    expect([exit, first, second, third, rest]).toEqual([
      0,
      "azureProfile.json",
      "msal_token_cache.json",
      "telemetry.txt",
      [],
    ]);
    expect(JSON.parse(profile)).toEqual({
      subscriptions: [
        {
          id: OTHER_SUBSCRIPTION,
          name: "Contoso Platform",
          state: "Enabled",
          tenantId: TENANT,
          environmentName: "AzureCloud",
          homeTenantId: TENANT,
          managedByTenants: [],
          user: { name: "ada@contoso.com", type: "user" },
          isDefault: true,
        },
      ],
    });
    expect((await rig.azLog()).map((line) => line.split(" --")[0])).toEqual([
      "account get-access-token",
      "account show",
    ]);
    expect(await fingerprint(azure)).toBe(before);
    expect(await rig.left()).toEqual([]);
  });

  test("a relative AZURE_CONFIG_DIR is refused, as without exec", async (context) => {
    const { expect } = context;
    const rig = await openRig(context, azOfAda());
    const { env, ...options } = asAda(rig);
    const relative = { ...options, env: { ...env, AZURE_CONFIG_DIR: ".azure" } };
    const refused = {
      exit: 2,
      stdout: "",
      stderr: `error: AZURE_CONFIG_DIR must be an absolute path\n  next: export AZURE_CONFIG_DIR=${join(rig.home, ".azure")}\n`,
    };

    expect(await runCli(rig, ["login", "exec", "--", "/bin/echo", "started"], relative)).toEqual(refused);
    expect(await runCli(rig, ["login", "whoami", "--auth", "cli"], relative)).toEqual(refused);
    expect(await rig.azLog()).toEqual([]);
    expect(await rig.left()).toEqual([]);
  });

  test.for([
    ["its own tenant", TENANT, SUBSCRIPTION],
    ["no other", OTHER_TENANT, ""],
  ] as const)("az's default subscription counts in %s", async ([, tenant, subscription], context) => {
    const { expect } = context;
    const rig = await openRig(context, azOfAda(tenant));
    const { env, ...options } = asAda(rig);
    const unset = { ...env, AZURE_TENANT_ID: undefined, AZURE_SUBSCRIPTION_ID: undefined };
    const look = 'echo "$ARM_TENANT_ID $ARM_SUBSCRIPTION_ID"';

    const words = ["login", "exec", "--tenant", tenant, "--", "/bin/sh", "-c", look];
    const { exit, stdout } = await runCli(rig, words, { ...options, env: unset });

    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${tenant} ${subscription}\n` });
  });
});

test.concurrent("standard input and output are the command's own", async (context) => {
  const { expect } = context;
  const rig = await openRig(context);

  const words = ["login", "exec", "-o", "json", "--", "/bin/cat"];
  const finished = await runCli(rig, words, { ...rig.options, stdin: "line\n\0end" });

  expect(finished).toMatchObject({ exit: 0, stdout: "line\n\0end" });
});
