import type { AccessToken, TokenCredential } from "@azure/core-auth";
import {
  createHttpHeaders,
  createPipelineRequest,
  RestError,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import { SandboxConnectionLost, type SandboxRequest, type SandboxResponse } from "../sandbox/handler.ts";
import { AzureError } from "./azure-error.ts";
import { armScope } from "./clouds.ts";
import type { CredentialRequest } from "./credential.ts";

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

/** Signs in to the sandbox without MSAL, so that a rehearsal starts fast. */
export function createSandboxCredential(request: CredentialRequest): TokenCredential {
  return {
    async getToken(): Promise<AccessToken> {
      const body = new URLSearchParams({ grant_type: "client_credentials", scope: armScope(request.cloud) });
      const response = await request.httpClient?.sendRequest(
        createPipelineRequest({
          method: "POST",
          url: `${request.cloud.authority}/${request.tenantId}/oauth2/v2.0/token`,
          headers: createHttpHeaders({ "content-type": "application/x-www-form-urlencoded" }),
          body: body.toString(),
        }),
      );
      const text = response?.bodyAsText ?? "";
      if (response?.status !== 200) throw new AzureError("auth", text);
      const { access_token: token, expires_in: seconds } = JSON.parse(text) as Record<string, unknown>;
      return { token: String(token), expiresOnTimestamp: Date.now() + Number(seconds) * 1000 };
    },
  };
}
