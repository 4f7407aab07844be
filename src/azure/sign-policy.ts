import type { AccessToken } from "@azure/core-auth";
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { RunCredential } from "./cached-credential.ts";

/** Puts the run's token on each request, and answers one refusal of that token with a newer or stronger one. */
export function signPolicy(credential: RunCredential, scope: string): PipelinePolicy {
  const sign = async (request: PipelineRequest, claims?: string): Promise<AccessToken | null> => {
    const { abortSignal } = request;
    const options = {
      enableCae: true,
      ...(abortSignal ? { abortSignal } : {}),
      ...(claims ? { claims } : {}),
    };
    const token = await credential.getToken(scope, options);
    if (token) request.headers.set("authorization", `Bearer ${token.token}`);
    return token;
  };
  return {
    name: "azwiseSign",
    async sendRequest(request, next) {
      const token = await sign(request);
      const response = await next(request);
      const claims = response.status === 401 ? claimsOf(response) : undefined;
      if (claims === undefined || token === null) return response;
      credential.forget(token.token);
      await sign(request, claims);
      return next(request);
    },
  };
}

/** The claims that the service asks for, decoded; undefined when it asks for none. */
function claimsOf({ headers }: PipelineResponse): string | undefined {
  const encoded = /\bclaims="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}
