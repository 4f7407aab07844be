import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { readKubelogin } from "../../../src/topics/login/tools-kubelogin.ts";
import type { ToolReading } from "../../../src/topics/login/tools-reading.ts";
import { makeHome } from "./tool-files.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const OTHER_CLIENT = "b1000000-0000-4000-8000-00000000000b";

const ADA = { by: "sign-in name", value: "ada@contoso.com" } as const;
const AZD: ToolReading = {
  tool: "azd",
  from: "/azd/auth.json",
  state: "in use",
  target: { tenant: TENANT, subscription: "s", principal: ADA },
};

/** Clusters are left out: nothing reads them. */
function kubeconfig(exec: string, current = "aks"): string {
  return `
apiVersion: v1
kind: Config
current-context: ${current}
contexts:
  - { name: other, context: { cluster: c, user: nobody } }
  - { name: aks, context: { cluster: c, user: clusterUser } }
users:
  - { name: nobody, user: { token: hush } }
  - name: clusterUser
    user:
      exec: ${exec}
`;
}

function kubelogin(...args: string[]): string {
  return JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "/usr/local/bin/kubelogin",
    args: ["get-token", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630", ...args],
    env: null,
  });
}

async function readIn(home: string, env: Record<string, string> = {}): Promise<ToolReading> {
  return readKubelogin({ env: { HOME: home, ...env }, cwd: home, azd: AZD });
}

async function readExec(exec: string, env: Record<string, string> = {}): Promise<ToolReading> {
  return readIn(makeHome({ ".kube/config": kubeconfig(exec) }), env);
}

test("a service principal is known by its client id, and its secret is not shown", async () => {
  const home = makeHome({
    ".kube/config": kubeconfig(
      kubelogin("--login", "spn", "--tenant-id", TENANT, "--client-id", CLIENT, "--client-secret", "hush"),
    ),
  });

  expect(await readIn(home)).toEqual({
    tool: "kubelogin",
    from: `${join(home, ".kube", "config")}, context aks (--login spn)`,
    state: "in use",
    target: { cloud: "public", tenant: TENANT, principal: { by: "client id", value: CLIENT } },
  });
});

const TOLD = ["--tenant-id", TENANT, "--client-id", CLIENT];

test.each<[string, string[], Record<string, string>, object]>([
  [
    "a person is asked when it runs; the client is kubelogin's own",
    [...TOLD, "--environment", "AzureUSGovernmentCloud"],
    {},
    {
      cloud: "usgov",
      tenant: TENANT,
      principal: {
        by: "nothing",
        value: "",
        unsure: "its file does not say who signs in with --login devicecode",
      },
    },
  ],
  [
    "a flag may be joined to its value",
    ["-l=spn", `--tenant-id=${TENANT}`, `--client-id=${CLIENT}`],
    {},
    { cloud: "public", tenant: TENANT, principal: { by: "client id", value: CLIENT } },
  ],
  [
    "variables win over flags",
    [...TOLD, "--login", "devicecode"],
    { AAD_LOGIN_METHOD: "spn", AZURE_TENANT_ID: OTHER_TENANT, AZURE_CLIENT_ID: OTHER_CLIENT },
    { cloud: "public", tenant: OTHER_TENANT, principal: { by: "client id", value: OTHER_CLIENT } },
  ],
  [
    "unless they are turned off",
    [...TOLD, "--login", "spn", "--disable-environment-override"],
    { AZURE_TENANT_ID: OTHER_TENANT, AZURE_CLIENT_ID: OTHER_CLIENT },
    { cloud: "public", tenant: TENANT, principal: { by: "client id", value: CLIENT } },
  ],
  [
    "Terraform's variables, when asked for",
    [...TOLD, "--login", "spn", "--use-azurerm-env-vars"],
    { AZURE_TENANT_ID: TENANT, ARM_TENANT_ID: OTHER_TENANT, ARM_CLIENT_ID: OTHER_CLIENT },
    { cloud: "public", tenant: OTHER_TENANT, principal: { by: "client id", value: OTHER_CLIENT } },
  ],
  [
    "a managed identity has the machine's tenant",
    [...TOLD, "--login", "msi"],
    {},
    { cloud: undefined, tenant: undefined, principal: { by: "client id", value: CLIENT } },
  ],
  [
    "a user with a password",
    [...TOLD, "--login", "ropc", "--username", ADA.value, "--password", "hush"],
    {},
    { cloud: "public", tenant: TENANT, principal: ADA },
  ],
  [
    "as azd, without its subscription",
    ["--login", "azd"],
    {},
    { cloud: undefined, tenant: TENANT, principal: ADA },
  ],
])("%s", async (_, args, env, target) => {
  expect(await readExec(kubelogin(...args), env)).toMatchObject({ state: "in use", target });
});

const PROFILE = {
  subscriptions: [
    {
      id: "5a000000-0000-4000-8000-000000000001",
      tenantId: TENANT,
      isDefault: true,
      user: { name: ADA.value, type: "user" },
    },
  ],
};

test("as az, with the profile that the kubeconfig names", async () => {
  const home = makeHome({ "private/azureProfile.json": PROFILE });
  const exec = JSON.stringify({
    command: "kubelogin",
    args: ["get-token", "--login", "azurecli"],
    env: [{ name: "AZURE_CONFIG_DIR", value: join(home, "private") }],
  });

  const reading = await readExec(exec, { AZURE_CONFIG_DIR: join(home, "nowhere") });

  expect(reading).toMatchObject({
    state: "in use",
    target: { cloud: "public", tenant: TENANT, principal: ADA },
  });
  expect(reading).not.toHaveProperty("target.subscription");
});

test("as az, and az is not signed in", async () => {
  const home = makeHome();

  const reading = await readExec(kubelogin("--login", "azurecli"), { AZURE_CONFIG_DIR: home });

  expect(reading).toMatchObject({
    tool: "kubelogin",
    state: "not in use",
    reason: "nobody is signed in to az",
  });
});

test("of several kubeconfigs the first that names a context chooses it, and users come from all", async () => {
  const home = makeHome({
    "one.yaml": "contexts: []\n",
    "two.yaml": "current-context: aks\ncontexts: [{ name: aks, context: { user: clusterUser } }]\n",
    "three.yaml": kubeconfig(kubelogin("--login", "spn", ...TOLD), "other"),
  });
  const files = ["missing.yaml", "one.yaml", "two.yaml", "three.yaml"];

  const reading = await readIn(home, { KUBECONFIG: files.join(delimiter) });

  expect(reading).toMatchObject({
    from: `${files.map((each) => join(home, each)).join(", ")}, context aks (--login spn)`,
    target: { tenant: TENANT },
  });
});

test.each([
  ["there is no kubeconfig", {}, "kubectl has no current context"],
  ["it is empty", { ".kube/config": "" }, "kubectl has no current context"],
  [
    "a token is in it",
    { ".kube/config": kubeconfig("null", "other") },
    "the current context does not use it",
  ],
  [
    "another plugin signs in",
    { ".kube/config": kubeconfig("{ command: gke-gcloud-auth-plugin }") },
    "the current context does not use it",
  ],
  [
    "the kubelogin for other providers signs in",
    {
      ".kube/config": kubeconfig(
        "{ command: kubelogin, args: [get-token, --oidc-issuer-url=https://x.example] }",
      ),
    },
    "the current context does not use it",
  ],
])("not in use: %s", async (_, files, reason) => {
  expect(await readIn(makeHome(files))).toMatchObject({ tool: "kubelogin", state: "not in use", reason });
});

test.each([
  ["no YAML", "users: [hush"],
  ["of another shape", "users: hush"],
])("a kubeconfig that is %s is unknown, and is not quoted", async (_, text) => {
  const home = makeHome({ ".kube/config": text });
  const file = join(home, ".kube", "config");

  expect(await readIn(home)).toEqual({
    tool: "kubelogin",
    from: file,
    state: "unknown",
    reason: `${file} is not what the tool writes`,
  });
});
