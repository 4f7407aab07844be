import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Env } from "../context.ts";
import { AppError } from "../errors.ts";
import type { AuthKind } from "./auth-kind.ts";
import type { AzAccount } from "./az-profile.ts";
import type { AzureError } from "./azure-error.ts";
import { cacheTokens, type RunCredential } from "./cached-credential.ts";
import { armScope, type Cloud } from "./clouds.ts";
import { pinToTenant } from "./pinned-credential.ts";
import { errorFromSignIn } from "./sign-in-error.ts";
import { signInPolicies, type SignInOptions } from "./sign-in.ts";
import type { TokenStore } from "./token-store.ts";

export interface CredentialRequest extends SignInOptions {
  kind: AuthKind;
  cloud: Cloud;
  tenantId: string;
  env: Env;
  httpClient: HttpClient;
  /** az's accounts: the default one's user is who the az CLI signs in as. */
  azAccounts: readonly AzAccount[];
  /** Undefined without a token cache. */
  tokens: TokenStore | undefined;
  /** azwise's state folder, where the account of a device or browser sign-in is remembered. */
  stateFolder: string;
  /** Ask Entra, whatever the token cache holds. */
  fresh: boolean;
  /** A device code may be shown and a browser opened. */
  interactive: boolean;
  /** A line for the person who signs in. */
  tell: (text: string) => void;
}

/** A credential for one tenant only; what it throws is an AzureError, of kind "auth" when Entra refused. */
export async function createCredential(request: CredentialRequest): Promise<RunCredential> {
  const { kind, cloud, tenantId, clock } = request;
  let failure: AzureError | undefined;
  const inner = await buildCredential(request, (error) => {
    failure = error;
  });
  const cached = cacheTokens(inner, {
    key: { cloud: cloud.name, tenantId, client: clientOf(request), scope: armScope(cloud), kind },
    clock,
    store: kind === "sandbox" ? undefined : request.tokens,
    fresh: request.fresh,
  });
  const pinned = pinToTenant(cached, tenantId);
  return {
    forget: (token) => cached.forget(token),
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      failure = undefined;
      try {
        return await pinned.getToken(scopes, options);
      } catch (error) {
        if (request.signal.aborted) throw error;
        throw failure ?? errorFromSignIn(error, tenantId);
      }
    },
  };
}

/** Who asks for tokens, so that one user's token is never given to another. */
function clientOf({ kind, env, azAccounts }: CredentialRequest): string {
  if (kind !== "cli") return env["AZURE_CLIENT_ID"] ?? "";
  return azAccounts.find((each) => each.isDefault)?.user.name ?? "";
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
