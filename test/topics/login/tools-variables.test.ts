import { expect, test } from "vitest";
import { readVariables } from "../../../src/topics/login/tools-variables.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const CLIENT = "a1000000-0000-4000-8000-00000000000a";

const UNUSED = { from: "the environment", state: "not in use", reason: "none is set" };

test("the two families are two tools; an empty variable counts as unset", () => {
  expect(readVariables({ AZURE_TENANT_ID: "", ARM_CLIENT_SECRET: "x", HOME: "/home/ada" })).toEqual([
    { tool: "AZURE_*", ...UNUSED },
    { tool: "ARM_*", ...UNUSED },
  ]);
});

test("secrets are named, never shown", () => {
  const env = {
    AZURE_TENANT_ID: TENANT,
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
    AZURE_CLIENT_ID: CLIENT,
    AZURE_CLIENT_SECRET: "hush",
    ARM_TENANT_ID: TENANT,
    ARM_CLIENT_ID: CLIENT,
    ARM_CLIENT_CERTIFICATE_PATH: "hush",
  };

  const readings = readVariables(env);

  expect(readings).toEqual([
    {
      tool: "AZURE_*",
      from: "AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET",
      state: "in use",
      target: { tenant: TENANT, subscription: SUBSCRIPTION, principal: { by: "client id", value: CLIENT } },
    },
    {
      tool: "ARM_*",
      from: "ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_CERTIFICATE_PATH",
      state: "in use",
      target: { tenant: TENANT, subscription: undefined, principal: { by: "client id", value: CLIENT } },
    },
  ]);
});

test.each([
  [{ AZURE_CLIENT_ID: CLIENT }, 0, "AZURE_CLIENT_ID has no secret beside it"],
  [{ ARM_CLIENT_ID: CLIENT, ARM_USE_OIDC: "false" }, 1, "ARM_CLIENT_ID has no secret beside it"],
])("a client id alone signs nobody in: %j", (env, family, unsure) => {
  expect(readVariables(env)[family]).toMatchObject({
    target: { principal: { by: "client id", value: CLIENT, unsure } },
  });
});
