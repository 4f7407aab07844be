import type { AccessToken } from "@azure/core-auth";
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { RunCredential } from "./cached-credential.ts";
import { readEnvelope } from "./service-error.ts";
import type { SignInTarget } from "./sign-in-command.ts";

export interface SignOptions {
  credential: RunCredential;
  scope: string;
  /** Whose tokens these are, for the command that satisfies a challenge. */
  signedInto: SignInTarget;
}

/**
 * Puts the run's token on each request. A token that the service calls expired or invalid is replaced once by a
 * really new one; a claims challenge is answered once with a token that has the claims, and when that cannot be
 * had, or is not enough, the AzureError "auth" names the command that does.
 */
export function signPolicy({ credential, scope, signedInto }: SignOptions): PipelinePolicy {
  const sign = async (request: PipelineRequest, claims?: string): Promise<AccessToken | null> => {
    const { abortSignal } = request;
    const options = {
      enableCae: true,
      ...(abortSignal ? { abortSignal } : {}),
      ...(claims ? { claims: Buffer.from(claims, "base64").toString("utf8") } : {}),
    };
    const token = await credential.getToken(scope, options);
    if (token) request.headers.set("authorization", `Bearer ${token.token}`);
    return token;
  };
  return {
    name: "azwiseSign",
    async sendRequest(request, next) {
      let token = await sign(request);
      let response = await next(request);
      if (token !== null && isStale(response)) {
        credential.forget(token.token);
        token = await sign(request);
        response = await next(request);
      }
      const claims = claimsOf(response);
      if (claims === undefined || token === null) return response;
      credential.forget(token.token);
      await sign(request, claims);
      const answer = await next(request);
      const more = claimsOf(answer);
      if (more === undefined) return answer;
      // Loaded when a sign-in fails, and not by every run.
      const { unsatisfiedClaims } = await import("./sign-in-error.ts");
      throw unsatisfiedClaims({ ...signedInto, claims: more, scope });
    },
  };
}

const STALE = new Set(["ExpiredAuthenticationToken", "InvalidAuthenticationToken"]);

/** Another token may be taken; one of another tenant, or one that lacks claims, is a different matter. */
function isStale(response: PipelineResponse): boolean {
  if (response.status !== 401 || claimsOf(response) !== undefined) return false;
  return STALE.has(readEnvelope(response.bodyAsText ?? "").code ?? "");
}

/** The claims that the service asks for, base64 as it sent them; undefined when it asks for none. */
function claimsOf({ status, headers }: PipelineResponse): string | undefined {
  if (status !== 401) return undefined;
  // Nothing but base64, as it becomes part of a command line that somebody pastes.
  return /\bclaims="([A-Za-z0-9+/=_-]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1];
}
