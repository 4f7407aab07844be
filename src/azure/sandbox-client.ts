import type { AccessToken, TokenCredential } from "@azure/core-auth";
import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  RestError,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import { SandboxConnectionLost, type SandboxRequest, type SandboxResponse } from "../sandbox/handler.ts";
import { armScope } from "./clouds.ts";
import type { CredentialRequest } from "./credential.ts";
import { requestLogPolicy } from "./policies.ts";

/** Lets the SDK clients talk to the sandbox as if it were the network. */
export function createSandboxClient(
  answer: (request: SandboxRequest) => Promise<SandboxResponse>,
): HttpClient {
  return {
    async sendRequest(request) {
      try {
        const response = await answer(toSandbox(request));
        const headers = createHttpHeaders(response.headers);
        return { request, status: response.status, headers, bodyAsText: response.body };
      } catch (error) {
        if (!(error instanceof SandboxConnectionLost)) throw error;
        throw new RestError("socket hang up", { code: "ECONNRESET", request });
      }
    },
  };
}

function toSandbox(request: PipelineRequest): SandboxRequest {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers.toJSON(),
    body: typeof request.body === "string" ? request.body : "",
  };
}

/** The SDK looks at the real clock and would use a token that has expired in the sandbox. */
const ASK_EVERY_TIME = 0;
const RENEW_BEFORE_MS = 60_000;

/** Signs in to the sandbox without MSAL, so that a rehearsal starts fast. */
export function createSandboxCredential(request: CredentialRequest): TokenCredential {
  const { clock } = request;
  let cached: { token: string; renewAt: number } | undefined;
  return {
    async getToken(_scopes, options): Promise<AccessToken> {
      const now = clock.now().getTime();
      if (!cached || options?.claims !== undefined || cached.renewAt <= now) {
        const { token, seconds } = await askForToken(request);
        cached = { token, renewAt: now + seconds * 1000 - RENEW_BEFORE_MS };
      }
      return { token: cached.token, expiresOnTimestamp: ASK_EVERY_TIME };
    },
  };
}

async function askForToken(request: CredentialRequest): Promise<{ token: string; seconds: number }> {
  const { cloud, tenantId, httpClient, log } = request;
  const body = new URLSearchParams({ grant_type: "client_credentials", scope: armScope(cloud) });
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(requestLogPolicy(log));
  const { status, bodyAsText } = await pipeline.sendRequest(
    httpClient,
    createPipelineRequest({
      method: "POST",
      url: `${cloud.authority}/${tenantId}/oauth2/v2.0/token`,
      headers: createHttpHeaders({ "content-type": "application/x-www-form-urlencoded" }),
      body: body.toString(),
    }),
  );
  const text = bodyAsText ?? "";
  // The caller turns it into what a refused sign-in to Azure looks like.
  if (status !== 200) throw new Error(text);
  const answer = JSON.parse(text) as Record<string, unknown>;
  return { token: String(answer["access_token"]), seconds: Number(answer["expires_in"]) };
}
