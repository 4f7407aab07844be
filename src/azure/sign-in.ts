import {
  createEmptyPipeline,
  proxyPolicy,
  userAgentPolicy,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { AzureError } from "./azure-error.ts";
import { ANSWER_TIMEOUT_MS } from "./pipeline.ts";
import { abortPolicy, allowHostsPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import { throttlePolicy, type ThrottleOptions } from "./throttle.ts";

export interface SignInOptions extends ThrottleOptions {
  signal: AbortSignal;
  log: (line: string) => void;
}

/** What came back on the way to a token, as MSAL rewords it or leaves it out. */
export interface Heard {
  /** Why no answer could be had, or used. */
  failure?: AzureError | undefined;
  /** Entra's last refusal: its AADSTS number, when it gave one, and the OAuth error. */
  refusal?: { number: string | undefined; error: string } | undefined;
}

interface PlacedPolicy {
  policy: PipelinePolicy;
  position: "perCall" | "perRetry";
}

/**
 * What sign-in requests go through, outermost first. The secret goes to the authority's own host only,
 * redirects included.
 */
export function signInPolicies(authority: string, options: SignInOptions, heard: Heard): PlacedPolicy[] {
  const { clock, timeoutMs, onWait, signal, log } = options;
  // Asking for a token changes nothing, although it is a POST.
  const throttle = throttlePolicy({ clock, timeoutMs, onWait, isRead: () => true });
  const perCall = [reportPolicy(heard), abortPolicy(signal), throttle];
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

/** The same way out for requests that no credential of the SDK sends, to the host of `url` only. */
export function createSignInPipeline(url: string, options: SignInOptions, heard: Heard): Pipeline {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "azwise" }));
  for (const { policy } of signInPolicies(url, options, heard)) pipeline.addPolicy(policy);
  return pipeline;
}

function reportPolicy(heard: Heard): PipelinePolicy {
  return {
    name: "azwiseSignInReport",
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        refuseUnusable(response);
        heard.refusal = refusalIn(response) ?? heard.refusal;
        return response;
      } catch (error) {
        if (error instanceof AzureError) heard.failure = error;
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
  if (isObject(bodyAsText)) return;
  throw new AzureError("failed", `${host} answered HTTP ${status} with something that is not JSON`, {
    status,
    hint: "check that no proxy or portal answers in its place, and --cloud",
  });
}

function isObject(text: string | null | undefined): boolean {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

function refusalIn({ status, bodyAsText }: PipelineResponse): Heard["refusal"] {
  if (status < 400) return undefined;
  const body = JSON.parse(bodyAsText ?? "") as Record<string, unknown>;
  const { error, error_codes: numbers } = body;
  // While a person has not yet entered the code, that is how Entra says "wait".
  if (typeof error !== "string" || error === "authorization_pending") return undefined;
  const [number] = Array.isArray(numbers) ? (numbers as unknown[]) : [];
  return { error, number: typeof number === "number" ? String(number) : undefined };
}
