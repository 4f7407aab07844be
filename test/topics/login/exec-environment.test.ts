import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { AuthKind } from "../../../src/azure/auth-kind.ts";
import { findCloud } from "../../../src/azure/clouds.ts";
import type { Env } from "../../../src/context.ts";
import { commandEnvironment, type CommandIdentity } from "../../../src/topics/login/exec-environment.ts";
import { SUBSCRIPTION, TENANT } from "../../harness.ts";

const IDENTITY: CommandIdentity = {
  kind: "cli",
  cloud: findCloud("public", {}),
  tenantId: TENANT,
  subscriptionId: SUBSCRIPTION,
  azFolder: "/tmp/private",
};

const CLIENT = "a1000000-0000-4000-8000-00000000000a";

/** Another identity in another place, as every tool may be told of it. */
const ELSEWHERE: Env = {
  AZWISE_CLOUD: "china",
  AZWISE_TENANT: "other",
  AZWISE_SUBSCRIPTION: "other",
  AZWISE_AUTH: "device",
  AZURE_TENANT_ID: "other",
  AZURE_SUBSCRIPTION_ID: "other",
  AZURE_CLIENT_ID: "other",
  AZURE_CLIENT_SECRET: "other",
  AZURE_CLIENT_CERTIFICATE_PATH: "other",
  AZURE_CLIENT_CERTIFICATE_PASSWORD: "other",
  AZURE_USERNAME: "other",
  AZURE_PASSWORD: "other",
  AZURE_FEDERATED_TOKEN_FILE: "other",
  AZURE_ADDITIONALLY_ALLOWED_TENANTS: "*",
  AZURE_AUTHORITY_HOST: "https://other.example",
  AZURE_CLOUD_NAME: "AzureChinaCloud",
  AZURE_CONFIG_DIR: "/home/ada/.azure",
  AZURE_ENVIRONMENT: "AzureChinaCloud",
  AZURE_TOKEN_CREDENTIALS: "prod",
  AZURE_SECRET: "other",
  AZURE_TENANT: "other",
  AZURE_PROFILE: "other",
  AZURE_AD_USER: "other",
  AZURE_CREDENTIALS: "other",
  AZURE_AUTH_LOCATION: "other",
  servicePrincipalId: "other",
  servicePrincipalKey: "other",
  AZCOPY_AUTO_LOGIN_TYPE: "other",
  AZCOPY_SPA_APPLICATION_ID: "other",
  AZCOPY_SPA_CLIENT_SECRET: "other",
  ARM_TENANT_ID: "other",
  ARM_SUBSCRIPTION_ID: "other",
  ARM_AUXILIARY_TENANT_IDS: "other",
  ARM_CLIENT_ID: "other",
  ARM_CLIENT_SECRET: "other",
  ARM_CLIENT_SECRET_FILE_PATH: "other",
  ARM_CLIENT_CERTIFICATE: "other",
  ARM_ENVIRONMENT: "china",
  ARM_METADATA_HOSTNAME: "other",
  ARM_OIDC_TOKEN: "other",
  ARM_USE_CLI: "false",
  ARM_USE_MSI: "true",
  ARM_USE_OIDC: "true",
  ARM_USE_AKS_WORKLOAD_IDENTITY: "true",
};

const PLACE: Env = {
  AZWISE_CLOUD: "public",
  AZWISE_TENANT: TENANT,
  AZWISE_SUBSCRIPTION: SUBSCRIPTION,
  AZURE_TENANT_ID: TENANT,
  AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
  AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com",
  AZURE_ENVIRONMENT: "AzurePublicCloud",
  AZURE_CLOUD_NAME: "AzureCloud",
  AZURE_CONFIG_DIR: "/tmp/private",
  AZURE_CORE_COLLECT_TELEMETRY: "no",
  AZURE_LOGGING_ENABLE_LOG_FILE: "no",
  ARM_TENANT_ID: TENANT,
  ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
  ARM_ENVIRONMENT: "public",
};

const SECRET = { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: "s3cret" };
const CERTIFICATE = { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_CERTIFICATE_PATH: "/pem" };

test.each<[string, AuthKind, Env, Env]>([
  ["az", "cli", {}, { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential", ARM_USE_CLI: "true" }],
  [
    "a client secret, which wins over a certificate",
    "environment",
    { ...CERTIFICATE, ...SECRET },
    {
      ...SECRET,
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
      ARM_CLIENT_ID: CLIENT,
      ARM_CLIENT_SECRET: "s3cret",
    },
  ],
  [
    "a certificate",
    "environment",
    { ...CERTIFICATE, AZURE_CLIENT_CERTIFICATE_PASSWORD: "pass" },
    {
      ...CERTIFICATE,
      AZURE_CLIENT_CERTIFICATE_PASSWORD: "pass",
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
      ARM_CLIENT_ID: CLIENT,
      ARM_CLIENT_CERTIFICATE_PATH: "/pem",
      ARM_CLIENT_CERTIFICATE_PASSWORD: "pass",
    },
  ],
  [
    "a token file",
    "workload",
    { AZURE_CLIENT_ID: CLIENT, AZURE_FEDERATED_TOKEN_FILE: "/token" },
    {
      AZURE_CLIENT_ID: CLIENT,
      AZURE_FEDERATED_TOKEN_FILE: "/token",
      AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential",
      ARM_USE_OIDC: "true",
      ARM_CLIENT_ID: CLIENT,
      ARM_OIDC_TOKEN_FILE_PATH: "/token",
    },
  ],
  [
    "a GitHub job",
    "workload",
    { AZURE_CLIENT_ID: CLIENT, AZURE_FEDERATED_TOKEN_FILE: "" },
    {
      AZURE_CLIENT_ID: CLIENT,
      AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
      ARM_USE_OIDC: "true",
      ARM_CLIENT_ID: CLIENT,
    },
  ],
  [
    "a managed identity of a machine's several",
    "managed",
    { AZURE_CLIENT_ID: CLIENT },
    {
      AZURE_CLIENT_ID: CLIENT,
      AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
      ARM_USE_MSI: "true",
      ARM_CLIENT_ID: CLIENT,
    },
  ],
  [
    "a machine's own managed identity",
    "managed",
    { AZURE_CLIENT_ID: "" },
    { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential", ARM_USE_MSI: "true" },
  ],
  ["a person in the browser", "browser", {}, { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" }],
  ["a person with a code", "device", {}, { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" }],
])("every tool is %s, and nobody else", (_, kind, own, expected) => {
  const others = { ...ELSEWHERE, AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: "" };
  const outside = { ...others, AZURE_CLIENT_CERTIFICATE_PASSWORD: "", ...own };

  expect(commandEnvironment({ ...IDENTITY, kind }, outside)).toEqual({
    ...PLACE,
    AZWISE_AUTH: kind,
    ...expected,
  });
});

test("Terraform is told of the service connection of an Azure Pipelines job", () => {
  const outside = {
    AZURESUBSCRIPTION_CLIENT_ID: CLIENT,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
    SYSTEM_ACCESSTOKEN: "t0ken",
  };

  expect(commandEnvironment({ ...IDENTITY, kind: "pipelines" }, { ...ELSEWHERE, ...outside })).toEqual({
    ...PLACE,
    ...outside,
    AZWISE_AUTH: "pipelines",
    AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
    ARM_USE_OIDC: "true",
    ARM_CLIENT_ID: CLIENT,
    ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: "connection",
  });
});

test("a certificate is found from every folder that a tool runs in", () => {
  const outside = { ...CERTIFICATE, AZURE_CLIENT_CERTIFICATE_PATH: "keys/client.pem" };
  const path = resolve("keys/client.pem");

  expect(commandEnvironment({ ...IDENTITY, kind: "environment" }, outside)).toMatchObject({
    AZURE_CLIENT_CERTIFICATE_PATH: path,
    ARM_CLIENT_CERTIFICATE_PATH: path,
  });
});

test("nothing of another identity is left", () => {
  const environment = commandEnvironment(IDENTITY, ELSEWHERE);

  expect(Object.values(environment)).not.toContain("other");
});

test("nor of what Windows spells in another case", () => {
  const mixed = Object.entries(ELSEWHERE).map(([name, value]) => [name.toLowerCase(), value] as const);

  expect(commandEnvironment(IDENTITY, Object.fromEntries(mixed))).toEqual(commandEnvironment(IDENTITY, {}));
});

test("without a subscription no tool finds one from outside", () => {
  const environment = commandEnvironment({ ...IDENTITY, subscriptionId: undefined }, ELSEWHERE);

  expect(Object.keys(environment).filter((name) => name.includes("SUBSCRIPTION"))).toEqual([]);
});

test.each([
  ["usgov", ["usgovernment", "AzureUSGovernmentCloud", "AzureUSGovernment"]],
  ["china", ["china", "AzureChinaCloud", "AzureChinaCloud"]],
  ["sandbox", [undefined, undefined, undefined]],
])("the cloud %s has a name of its own for each tool", (name, expected) => {
  const environment = commandEnvironment({ ...IDENTITY, cloud: findCloud(name, {}) }, ELSEWHERE);

  const { ARM_ENVIRONMENT, AZURE_ENVIRONMENT, AZURE_CLOUD_NAME } = environment;
  expect([ARM_ENVIRONMENT, AZURE_ENVIRONMENT, AZURE_CLOUD_NAME]).toEqual(expected);
});

test("what tools were told of a cloud of one's own stays", () => {
  const endpoints = { resourceManager: "https://arm.lab.example", authority: "https://login.lab.example" };
  const cloud = findCloud("lab", { lab: endpoints });

  const environment = commandEnvironment(
    { ...IDENTITY, cloud },
    { ARM_METADATA_HOSTNAME: "arm.lab.example" },
  );

  expect(environment).toMatchObject({
    ARM_METADATA_HOSTNAME: "arm.lab.example",
    AZURE_AUTHORITY_HOST: "https://login.lab.example",
    AZURE_CLOUD_NAME: "lab",
  });
});

test("everything else is passed on as it is", () => {
  const outside = { PATH: "/bin", LANG: "", ARM_USE_AZUREAD: "true", IDENTITY_ENDPOINT: "http://127.0.0.1" };

  expect(commandEnvironment(IDENTITY, outside)).toMatchObject(outside);
});
