import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  proxyPolicy,
  userAgentPolicy,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { AppError } from "../errors.ts";
import { isGuid } from "../resource-id.ts";
import { AzureError } from "./azure-error.ts";
import type { Cloud } from "./clouds.ts";
import type { RunOptions } from "./connect.ts";
import type { LoginPort } from "./login-ports.ts";
import { ANSWER_TIMEOUT_MS, httpClientFor } from "./pipeline.ts";
import { abortPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import { errorFromResponse, guidIn, tenantInChallenge } from "./service-error.ts";
import { SUBSCRIPTIONS_API } from "./subscriptions.ts";
import { throttlePolicy } from "./throttle.ts";

type Unsigned = Pick<LoginPort, "findHomeTenant" | "findTenantId" | "readServerTime">;

/** What the services tell anybody, without a token. */
export function createUnsignedRequests(cloud: Cloud, run: RunOptions): Unsigned {
  const armUrl = (path: string): string => `${cloud.resourceManager}${path}?api-version=${SUBSCRIPTIONS_API}`;
  return {
    async findHomeTenant(subscriptionId) {
      const response = await getUnsigned(armUrl(`/subscriptions/${subscriptionId}`), run);
      const tenant = tenantInChallenge(response.headers);
      if (response.status === 401 && tenant !== undefined) return tenant;
      throw homeTenantUnknown(subscriptionId, response);
    },
    async findTenantId(tenant) {
      return isGuid(tenant) ? tenant.toLowerCase() : ownerOf(tenant, cloud, run);
    },
    async readServerTime(signal = run.signal) {
      const once = { ...run, signal: AbortSignal.any([run.signal, signal]) };
      // Whoever compares clocks has something better to do than to wait for an answer: nothing is repeated.
      const { headers } = await getUnsigned(armUrl("/"), once, { isRepeated: false });
      const time = Date.parse(headers.get("date") ?? "");
      return Number.isNaN(time) ? undefined : new Date(time);
    },
  };
}

async function ownerOf(domain: string, cloud: Cloud, run: RunOptions): Promise<string> {
  const path = `${encodeURIComponent(domain)}/v2.0/.well-known/openid-configuration`;
  const { status, bodyAsText } = await getUnsigned(`${cloud.authority}/${path}`, run);
  const tenant = status === 200 ? guidIn(issuerOf(bodyAsText ?? "")) : undefined;
  if (tenant !== undefined) return tenant;
  throw domainUnknown(domain, cloud, status);
}

/** Only the service's own "not found" means that there is none; whatever else it says leaves that open. */
function homeTenantUnknown(subscriptionId: string, response: PipelineResponse): AzureError {
  const { status } = response;
  const because = ["azure-wire/challenge-names-tenant"];
  if (status === 404) {
    const hint = "check --subscription and --cloud";
    const detail = { status, code: "SubscriptionNotFound", hint, because };
    return new AzureError("auth", `this cloud has no subscription ${subscriptionId}`, detail);
  }
  if (status !== 401 && status >= 400) return errorFromResponse(response);
  return new AzureError("auth", `Azure does not say which tenant subscription ${subscriptionId} belongs to`, {
    status,
    hint: "give --tenant",
    because,
  });
}

function domainUnknown(domain: string, { name }: Cloud, status: number): AzureError {
  if (status === 400 || status === 404) {
    const detail = { status, code: "AADSTS90002", hint: "check --tenant and --cloud" };
    return new AzureError("auth", `no tenant of cloud ${name} owns the domain ${domain}`, detail);
  }
  return new AzureError("failed", `the sign-in service does not say which tenant owns ${domain}`, {
    status,
    hint: "give the tenant's GUID as --tenant, or try again",
  });
}

interface Asking {
  /** Again after a lost answer or a throttled one. */
  isRepeated?: boolean;
  /** How long one answer may take. */
  timeoutMs?: number;
}

/** Any answer counts, refusals and redirects too: what is wanted is often in the refusal. */
export async function getUnsigned(
  url: string,
  run: RunOptions,
  { isRepeated = true, timeoutMs = ANSWER_TIMEOUT_MS }: Asking = {},
): Promise<PipelineResponse> {
  const httpClient = httpClientFor(run);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(abortPolicy(run.signal));
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "azwise" }));
  pipeline.addPolicy(throttlePolicy({ ...run, isRead: () => isRepeated }), { phase: "Retry" });
  pipeline.addPolicy(answerTimeoutPolicy(timeoutMs), { afterPhase: "Retry" });
  pipeline.addPolicy(requestLogPolicy(run.log), { afterPhase: "Retry" });
  const headers = createHttpHeaders({ accept: "application/json" });
  return pipeline.sendRequest(httpClient, createPipelineRequest({ method: "GET", url, headers }));
}

function issuerOf(text: string): string {
  try {
    return String((JSON.parse(text) as Record<string, unknown>)["issuer"] ?? "");
  } catch (cause) {
    throw new AppError("failed", "the sign-in service answered something that is not JSON", {
      hint: "check that no proxy or portal answers in its place, and --cloud",
      cause,
    });
  }
}
