import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  createDefaultHttpClient,
  proxyPolicy,
  userAgentPolicy,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { AppError } from "../errors.ts";
import { AzureError } from "./azure-error.ts";
import type { Cloud } from "./clouds.ts";
import type { RunOptions } from "./connect.ts";
import type { LoginPort } from "./login-ports.ts";
import { ANSWER_TIMEOUT_MS } from "./pipeline.ts";
import { abortPolicy, allowHostsPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import { requireUsableProxy } from "./proxy.ts";
import { SUBSCRIPTIONS_API } from "./subscriptions.ts";
import { throttlePolicy } from "./throttle.ts";

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

type Unsigned = Pick<LoginPort, "findHomeTenant" | "findTenantId" | "readServerTime">;

/** What the services tell anybody, without a token. */
export function createUnsignedRequests(cloud: Cloud, run: RunOptions): Unsigned {
  const armUrl = (path: string): string => `${cloud.resourceManager}${path}?api-version=${SUBSCRIPTIONS_API}`;
  return {
    async findHomeTenant(subscriptionId) {
      const response = await get(armUrl(`/subscriptions/${subscriptionId}`), run);
      const challenge = response.headers.get("www-authenticate") ?? "";
      const tenant = GUID.exec(/authorization_uri="([^"]+)"/i.exec(challenge)?.[1] ?? "")?.[0];
      if (response.status === 401 && tenant !== undefined) return tenant.toLowerCase();
      throw new AzureError("auth", `no tenant is known for subscription ${subscriptionId}`, {
        status: response.status,
        hint: "check --subscription and --cloud, or give --tenant",
      });
    },
    async findTenantId(domain) {
      const url = `${cloud.authority}/${domain}/v2.0/.well-known/openid-configuration`;
      const { status, bodyAsText } = await get(url, run);
      const tenant = status === 200 ? GUID.exec(issuerOf(bodyAsText ?? ""))?.[0] : undefined;
      if (tenant !== undefined) return tenant.toLowerCase();
      throw new AzureError("auth", `no tenant owns the domain ${domain}`, {
        status,
        code: "AADSTS90002",
        hint: "check --tenant and --cloud",
      });
    },
    async readServerTime() {
      const { headers } = await get(armUrl("/"), run);
      const time = Date.parse(headers.get("date") ?? "");
      return Number.isNaN(time) ? undefined : new Date(time);
    },
  };
}

/** Any answer counts, refusals too: what is wanted is often in the refusal. */
async function get(url: string, run: RunOptions): Promise<PipelineResponse> {
  if (!run.httpClient) requireUsableProxy(run.env);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(abortPolicy(run.signal));
  pipeline.addPolicy(allowHostsPolicy([new URL(url).host]));
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "azwise" }));
  pipeline.addPolicy(throttlePolicy({ ...run, isRead: () => true }), { phase: "Retry" });
  pipeline.addPolicy(answerTimeoutPolicy(ANSWER_TIMEOUT_MS), { afterPhase: "Retry" });
  pipeline.addPolicy(requestLogPolicy(run.log), { afterPhase: "Retry" });
  const headers = createHttpHeaders({ accept: "application/json" });
  return pipeline.sendRequest(
    run.httpClient ?? createDefaultHttpClient(),
    createPipelineRequest({ method: "GET", url, headers }),
  );
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
