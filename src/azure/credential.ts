import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { AppError } from "../errors.ts";
import type { Cloud } from "./clouds.ts";
import type { AzureError } from "./azure-error.ts";
import { pinToTenant } from "./pinned-credential.ts";
import { errorFromSignIn } from "./sign-in-error.ts";
import { signInPolicies, type SignInOptions } from "./sign-in.ts";

export type AuthKind = "environment" | "cli" | "sandbox";

export interface CredentialRequest extends SignInOptions {
  kind: AuthKind;
  cloud: Cloud;
  tenantId: string;
  env: Readonly<Record<string, string | undefined>>;
  httpClient: HttpClient;
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
  const secret = AZURE_CLIENT_SECRET || AZURE_CLIENT_CERTIFICATE_PATH;
  return AZURE_CLIENT_ID && secret ? "environment" : "cli";
}

/** A credential for one tenant only; what it throws is an AzureError, of kind "auth" when Entra refused. */
export async function createCredential(request: CredentialRequest): Promise<TokenCredential> {
  let failure: AzureError | undefined;
  const inner = await buildCredential(request, (error) => {
    failure = error;
  });
  const pinned = pinToTenant(inner, request.tenantId);
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      failure = undefined;
      try {
        return await pinned.getToken(scopes, options);
      } catch (error) {
        if (request.signal.aborted) throw error;
        throw failure ?? errorFromSignIn(error, request.tenantId);
      }
    },
  };
}

async function buildCredential(
  request: CredentialRequest,
  onFailure: (error: AzureError) => void,
): Promise<TokenCredential> {
  const { kind, cloud, tenantId, env, httpClient } = request;
  if (kind === "sandbox") {
    const { createSandboxCredential } = await import("./sandbox-client.ts");
    return createSandboxCredential(request);
  }
  // Loaded on demand: MSAL is the largest dependency, and help or the sandbox never need it.
  const identity = await import("@azure/identity");
  if (kind === "cli") return new identity.AzureCliCredential({ tenantId });
  const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH } = env;
  const clientId = requireVariable(AZURE_CLIENT_ID, "AZURE_CLIENT_ID");
  const options = {
    authorityHost: cloud.authority,
    disableInstanceDiscovery: !cloud.wellKnown,
    additionalPolicies: signInPolicies(cloud.authority, request, onFailure),
    retryOptions: { maxRetries: 0 },
    httpClient,
  };
  if (AZURE_CLIENT_SECRET) {
    return new identity.ClientSecretCredential(tenantId, clientId, AZURE_CLIENT_SECRET, options);
  }
  const certificatePath = requireVariable(AZURE_CLIENT_CERTIFICATE_PATH, "AZURE_CLIENT_SECRET");
  return new identity.ClientCertificateCredential(tenantId, clientId, { certificatePath }, options);
}

/** An empty variable counts as unset, as in CI systems that pass on secrets they do not have. */
function requireVariable(value: string | undefined, name: string): string {
  if (value) return value;
  throw new AppError("auth", `${name} is not set`, { hint: `set ${name}, or use --auth cli after az login` });
}
