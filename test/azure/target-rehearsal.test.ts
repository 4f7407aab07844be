import { expect, test } from "vitest";
import { lookUpCloud } from "../../src/azure/target-lookup.ts";
import { ACCOUNT, id, sourcesOf, targetOf, type Parts } from "./target-sources.ts";

const REHEARSAL = { cloud: "sandbox", tenant: id("7"), subscription: id("8"), auth: "sandbox" };
const REHEARSED: Parts = { settings: { context: REHEARSAL, contextName: "rehearsal" } };

function cloudOf(parts: Parts): [string, string] {
  const { cloud, cloudFrom } = lookUpCloud(sourcesOf(parts));
  return [cloud.name, cloudFrom];
}

test("the sandbox's context chooses the sandbox where nothing else is named", () => {
  expect(cloudOf(REHEARSED)).toEqual(["sandbox", "context rehearsal"]);
  expect(targetOf(REHEARSED)).toMatchObject({ cloud: "sandbox", tenantId: id("7"), auth: "sandbox" });
});

test.each<[string, Parts]>([
  ["--tenant", { flags: { tenant: id("b") } }],
  ["--subscription", { flags: { subscriptions: [id("2")] } }],
  ["AZWISE_TENANT", { env: { AZWISE_TENANT: id("c") } }],
  ["AZWISE_SUBSCRIPTION", { env: { AZWISE_SUBSCRIPTION: id("3") } }],
  ["AZURE_TENANT_ID", { env: { AZURE_TENANT_ID: id("d") } }],
  ["AZURE_SUBSCRIPTION_ID", { env: { AZURE_SUBSCRIPTION_ID: id("4") } }],
])("a target by %s beside the sandbox that a rehearsal left active is refused", (name, parts) => {
  expect(() => cloudOf({ ...REHEARSED, ...parts })).toThrow(
    expect.objectContaining({
      kind: "auth",
      message: `${name} is given, but the active context rehearsal is of the sandbox`,
      hint: "add --cloud public or --cloud sandbox, or choose another context with azwise login use",
    }),
  );
});

test("the refusal names the cloud that az knows", () => {
  const account = { ...ACCOUNT, environmentName: "AzureUSGovernment" };

  expect(() => targetOf({ ...REHEARSED, flags: { tenant: id("b") }, azAccounts: [account] })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("--cloud usgov or --cloud sandbox") }),
  );
});

test.each<[string, string, Parts]>([
  ["the flag", "--cloud", { flags: { cloud: "sandbox", tenant: id("b") } }],
  ["the variable", "AZWISE_CLOUD", { flags: { tenant: id("b") }, env: { AZWISE_CLOUD: "sandbox" } }],
  [
    "the folder's pin",
    ".azwise.json",
    { flags: { tenant: id("b") }, settings: { ...REHEARSED.settings, pin: { cloud: "sandbox" } } },
  ],
  ["a context that was typed", "context rehearsal", { flags: { tenant: id("b") }, isContextTyped: true }],
])("%s still chooses the sandbox", (_, from, parts) => {
  expect(cloudOf({ ...REHEARSED, ...parts })).toEqual(["sandbox", from]);
});

test("the context of another real cloud still chooses it", () => {
  const settings = { context: { cloud: "usgov", tenant: id("f") }, contextName: "gov" };

  expect(cloudOf({ settings, flags: { tenant: id("b") } })).toEqual(["usgov", "context gov"]);
});

test("a context without a cloud is of no rehearsal", () => {
  const sandbox = { tenantId: id("7"), subscriptionId: id("8") };
  const settings = { context: { tenant: id("f"), subscription: id("6"), auth: "cli" } };

  expect(targetOf({ settings, sandbox, flags: { cloud: "sandbox" } })).toEqual({
    cloud: "sandbox",
    tenantId: id("7"),
    subscriptionIds: [id("8")],
    auth: "auto",
  });
  expect(targetOf({ settings })).toMatchObject({ cloud: "public", tenantId: id("f") });
});
