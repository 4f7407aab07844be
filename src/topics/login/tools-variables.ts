import type { Env } from "../../context.ts";
import type { ToolPrincipal, ToolReading } from "./tools-reading.ts";

interface Family {
  tool: string;
  prefix: "AZURE" | "ARM";
  /** Any of them beside the client id makes a sign-in; their values are never looked at, but for "false". */
  completedBy: readonly string[];
}

const FAMILIES: readonly [Family, Family] = [
  {
    tool: "AZURE_*",
    prefix: "AZURE",
    completedBy: [
      "AZURE_CLIENT_SECRET",
      "AZURE_CLIENT_CERTIFICATE_PATH",
      "AZURE_FEDERATED_TOKEN_FILE",
      "IDENTITY_ENDPOINT",
      "MSI_ENDPOINT",
    ],
  },
  {
    tool: "ARM_*",
    prefix: "ARM",
    completedBy: [
      "ARM_CLIENT_SECRET",
      "ARM_CLIENT_SECRET_FILE_PATH",
      "ARM_CLIENT_CERTIFICATE",
      "ARM_CLIENT_CERTIFICATE_PATH",
      "ARM_USE_OIDC",
      "ARM_USE_MSI",
      "ARM_USE_AKS_WORKLOAD_IDENTITY",
    ],
  },
];

/** Where the variables of the SDKs and those of Terraform lead. */
export function readVariables(env: Env): ToolReading[] {
  return FAMILIES.map((family) => readFamily(env, family));
}

function readFamily(env: Env, family: Family): ToolReading {
  const { tool, prefix, completedBy } = family;
  const named = ["TENANT_ID", "SUBSCRIPTION_ID", "CLIENT_ID"].map((each) => `${prefix}_${each}`);
  const set = named.filter((name) => env[name]);
  if (set.length === 0) return { tool, from: "the environment", state: "not in use", reason: "none is set" };
  const completing = completedBy.filter((name) => env[name] && env[name] !== "false");
  const target = {
    // An empty variable counts as unset.
    tenant: env[`${prefix}_TENANT_ID`] || undefined,
    subscription: env[`${prefix}_SUBSCRIPTION_ID`] || undefined,
    principal: principalOf(env[`${prefix}_CLIENT_ID`], completing.length > 0, prefix),
  };
  return { tool, from: [...set, ...completing].join(", "), state: "in use", target };
}

function principalOf(
  clientId: string | undefined,
  isComplete: boolean,
  prefix: string,
): ToolPrincipal | undefined {
  if (!clientId) return undefined;
  const unsure = `${prefix}_CLIENT_ID has no secret beside it`;
  return { by: "client id", value: clientId, ...(isComplete ? {} : { unsure }) };
}
