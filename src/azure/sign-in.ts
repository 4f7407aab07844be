import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import { AzureError } from "./azure-error.ts";
import { ANSWER_TIMEOUT_MS } from "./pipeline.ts";
import { abortPolicy, allowHostsPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import { throttlePolicy, type ThrottleOptions } from "./throttle.ts";

export interface SignInOptions extends ThrottleOptions {
  signal: AbortSignal;
  log: (line: string) => void;
}

interface PlacedPolicy {
  policy: PipelinePolicy;
  position: "perCall" | "perRetry";
}

/**
 * What sign-in requests go through, outermost first. The secret goes to the authority's own host only,
 * redirects included. `onFailure` hears why no answer could be had, which MSAL would reword.
 */
export function signInPolicies(
  authority: string,
  { clock, timeoutMs, onWait, signal, log }: SignInOptions,
  onFailure: (error: AzureError) => void,
): PlacedPolicy[] {
  // Asking for a token changes nothing, although it is a POST.
  const throttle = throttlePolicy({ clock, timeoutMs, onWait, isRead: () => true });
  const perCall = [reportPolicy(onFailure), abortPolicy(signal), throttle];
  const perRetry = [
    allowHostsPolicy([new URL(authority).host]),
    answerTimeoutPolicy(ANSWER_TIMEOUT_MS),
    requestLogPolicy(log),
  ];
  return [
    ...perCall.map((policy) => ({ policy, position: "perCall" as const })),
    ...perRetry.map((policy) => ({ policy, position: "perRetry" as const })),
  ];
}

function reportPolicy(onFailure: (error: AzureError) => void): PipelinePolicy {
  return {
    name: "azwiseSignInReport",
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        refuseUnusable(response);
        return response;
      } catch (error) {
        if (error instanceof AzureError) onFailure(error);
        throw error;
      }
    },
  };
}

/** Refusals of the sign-in itself are JSON with a 4xx, and for MSAL to read. */
function refuseUnusable({ request, status, bodyAsText }: PipelineResponse): void {
  const { host } = new URL(request.url);
  if (status === 429 || status >= 500) {
    throw new AzureError("failed", `${host} answered HTTP ${status}`, { status, hint: "try again later" });
  }
  if (/^\s*\{/.test(bodyAsText ?? "")) return;
  throw new AzureError("failed", `${host} answered HTTP ${status} with something that is not JSON`, {
    status,
    hint: "check that no proxy or portal answers in its place, and --cloud",
  });
}
