import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AuthKind } from "../../src/azure/auth-kind.ts";
import { signInAz, type AzSignIn } from "../../src/azure/az-sign-in.ts";
import { findCloud } from "../../src/azure/clouds.ts";
import type { Env } from "../../src/context.ts";
import { SUBSCRIPTION, TENANT } from "../harness.ts";
import { putOnPath, type OnPath } from "./on-path.ts";
import { refusalOf } from "./wire.ts";

const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const SECRET = { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: "s3cret=@value" };
const CERTIFICATE = { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_CERTIFICATE_PATH: "/pem" };
const PRINCIPAL = `az login --service-principal --username ${CLIENT} --tenant ${TENANT}`;
const SKIP = "--skip-subscription-discovery";
const SLOW =
  "az 2.85.9 lists all subscriptions of the tenant when it signs in; 2.86.0 and later need not (azwise docs show az-login-discovery/needs-2-86)";

/** An az that keeps what it was given in a file. */
function installAz(version: string, onLogin = "true"): OnPath {
  const keep = `for each; do case $each in @*) cp "\${each#@}" "$AZURE_CONFIG_DIR/kept"; stat -c %a "\${each#@}" > "$AZURE_CONFIG_DIR/mode";; esac; done`;
  return putOnPath({
    az: `case "$1" in version) echo '{"azure-cli": "${version}"}';; login) ${keep}; ${onLogin};; esac`,
  });
}

function request({ env, folder }: OnPath, kind: AuthKind, own: Env = {}): AzSignIn {
  return {
    kind,
    cloud: findCloud("public", {}),
    tenantId: TENANT,
    subscriptionId: SUBSCRIPTION,
    folder,
    env: { ...env, AZURE_CONFIG_DIR: folder, ...own },
    signal: new AbortController().signal,
    askAssertion: async () => "the.platform.token",
  };
}

/** Without the question for the version, and with the folder's name taken out. */
function runsOf({ runs, folder }: OnPath): string[] {
  return runs()
    .filter((run) => !run.startsWith("az version"))
    .map((run) => run.replaceAll(folder, "…"));
}

test.each<[string, string, AuthKind, Env, string[]]>([
  [
    "a secret",
    "2.86.0",
    "environment",
    SECRET,
    [`${PRINCIPAL} --password @…/secret ${SKIP} --subscription ${SUBSCRIPTION} --output none`],
  ],
  [
    "a secret",
    "2.85.9",
    "environment",
    SECRET,
    [`${PRINCIPAL} --password @…/secret --output none`, `az account set --subscription ${SUBSCRIPTION}`],
  ],
  [
    "a certificate",
    "2.86.0",
    "environment",
    CERTIFICATE,
    [`${PRINCIPAL} --certificate /pem ${SKIP} --subscription ${SUBSCRIPTION} --output none`],
  ],
  [
    "a certificate",
    "2.65.0",
    "environment",
    CERTIFICATE,
    [`${PRINCIPAL} --password /pem --output none`, `az account set --subscription ${SUBSCRIPTION}`],
  ],
  [
    "a federated token",
    "2.86.0",
    "workload",
    { AZURE_CLIENT_ID: CLIENT },
    [`${PRINCIPAL} --federated-token @…/secret ${SKIP} --subscription ${SUBSCRIPTION} --output none`],
  ],
  [
    "a service connection",
    "2.86.0",
    "pipelines",
    { AZURESUBSCRIPTION_CLIENT_ID: CLIENT, AZURE_CLIENT_ID: "another" },
    [`${PRINCIPAL} --federated-token @…/secret ${SKIP} --subscription ${SUBSCRIPTION} --output none`],
  ],
  [
    "a managed identity",
    "2.86.0",
    "managed",
    { AZURE_CLIENT_ID: CLIENT },
    [
      `az login --identity --client-id ${CLIENT} --output none`,
      `az account set --subscription ${SUBSCRIPTION}`,
    ],
  ],
  [
    "a managed identity",
    "2.68.0",
    "managed",
    { AZURE_CLIENT_ID: CLIENT },
    [
      `az login --identity --username ${CLIENT} --output none`,
      `az account set --subscription ${SUBSCRIPTION}`,
    ],
  ],
  [
    "the machine's own identity",
    "2.86.0",
    "managed",
    {},
    ["az login --identity --output none", `az account set --subscription ${SUBSCRIPTION}`],
  ],
])("%s signs az %s in", async (_, version, kind, own, expected) => {
  const az = installAz(version);

  await signInAz(request(az, kind, own));

  expect(runsOf(az)).toEqual(expected);
});

test.each<[AuthKind, Env, string]>([
  ["environment", SECRET, "s3cret=@value"],
  ["workload", { AZURE_CLIENT_ID: CLIENT }, "the.platform.token"],
])("the secret of %s is in a private file while az reads it, and then in none", async (kind, own, secret) => {
  const az = installAz("2.86.0");

  await signInAz(request(az, kind, own));

  expect(readFileSync(join(az.folder, "kept"), "utf8")).toBe(secret);
  expect(readFileSync(join(az.folder, "mode"), "utf8")).toBe("600\n");
  expect(existsSync(join(az.folder, "secret"))).toBe(false);
});

test("an az that walks is told of, with the version that need not", async () => {
  const [slow, fast, machine] = [installAz("2.85.9"), installAz("2.86.0"), installAz("2.85.9")];

  expect(await signInAz(request(slow, "environment", SECRET))).toEqual([SLOW]);
  expect(await signInAz(request(fast, "environment", SECRET))).toEqual([]);
  expect(await signInAz(request(machine, "managed"))).toEqual([]);
});

describe("without a subscription", () => {
  test("a new az asks the resource manager for nothing", async () => {
    const az = installAz("2.86.0");

    await signInAz({ ...request(az, "environment", SECRET), subscriptionId: undefined });

    expect(runsOf(az)).toEqual([`${PRINCIPAL} --password @…/secret ${SKIP} --output none`]);
  });

  test("the subscription that an old az finds is not taken", async () => {
    const account = {
      id: SUBSCRIPTION,
      tenantId: TENANT,
      environmentName: "AzureCloud",
      isDefault: true,
      user: { name: CLIENT, type: "servicePrincipal" },
    };
    const profile = JSON.stringify({ installationId: "x", subscriptions: [account] });
    const az = installAz(
      "2.45.0",
      `printf '\\357\\273\\277%s' '${profile}' > $AZURE_CONFIG_DIR/azureProfile.json`,
    );

    await signInAz({ ...request(az, "environment", SECRET), subscriptionId: undefined });

    expect(runsOf(az)).toEqual([`${PRINCIPAL} --password @…/secret --allow-no-subscriptions --output none`]);
    expect(JSON.parse(readFileSync(join(az.folder, "azureProfile.json"), "utf8"))).toEqual({
      subscriptions: [
        {
          id: TENANT,
          name: "N/A(tenant level account)",
          state: "Enabled",
          tenantId: TENANT,
          environmentName: "AzureCloud",
          homeTenantId: TENANT,
          managedByTenants: [],
          user: account.user,
          isDefault: true,
        },
      ],
    });
  });
});

describe("az is not signed in, and that is said,", () => {
  test.each<[string, AuthKind, Env, string]>([
    ["with a person's sign-in", "browser", {}, "it cannot use the sign-in of --auth browser"],
    ["with a person's code", "device", {}, "it cannot use the sign-in of --auth device"],
    ["in the sandbox", "sandbox", {}, "it cannot reach the sandbox"],
    [
      "with a certificate that has a password",
      "environment",
      { ...CERTIFICATE, AZURE_CLIENT_CERTIFICATE_PASSWORD: "pass" },
      "it cannot use a certificate with a password",
    ],
  ])("%s", async (_, kind, own, why) => {
    const az = installAz("2.86.0");

    expect(await signInAz(request(az, kind, own))).toEqual([`az is not signed in here: ${why}`]);
    expect(az.runs()).toEqual([]);
  });

  test("where there is none", async () => {
    const nothing = putOnPath({});
    const env = { PATH: nothing.folder };

    expect(await signInAz(request(nothing, "environment", { ...SECRET, ...env }))).toEqual([
      "az is not signed in here: it is not on the path",
    ]);
    expect(existsSync(join(nothing.folder, "secret"))).toBe(false);
  });

  test("in a cloud that it does not know, where it would send the secret to the public one", async () => {
    const az = installAz("2.86.0");
    const endpoints = { resourceManager: "https://arm.lab.example", authority: "https://login.lab.example" };
    const asked = { ...request(az, "environment", SECRET), cloud: findCloud("lab", { lab: endpoints }) };

    const unknown = await signInAz(asked);
    writeFileSync(
      join(az.folder, "clouds.config"),
      "[lab]\nendpoint_resource_manager = https://arm.lab.example\n",
    );
    const known = await signInAz(asked);

    expect(unknown).toEqual([
      "az is not signed in here: it does not know the cloud lab; az cloud register tells it",
    ]);
    expect(known).toEqual([]);
    expect(runsOf(az)).toHaveLength(1);
  });
});

test("what Entra refuses az keeps its code and advice", async () => {
  const az = installAz("2.86.0", `echo "ERROR: AADSTS7000222: secret of $2 expired" >&2; exit 1`);

  expect(await refusalOf(signInAz(request(az, "environment", SECRET)))).toMatchObject({
    kind: "auth",
    code: "AADSTS7000222",
    hint: "the client secret has expired: make a new one",
  });
  expect(existsSync(join(az.folder, "secret"))).toBe(false);
});

test("whatever else az says is not repeated", async () => {
  const az = installAz("2.86.0", `echo "ERROR: cannot take s3cret=@value" >&2; exit 2`);

  const refusal = await refusalOf(signInAz(request(az, "environment", SECRET)));

  expect(refusal).toMatchObject({
    kind: "auth",
    message: `az could not sign in to tenant ${TENANT} (exit 2)`,
  });
});

test("a subscription that az cannot choose is a refusal", async () => {
  const az = putOnPath({ az: `[ "$1" = account ] && exit 1; exit 0` });

  expect(await refusalOf(signInAz(request(az, "managed")))).toMatchObject({ kind: "auth" });
});
