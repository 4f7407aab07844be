import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createTestHost,
  OTHER_SUBSCRIPTION,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type TestHost,
} from "../../harness.ts";
import { putFiles } from "./tool-files.ts";

const CLIENT = "a1000000-0000-4000-8000-00000000000a";

const ACCOUNT = {
  id: SUBSCRIPTION,
  tenantId: TENANT,
  isDefault: true,
  name: "Shop",
  user: { name: CLIENT, type: "servicePrincipal" },
  environmentName: "AzureCloud",
};

function profile(change: object = {}): object {
  return { subscriptions: [{ ...ACCOUNT, ...change }] };
}

const VERDICT = "tools[].[tool, agrees, differs, reason]";

async function verdictsOf(host: TestHost): Promise<{ exit: number; verdicts: unknown; stderr: string }> {
  const argv = ["login", "whoami", "--all-tools", "-o", "json", "--query", VERDICT];
  const { exit, stdout, stderr } = await runCli(host, ...argv);
  return { exit, stderr, verdicts: JSON.parse(stdout) as unknown };
}

test("tools that lead to the same place agree; those that are not in use do not count", async () => {
  const host = createTestHost({ env: { ARM_TENANT_ID: "contoso.com", ARM_SUBSCRIPTION_ID: SUBSCRIPTION } });
  putFiles(host.folder, { "azure/azureProfile.json": profile() });

  expect(await verdictsOf(host)).toMatchObject({
    exit: 0,
    verdicts: [
      ["az", true, [], null],
      ["AZURE_*", null, [], "none is set"],
      ["ARM_*", true, [], null],
      ["azd", null, [], "nobody is signed in to azd"],
      ["kubelogin", null, [], "kubectl has no current context"],
      ["DefaultAzureCredential", true, [], null],
    ],
  });
});

test("a tool that leads elsewhere is exit 4, and a pipe hears of it on stderr", async () => {
  const host = createTestHost({ env: { AZURE_TENANT_ID: OTHER_TENANT, AZURE_CLIENT_ID: CLIENT } });
  putFiles(host.folder, { "azure/azureProfile.json": profile({ id: OTHER_SUBSCRIPTION }) });

  const { exit, verdicts, stderr } = await verdictsOf(host);

  expect(exit).toBe(4);
  expect(verdicts).toMatchObject([
    ["az", false, ["subscription"], null],
    ["AZURE_*", false, ["tenant"], null],
    ["ARM_*", null, [], "none is set"],
    ["azd", null, [], "nobody is signed in to azd"],
    ["kubelogin", null, [], "kubectl has no current context"],
    ["DefaultAzureCredential", true, [], null],
  ]);
  expect(stderr).toMatch(/^warning: az leads to another subscription \(.*azureProfile\.json\)$/m);
  expect(stderr).toMatch(/^warning: AZURE_\* leads to another tenant \(AZURE_TENANT_ID, AZURE_CLIENT_ID\)$/m);
});

test("what cannot be told is no disagreement: a half-written profile, a domain that nobody owns", async () => {
  const host = createTestHost({ env: { AZURE_TENANT_ID: "nobody.example" } });
  putFiles(host.folder, { "azure/azureProfile.json": JSON.stringify(profile()).slice(0, 60) });

  expect(await verdictsOf(host)).toMatchObject({
    exit: 0,
    verdicts: [
      ["az", null, [], "az's profile cannot be read, or is half-written"],
      ["AZURE_*", null, [], "no tenant of cloud sandbox owns the domain nobody.example"],
      ["ARM_*", null, [], "none is set"],
      ["azd", null, [], "nobody is signed in to azd"],
      ["kubelogin", null, [], "kubectl has no current context"],
      ["DefaultAzureCredential", null, [], "az's profile cannot be read, or is half-written"],
    ],
  });
});

test("whoami says that az's profile is half-written, also where nobody asks for all tools", async () => {
  const host = createTestHost();
  putFiles(host.folder, { "azure/azureProfile.json": JSON.stringify(profile()).slice(0, 60) });

  const { exit, stderr } = await runCli(host, "login", "whoami");

  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: `warning: ${join(host.folder, "azure", "azureProfile.json")} cannot be read, or is half-written, and so says nothing\n`,
  });
});

test("a name from a file cannot move the cursor, in any format", async () => {
  const host = createTestHost({ tty: true, columns: 200, env: { NO_COLOR: "1" } });
  const name = "ada\u001b[2J\u009b31m\u202e@contoso.com";
  putFiles(host.folder, { "azure/azureProfile.json": profile({ user: { name, type: "user" } }) });

  for (const format of ["table", "tsv", "md", "json", "yaml"]) {
    const { stdout, stderr } = await runCli(host, "login", "whoami", "--all-tools", "-o", format);
    expect(controlsIn(stdout + stderr)).toEqual([]);
  }
});

function controlsIn(text: string): string[] {
  return ["\u001b", "\u009b", "\u202e"].filter((each) => text.includes(each));
}

test("the other tools' files stay as they are", async () => {
  const host = createTestHost();
  putFiles(host.folder, {
    "azure/azureProfile.json": profile(),
    ".azd/auth.json": { auth: { account: { currentUser: { clientId: CLIENT, tenantId: TENANT } } } },
    ".kube/config": "current-context: aks\n",
  });
  const before = filesIn(host.folder);

  await runCli(host, "login", "whoami", "--all-tools");

  expect(filesIn(host.folder).filter(([file]) => before.some(([known]) => known === file))).toEqual(before);
});

function filesIn(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")]);
}
