import { expect, test } from "vitest";
import { findCloud } from "../../../src/azure/clouds.ts";
import { cite } from "../../../src/docs/cite.ts";
import type { Format } from "../../../src/output/format.ts";
import { render } from "../../../src/output/render.ts";
import { compareTool } from "../../../src/topics/login/tools-compare.ts";
import type { ToolReading } from "../../../src/topics/login/tools-reading.ts";
import { viewWhoami } from "../../../src/topics/login/whoami-view.ts";
import type { WhoamiResult } from "../../../src/topics/login/whoami.ts";
import { given } from "../../azure/given.ts";

const GOLDEN = "../../../fixtures/golden/login";
const NOW = new Date("2026-11-21T08:00:00Z");
const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const OTHER_SUBSCRIPTION = "5a000000-0000-4000-8000-000000000002";
const OBJECT = "a2000000-0000-4000-8000-00000000000a";
const PIN = "/home/ada/shop/.azwise.json";
const DEFAULT_BECAUSE = ["azure-wire/default-credential-order", "azure-wire/default-credential-takes-first"];

const PRINCIPAL = {
  kind: "user",
  id: OBJECT,
  name: "ada@contoso.com",
  appId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
} as const;

const TOOLS: readonly ToolReading[] = [
  {
    tool: "az",
    from: "/home/ada/.azure/azureProfile.json",
    because: ["azure-wire/az-profile-is-shared"],
    state: "in use",
    target: {
      cloud: "public",
      tenant: TENANT,
      subscription: OTHER_SUBSCRIPTION,
      principal: { by: "sign-in name", value: "ada@contoso.com" },
    },
  },
  {
    tool: "AZURE_*",
    from: "AZURE_TENANT_ID, AZURE_CLIENT_ID",
    state: "in use",
    target: {
      tenant: OTHER_TENANT,
      principal: {
        by: "client id",
        value: "b1000000-0000-4000-8000-00000000000b",
        unsure: "AZURE_CLIENT_ID has no secret beside it",
      },
    },
  },
  { tool: "ARM_*", from: "the environment", state: "not in use", reason: "none is set" },
  {
    tool: "azd",
    from: "/home/ada/.azd/auth.json",
    state: "in use",
    target: { tenant: TENANT, principal: { by: "object id", value: OBJECT, tenantId: TENANT } },
  },
  {
    tool: "kubelogin",
    from: "/home/ada/.kube/config",
    state: "unknown",
    reason: "/home/ada/.kube/config is not what the tool writes",
  },
  {
    tool: "DefaultAzureCredential",
    from: "AzureCliCredential: az",
    because: DEFAULT_BECAUSE,
    state: "in use",
    target: { tenant: TENANT, principal: { by: "sign-in name", value: "ada@contoso.com" } },
    remark: "unless this machine has a managed identity (not probed)",
  },
];

const RESULT: WhoamiResult = {
  wanted: {
    cloud: findCloud("public", {}),
    cloudFrom: "default",
    cloudBy: "default",
    tenant: given(TENANT, PIN),
    subscriptions: [given(SUBSCRIPTION, "--subscription")],
    auth: given("auto", "default"),
  },
  settings: {
    pin: { tenant: TENANT, subscription: OTHER_SUBSCRIPTION },
    pinFile: PIN,
    context: { tenant: TENANT },
    contextName: "shop",
    clouds: {},
  },
  tenant: { value: TENANT, from: PIN },
  domain: { unknown: "this identity may not read it" },
  subscription: {
    id: SUBSCRIPTION,
    from: "--subscription",
    name: "Shop",
    state: "Warned",
    reason: undefined,
    problem: undefined,
  },
  signedIn: { auth: "cli", principal: PRINCIPAL, expires: new Date("2026-11-21T08:01:59Z") },
  now: NOW,
  azProfile: { file: "/home/ada/.azure/azureProfile.json", state: "read" },
  mismatches: [
    {
      what: "subscription",
      pinned: OTHER_SUBSCRIPTION,
      actual: SUBSCRIPTION,
      pinnedBy: PIN,
      actualBy: "--subscription",
      actualKind: "flag",
    },
  ],
  tools: TOOLS.map((tool) => ({
    tool,
    agreement: compareTool(tool, {
      cloud: "public",
      tenantId: TENANT,
      subscriptionId: SUBSCRIPTION,
      principal: PRINCIPAL,
    }),
  })),
};

const FORMATS: [string, Format, number | undefined][] = [
  ["tty", "table", 200],
  ["tty-80", "table", 80],
  ["tty-100", "table", 100],
  ["pipe", "tsv", undefined],
  ["json", "json", undefined],
  ["md", "md", undefined],
];

test.each(FORMATS)("all tools, some of which lead elsewhere, as %s", async (name, format, columns) => {
  const view = viewWhoami(RESULT);

  const { stdout, stderr } = await render(view, {
    format,
    colour: { stdout: false, stderr: false },
    columns,
    showIds: false,
    command: "azwise login whoami --all-tools",
    now: NOW,
    cite,
  });

  const table = stdout.slice(0, stdout.indexOf("\nSources"));
  const longest = Math.max(...table.split("\n").map((line) => line.length));
  expect(longest).toBeLessThanOrEqual(columns ?? Number.POSITIVE_INFINITY);
  const text = `exit ${view.exit}\n--- stdout\n${stdout}--- stderr\n${stderr}`;
  await expect(text).toMatchFileSnapshot(`${GOLDEN}/whoami-all-tools.${name}.txt`);
});

test("nothing wrong is exit 0; each kind of wrong is exit 4", () => {
  const { tools, ...rest } = RESULT;
  const fine: WhoamiResult = { ...rest, mismatches: [], tools: undefined };
  const problem = { ...fine.subscription!, problem: "subscription s is disabled" };

  expect(viewWhoami(fine).exit).toBe(0);
  expect(viewWhoami({ ...fine, mismatches: RESULT.mismatches }).exit).toBe(4);
  expect(viewWhoami({ ...fine, subscription: problem }).exit).toBe(4);
  expect(
    viewWhoami({ ...fine, tools: tools?.filter(({ agreement }) => agreement.agrees !== false) }).exit,
  ).toBe(0);
  expect(viewWhoami({ ...fine, tools }).exit).toBe(4);
});

test("a context of another real cloud is not in force either, and without a cloud it is", () => {
  const contextOf = (cloud: string | undefined): unknown => {
    const settings = { ...RESULT.settings, context: { tenant: TENANT, cloud } };
    return viewWhoami({ ...RESULT, settings })
      .tables.at(-1)
      ?.rows.at(-1)?.cells[1];
  };

  expect(contextOf("usgov")).toEqual({ text: "shop (not in force in cloud public)", tone: "dim" });
  expect(contextOf("sandbox")).toEqual({ text: "shop (not in force in cloud public)", tone: "dim" });
  expect(contextOf("public")).toBe("shop");
  expect(contextOf(undefined)).toBe("shop");
});

test("a pin and a context of a real cloud are not in force in the sandbox", () => {
  const wanted = { ...RESULT.wanted, cloud: findCloud("sandbox", {}) };

  const rows =
    viewWhoami({ ...RESULT, wanted })
      .tables.at(-1)
      ?.rows.map(({ cells }) => cells) ?? [];

  expect(rows.slice(-2)).toEqual([
    ["pin", { text: `${PIN} (not in force in the sandbox)`, tone: "dim" }, null],
    ["context", { text: "shop (not in force in the sandbox)", tone: "dim" }, null],
  ]);
});
