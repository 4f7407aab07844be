import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { AppError } from "../errors.ts";
import { cacheTokens, type RunCredential } from "./cached-credential.ts";
import type { CredentialRequest } from "./credential-request.ts";
import { pinToTenant } from "./pinned-credential.ts";
import type { Heard } from "./sign-in.ts";
import { withClaims } from "./sign-in-command.ts";
import { tokenOwner } from "./token-owner.ts";

/**
 * A credential for one tenant only. What it throws is an AzureError, of kind "auth" when Entra refused or nobody
 * is signed in; AppError "auth" or "timeout" when az cannot be run. Nothing is sent before a token is asked for.
 */
export async function createCredential(request: CredentialRequest): Promise<RunCredential> {
  const { cloud, tenantId, clock } = request;
  const heard: Heard = {};
  let inner: TokenCredential | undefined;
  const asked = {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      inner ??= await buildCredential(request, heard);
      return inner.getToken(scopes, options);
    },
  };
  // Pinned on both sides: no token of another tenant is ever kept, and none that was kept is given out.
  const cached = cacheTokens(pinToTenant(asked, request), {
    key: { cloud: cloud.name, tenantId, client: await tokenOwner(request), kind: request.kind },
    clock,
    store: request.tokens,
    fresh: request.fresh,
  });
  const pinned = pinToTenant(cached, request);
  return {
    forget(token) {
      cached.forget(token);
      // MSAL keeps the refused token as well, and would give it again.
      inner = undefined;
    },
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      Object.assign(heard, { failure: undefined, refusal: undefined });
      try {
        return await pinned.getToken(scopes, options);
      } catch (error) {
        if (request.signal.aborted || error instanceof AppError) throw error;
        if (heard.failure !== undefined) throw heard.failure;
        // Loaded when a sign-in fails, and not by every run.
        const { errorFromSignIn } = await import("./sign-in-error.ts");
        throw errorFromSignIn(error, withClaims(request, options?.claims), heard);
      }
    },
  };
}

/** Each kind is loaded on demand: MSAL is the largest dependency, and help, az or the sandbox never need it. */
async function buildCredential(request: CredentialRequest, heard: Heard): Promise<TokenCredential> {
  switch (request.kind) {
    case "sandbox":
      return (await import("./sandbox-client.ts")).createSandboxCredential(request);
    case "environment":
      return (await import("./credential-environment.ts")).createEnvironmentCredential(request, heard);
    case "workload":
    case "pipelines":
      return (await import("./credential-federated.ts")).createFederatedCredential(request, heard);
    case "managed":
      return (await import("./credential-managed.ts")).createManagedCredential(request, heard);
    case "cli":
      return (await import("./credential-az.ts")).createAzCredential(request);
    case "browser":
    case "device":
      return (await import("./credential-person.ts")).createPersonCredential(request, heard);
  }
}
