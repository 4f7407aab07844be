import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import type { HttpClient, PipelinePolicy } from "@azure/core-rest-pipeline";
import { AppError } from "../errors.ts";
import type { Cloud } from "./clouds.ts";
import type { Clock } from "./ports.ts";
import { pinToTenant } from "./pinned-credential.ts";
import { errorFromSignIn } from "./sign-in-error.ts";

export type AuthKind = "environment" | "cli" | "sandbox";
export const AUTH_KINDS = ["auto", "environment", "cli", "sandbox"] as const;

export interface CredentialRequest {
  kind: AuthKind;
  cloud: Cloud;
  tenantId: string;
  env: Readonly<Record<string, string | undefined>>;
  httpClient: HttpClient | undefined;
  requestLog: PipelinePolicy;
  clock: Clock;
}

/** `auto` is a fixed, printed order: service principal variables when they are set, then the az CLI. */
export function chooseAuth(asked: string, request: Pick<CredentialRequest, "cloud" | "env">): AuthKind {
  if (request.cloud.name === "sandbox") return "sandbox";
  if (asked === "environment" || asked === "cli") return asked;
  if (asked !== "auto") {
    throw new AppError("usage", `--auth ${asked} is not available`, {
      hint: "use --auth auto|environment|cli",
    });
  }
  const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH } = request.env;
  const secret = AZURE_CLIENT_SECRET ?? AZURE_CLIENT_CERTIFICATE_PATH;
  return AZURE_CLIENT_ID !== undefined && secret !== undefined ? "environment" : "cli";
}

/** A credential for one tenant only; every failure it throws is an AzureError of kind "auth". */
export async function createCredential(request: CredentialRequest): Promise<TokenCredential> {
  const inner = await buildCredential(request);
  const pinned = pinToTenant(inner, request.tenantId);
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      try {
        return await pinned.getToken(scopes, options);
      } catch (error) {
        if (options?.abortSignal?.aborted === true) throw error;
        throw errorFromSignIn(error);
      }
    },
  };
}

async function buildCredential(request: CredentialRequest): Promise<TokenCredential> {
  if (request.kind === "sandbox") {
    const { createSandboxCredential } = await import("./sandbox-client.ts");
    return createSandboxCredential(request);
  }
  // Loaded on demand: MSAL is the largest dependency, and help or the sandbox never need it.
  const identity = await import("@azure/identity");
  if (request.kind === "cli") return new identity.AzureCliCredential({ tenantId: request.tenantId });
  const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH } = request.env;
  const clientId = requireVariable(AZURE_CLIENT_ID, "AZURE_CLIENT_ID");
  const options = {
    authorityHost: request.cloud.authority,
    disableInstanceDiscovery: !request.cloud.wellKnown,
    additionalPolicies: [{ policy: request.requestLog, position: "perRetry" as const }],
    ...(request.httpClient ? { httpClient: request.httpClient } : {}),
  };
  if (AZURE_CLIENT_SECRET !== undefined) {
    return new identity.ClientSecretCredential(request.tenantId, clientId, AZURE_CLIENT_SECRET, options);
  }
  const certificatePath = requireVariable(AZURE_CLIENT_CERTIFICATE_PATH, "AZURE_CLIENT_SECRET");
  return new identity.ClientCertificateCredential(request.tenantId, clientId, { certificatePath }, options);
}

function requireVariable(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new AppError("auth", `${name} is not set`, { hint: `set ${name}, or use --auth cli after az login` });
}
