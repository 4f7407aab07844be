import { resolve } from "node:path";
import type { AuthKind } from "../../azure/auth-kind.ts";
import { QUIET_AZ } from "../../azure/az-folder.ts";
import { azCloudName, type Cloud } from "../../azure/clouds.ts";
import type { Env } from "../../context.ts";

/** Who a command is to be, and where. */
export interface CommandIdentity {
  kind: AuthKind;
  cloud: Cloud;
  /** GUID. */
  tenantId: string;
  subscriptionId: string | undefined;
  /** az's configuration folder for this command alone. */
  azFolder: string;
}

/** What names a target or an identity to some tool; what is not set anew is taken away. */
const REPLACED: readonly RegExp[] = [
  /^AZWISE_(CLOUD|TENANT|SUBSCRIPTION|AUTH)$/,
  /^AZURE_(TENANT_ID|SUBSCRIPTION_ID|CONFIG_DIR|CLOUD_NAME|AUTHORITY_HOST|TOKEN_CREDENTIALS)$/,
  /^AZURE_(CLIENT_\w+|USERNAME|PASSWORD|FEDERATED_TOKEN_FILE|ADDITIONALLY_ALLOWED_TENANTS)$/,
  // Of Ansible, and of GitHub's sign-in action.
  /^AZURE_(SECRET|TENANT|PROFILE|AD_USER|CREDENTIALS)$/,
  // Of the SDKs before there was DefaultAzureCredential, and of Azure Pipelines' AzureCLI task.
  /^(AZURE_AUTH_LOCATION|SERVICEPRINCIPAL(ID|KEY))$/,
  /^AZCOPY_(SPA_\w+|AUTO_LOGIN_TYPE)$/,
  /^ARM_(TENANT_ID|SUBSCRIPTION_ID|AUXILIARY_TENANT_IDS|CLIENT_\w+|OIDC_\w+|ADO_\w+)$/,
  /^AAD_(SERVICE_PRINCIPAL_\w+|USER_PRINCIPAL_\w+|LOGIN_METHOD)$/,
  // Not ARM_USE_AZUREAD, which is about storage.
  /^ARM_USE_(CLI|MSI|OIDC|AKS_WORKLOAD_IDENTITY)$/,
];

/** Names of the cloud in tools that know three; for a cloud of one's own they are left as they are. */
const CLOUD_VARIABLES = /^(AZURE_ENVIRONMENT|ARM_ENVIRONMENT|ARM_METADATA_HOST(NAME)?)$/;

/** For Terraform, and for Go's libraries. */
const CLOUD_NAMES: Readonly<Record<string, Env>> = {
  public: { ARM_ENVIRONMENT: "public", AZURE_ENVIRONMENT: "AzurePublicCloud" },
  usgov: { ARM_ENVIRONMENT: "usgovernment", AZURE_ENVIRONMENT: "AzureUSGovernmentCloud" },
  china: { ARM_ENVIRONMENT: "china", AZURE_ENVIRONMENT: "AzureChinaCloud" },
  sandbox: {},
};

/** The environment of a command in which every tool is the same identity in the same place. */
export function commandEnvironment(identity: CommandIdentity, env: Env): Env {
  const isReplaced = (name: string): boolean =>
    REPLACED.some((pattern) => pattern.test(name)) ||
    (identity.cloud.name in CLOUD_NAMES && CLOUD_VARIABLES.test(name));
  // Windows does not tell upper from lower case here.
  const kept = Object.entries(env).filter(([name]) => !isReplaced(name.toUpperCase()));
  const given = Object.entries({ ...place(identity), ...credential(identity.kind, env) });
  // An empty variable counts as unset for azwise, but not for every tool.
  return Object.fromEntries([...kept, ...given.filter(([, value]) => value)]);
}

function place({ kind, cloud, tenantId, subscriptionId, azFolder }: CommandIdentity): Env {
  return {
    // For azwise.
    AZWISE_CLOUD: cloud.name,
    AZWISE_TENANT: tenantId,
    AZWISE_SUBSCRIPTION: subscriptionId,
    AZWISE_AUTH: kind,
    // For the SDKs.
    AZURE_TENANT_ID: tenantId,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    AZURE_AUTHORITY_HOST: cloud.authority,
    // For Terraform's azurerm and azapi.
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ...CLOUD_NAMES[cloud.name],
    // For az.
    AZURE_CONFIG_DIR: azFolder,
    AZURE_CLOUD_NAME: cloud.name === "sandbox" ? undefined : azCloudName(cloud),
    ...QUIET_AZ,
  };
}

/** What DefaultAzureCredential and Terraform need to be this identity, and no other one. */
function credential(kind: AuthKind, env: Env): Env {
  switch (kind) {
    case "environment":
      return { AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential", ...fromEnvironment(env) };
    case "workload":
      return { ...fromWorkload(env), AZURE_CLIENT_ID: env["AZURE_CLIENT_ID"] };
    case "pipelines":
      return {
        // Of its members only az, signed in here, is a service connection.
        AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
        ARM_USE_OIDC: "true",
        ARM_CLIENT_ID: env["AZURESUBSCRIPTION_CLIENT_ID"],
        ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: env["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
      };
    case "managed":
      return {
        AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
        AZURE_CLIENT_ID: env["AZURE_CLIENT_ID"],
        ARM_USE_MSI: "true",
        ARM_CLIENT_ID: env["AZURE_CLIENT_ID"],
      };
    case "cli":
      return { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential", ARM_USE_CLI: "true" };
    default:
      // No member is this identity. az is not signed in here, so that none is taken instead.
      return { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" };
  }
}

/** A secret wins over a certificate, as it does for azwise. */
function fromEnvironment(env: Env): Env {
  const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = env;
  const { AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_CLIENT_CERTIFICATE_PASSWORD } = env;
  // az runs elsewhere, and so may what the command starts.
  const certificate = path && resolve(path);
  const client = { AZURE_CLIENT_ID, ARM_CLIENT_ID: AZURE_CLIENT_ID };
  if (AZURE_CLIENT_SECRET) return { ...client, AZURE_CLIENT_SECRET, ARM_CLIENT_SECRET: AZURE_CLIENT_SECRET };
  return {
    ...client,
    AZURE_CLIENT_CERTIFICATE_PATH: certificate,
    AZURE_CLIENT_CERTIFICATE_PASSWORD,
    AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: env["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"],
    ARM_CLIENT_CERTIFICATE_PATH: certificate,
    ARM_CLIENT_CERTIFICATE_PASSWORD: AZURE_CLIENT_CERTIFICATE_PASSWORD,
  };
}

function fromWorkload({ AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE }: Env): Env {
  const terraform = { ARM_USE_OIDC: "true", ARM_CLIENT_ID: AZURE_CLIENT_ID };
  // GitHub's variables serve Terraform as they are; DefaultAzureCredential has no member for them, but az.
  if (!AZURE_FEDERATED_TOKEN_FILE) return { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential", ...terraform };
  return {
    AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential",
    AZURE_FEDERATED_TOKEN_FILE,
    ...terraform,
    ARM_OIDC_TOKEN_FILE_PATH: AZURE_FEDERATED_TOKEN_FILE,
  };
}
