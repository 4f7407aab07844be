import { expect, test } from "vitest";
import { findDefaultCredential } from "../../../src/topics/login/tools-default-credential.ts";
import type { ToolReading } from "../../../src/topics/login/tools-reading.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const ADA = { by: "sign-in name", value: "ada@contoso.com" } as const;
const EVE = { by: "sign-in name", value: "eve@contoso.com" } as const;
const APP = { by: "client id", value: CLIENT };

const AZ: ToolReading = {
  tool: "az",
  from: "/home/ada/.azure/azureProfile.json",
  state: "in use",
  target: { cloud: "public", tenant: TENANT, subscription: "s", principal: ADA },
};
const AZD: ToolReading = {
  tool: "azd",
  from: "/home/ada/.azd/auth.json",
  state: "in use",
  target: { tenant: TENANT, subscription: "s", principal: EVE },
};
const NO_AZ: ToolReading = { tool: "az", from: "", state: "not in use", reason: "nobody is signed in to az" };
const BROKEN_AZ: ToolReading = { tool: "az", from: "", state: "unknown", reason: "half-written" };
const NO_AZD: ToolReading = { tool: "azd", from: "", state: "not in use", reason: "nobody" };

const IDS = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT };
const ORDER = ["azure-wire/default-credential-order", "azure-wire/default-credential-takes-first"];
const PLACE = { tool: "DefaultAzureCredential", because: ORDER };
const STOPS = {
  because: [...ORDER, "azure-wire/default-credential-stops"],
  remark: "and when that is refused, nothing else is tried",
};
const PROBE = "this machine has a managed identity (not probed)";
const CODE = "the program brings VS Code's sign-in";

test.each<[string, Record<string, string>, ToolReading, object]>([
  [
    "a secret beside tenant and client id wins over az",
    { ...IDS, AZURE_CLIENT_SECRET: "not shown" },
    AZ,
    {
      from: "EnvironmentCredential: AZURE_CLIENT_SECRET",
      target: { tenant: TENANT, principal: APP },
      ...STOPS,
    },
  ],
  [
    "so does a certificate",
    { ...IDS, AZURE_CLIENT_CERTIFICATE_PATH: "/cert.pem" },
    AZ,
    {
      from: "EnvironmentCredential: AZURE_CLIENT_CERTIFICATE_PATH",
      target: { tenant: TENANT, principal: APP },
      ...STOPS,
    },
  ],
  [
    "so does a password",
    { ...IDS, AZURE_USERNAME: EVE.value, AZURE_PASSWORD: "not shown" },
    AZ,
    { from: "EnvironmentCredential: AZURE_USERNAME", target: { tenant: TENANT, principal: EVE }, ...STOPS },
  ],
  [
    "a federated token file comes next",
    { ...IDS, AZURE_FEDERATED_TOKEN_FILE: "/token" },
    AZ,
    {
      from: "WorkloadIdentityCredential: AZURE_FEDERATED_TOKEN_FILE",
      target: { tenant: TENANT, principal: APP },
      ...STOPS,
    },
  ],
  [
    "then a managed identity whose endpoint is set, as whoever the machine is",
    { IDENTITY_ENDPOINT: "http://localhost:1" },
    AZ,
    {
      from: "ManagedIdentityCredential: IDENTITY_ENDPOINT",
      target: {
        principal: {
          by: "nothing",
          value: "managed identity",
          unsure: "only the machine knows which managed identity it has",
        },
      },
      remark: undefined,
    },
  ],
  [
    "a client id chooses among managed identities",
    { MSI_ENDPOINT: "http://localhost:1", AZURE_CLIENT_ID: CLIENT },
    AZ,
    { from: "ManagedIdentityCredential: MSI_ENDPOINT", target: { principal: APP }, remark: undefined },
  ],
  [
    "a client id and secret without a tenant are passed over; then az, without its subscription",
    { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: "not shown" },
    AZ,
    {
      from: "AzureCliCredential: az",
      target: { cloud: "public", tenant: TENANT, principal: ADA },
      remark: `unless ${PROBE} or ${CODE}`,
    },
  ],
  [
    "empty variables count as unset",
    { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "not shown" },
    AZ,
    {
      from: "AzureCliCredential: az",
      target: { cloud: "public", tenant: TENANT, principal: ADA },
      remark: `unless ${PROBE} or ${CODE}`,
    },
  ],
  [
    "azd comes after az",
    {},
    NO_AZ,
    {
      from: "AzureDeveloperCliCredential: azd",
      target: { tenant: TENANT, principal: EVE },
      remark: `unless ${PROBE} or ${CODE} or Azure PowerShell is signed in`,
    },
  ],
  [
    "dev leaves the variables out",
    { ...IDS, AZURE_CLIENT_SECRET: "not shown", AZURE_TOKEN_CREDENTIALS: " Dev " },
    AZ,
    {
      from: "AzureCliCredential: az",
      target: { cloud: "public", tenant: TENANT, principal: ADA },
      remark: `unless ${CODE}`,
    },
  ],
  [
    "one member by its name, in any case",
    { ...IDS, AZURE_CLIENT_SECRET: "not shown", AZURE_TOKEN_CREDENTIALS: "azureclicredential" },
    AZ,
    {
      from: "AzureCliCredential: az",
      target: { cloud: "public", tenant: TENANT, principal: ADA },
      remark: undefined,
    },
  ],
])("%s", (_, env, az, expected) => {
  expect(findDefaultCredential({ env, az, azd: AZD })).toEqual({ ...PLACE, state: "in use", ...expected });
});

test.each<[string, Record<string, string>, ToolReading, { from: string; reason: string }]>([
  ["az's profile cannot be read", {}, BROKEN_AZ, { from: "AzureCliCredential", reason: "half-written" }],
  [
    "the library refuses AZURE_TOKEN_CREDENTIALS",
    { AZURE_TOKEN_CREDENTIALS: "staging" },
    AZ,
    {
      from: "AZURE_TOKEN_CREDENTIALS",
      reason: 'its constructor throws: AZURE_TOKEN_CREDENTIALS is "staging"',
    },
  ],
  [
    "prod has no variables and nobody asks the machine",
    { AZURE_TOKEN_CREDENTIALS: "prod" },
    AZ,
    {
      from: "EnvironmentCredential, WorkloadIdentityCredential, ManagedIdentityCredential",
      reason: `nothing that it would take is signed in, unless ${PROBE}`,
    },
  ],
  [
    "the one member is not there",
    { AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" },
    AZ,
    { from: "EnvironmentCredential", reason: "nothing that it would take is signed in" },
  ],
])("it cannot be told when %s", (_, env, az, expected) => {
  expect(findDefaultCredential({ env, az, azd: NO_AZD })).toEqual({
    ...PLACE,
    state: "unknown",
    ...expected,
  });
});
