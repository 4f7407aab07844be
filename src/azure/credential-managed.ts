import type { TokenCredential } from "@azure/core-auth";
import {
  createEmptyPipeline,
  type HttpClient,
  type PipelinePolicy,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { ManagedIdentityCredential } from "@azure/identity";
import { AzureError } from "./azure-error.ts";
import type { CredentialRequest } from "./credential-request.ts";
import { abortPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import type { Heard } from "./sign-in.ts";
import { throttlePolicy } from "./throttle.ts";

/** The service is on the same machine, or one hop away: one that does not answer is not there. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * The identity of the machine: App Service and Container Apps, Cloud Shell, Arc, Service Fabric or, without any
 * endpoint in the environment, the metadata service of a VM. Claims are beyond it: the machine has one token.
 * The identity library reads the process's own variables here.
 */
export function createManagedCredential(request: CredentialRequest, heard: Heard): TokenCredential {
  const clientId = request.env["AZURE_CLIENT_ID"];
  return new ManagedIdentityCredential({
    ...(clientId ? { clientId } : {}),
    httpClient: createLocalClient(request, heard),
    retryOptions: { maxRetries: 0 },
  });
}

/**
 * The library drops the policies it is given, so they stand here. These requests are plain HTTP to hosts that
 * the platform names, and carry nothing of ours, which is why the list of allowed hosts does not hold for them.
 */
function createLocalClient(request: CredentialRequest, heard: Heard): HttpClient {
  const { httpClient, clock, timeoutMs, onWait, signal, log } = request;
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(reportPolicy(heard));
  pipeline.addPolicy(abortPolicy(signal));
  pipeline.addPolicy(throttlePolicy({ clock, timeoutMs, onWait, isRead: () => true }));
  pipeline.addPolicy(directPolicy());
  pipeline.addPolicy(answerTimeoutPolicy(ANSWER_TIMEOUT_MS));
  pipeline.addPolicy(requestLogPolicy(log));
  return { sendRequest: (each) => pipeline.sendRequest(httpClient, each) };
}

/** HTTPS_PROXY would be used for these requests, too, and no proxy reaches this machine's own services. */
function directPolicy(): PipelinePolicy {
  return {
    name: "azwiseDirect",
    async sendRequest(request, next) {
      delete request.agent;
      return next(request);
    },
  };
}

function reportPolicy(heard: Heard): PipelinePolicy {
  return {
    name: "azwiseManagedReport",
    async sendRequest(request, next) {
      try {
        return refuseRedirect(await next(request));
      } catch (cause) {
        if (cause instanceof AzureError) heard.failure = notThere(new URL(request.url).host, cause);
        throw cause;
      }
    },
  };
}

/** The header that proves who asks must not follow one, and the library takes any JSON for a token. */
function refuseRedirect(response: PipelineResponse): PipelineResponse {
  const { status } = response;
  if (status < 300 || status >= 400) return response;
  throw new AzureError("failed", `it answered HTTP ${status}`, { status, code: "Redirect" });
}

function notThere(host: string, cause: AzureError): AzureError {
  return new AzureError("auth", `no managed identity answers at ${host}`, {
    hint: "use another --auth where no managed identity is",
    ...(cause.code === undefined ? {} : { code: cause.code }),
    cause,
  });
}
