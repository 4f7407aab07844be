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
import type { CredentialRequest } from "./credential-request.ts";
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
        throw new RestError("no connection", { code: error.code, request });
      }
    },
  };
}

function toSandbox(request: PipelineRequest): SandboxRequest {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers.toJSON(),
    body: textOf(request.body),
  };
}

/** Bytes as one character each, as the sandbox takes texts. */
function textOf(body: PipelineRequest["body"]): string {
  if (body instanceof Uint8Array) return Buffer.from(body).toString("latin1");
  return typeof body === "string" ? body : "";
}

/** Signs in to the sandbox without MSAL, so that a rehearsal starts fast. */
export function createSandboxCredential(request: CredentialRequest): TokenCredential {
  return {
    async getToken(scopes, options): Promise<AccessToken> {
      const now = request.clock.now().getTime();
      const { token, seconds } = await askForToken(request, [scopes].flat().join(" "), options?.claims);
      return { token, expiresOnTimestamp: now + seconds * 1000 };
    },
  };
}

async function askForToken(
  request: CredentialRequest,
  scope: string,
  claims: string | undefined,
): Promise<{ token: string; seconds: number }> {
  const { cloud, tenantId, httpClient, log, interactive } = request;
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    scope,
    // Nobody is shown a code here: the word stands for the person who would enter it.
    ...(interactive ? { interactive: "true" } : {}),
    ...(claims === undefined ? {} : { claims }),
  });
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
