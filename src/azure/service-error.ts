import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { ErrorKind } from "../errors.ts";
import { AzureError } from "./azure-error.ts";

interface Envelope {
  code: string | undefined;
  message: string | undefined;
  details: unknown[];
}

/** Codes that only wrap the real one, which is in the first detail. */
const WRAPPERS = new Set(["ResourceDeploymentFailure", "ResourceOperationFailure", "DeploymentFailed"]);

/** Turns an HTTP refusal into an AzureError that keeps the service's code, message and request id. */
export function errorFromResponse(response: PipelineResponse): AzureError {
  const { code, message } = readEnvelope(response.bodyAsText ?? "");
  const { status } = response;
  const requestId = response.headers.get("x-ms-request-id");
  const uncertain = status >= 500 && response.request.method !== "GET";
  return new AzureError(kindOf(status, code), message ?? `the service answered HTTP ${status}`, {
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...hintFor(status, code, message),
    status,
    uncertain,
  });
}

/** Reads `{error:{…}}`, Compute's bare `{code,…}`, and PascalCase variants; survives anything else. */
export function readEnvelope(text: string): Envelope {
  const body = parseObject(text);
  const inner = asObject(field(body, "error")) ?? body;
  const envelope = {
    code: asText(field(inner, "code")),
    message: asText(field(inner, "message")),
    details: asArray(field(inner, "details")),
  };
  const detail = asObject(envelope.details[0]);
  if (envelope.code !== undefined && WRAPPERS.has(envelope.code) && detail)
    return readDetail(detail, envelope);
  return envelope;
}

function readDetail(detail: Record<string, unknown>, outer: Envelope): Envelope {
  const message = asText(field(detail, "message"));
  const nested = message?.startsWith("{") ? readEnvelope(message) : undefined;
  return {
    code: nested?.code ?? asText(field(detail, "code")) ?? outer.code,
    message: nested?.message ?? message ?? outer.message,
    details: [],
  };
}

function kindOf(status: number, code: string | undefined): ErrorKind {
  if (status === 401) return "auth";
  if (status === 403) return code === "RequestDisallowedByPolicy" ? "failed" : "auth";
  if (code === "SubscriptionNotFound" || code === "InvalidSubscriptionId") return "auth";
  return "failed";
}

function hintFor(status: number, code: string | undefined, message = ""): { hint?: string } {
  const action = /perform action '([^']+)'/.exec(message)?.[1];
  const scope = /over scope '([^']+)'/.exec(message)?.[1];
  if (action !== undefined && scope !== undefined)
    return { hint: `ask for a role with ${action} on ${scope}` };
  const issuer = /sts\.windows\.net\/([0-9a-f-]{36})\/?'? associated/i.exec(message)?.[1];
  if (code === "InvalidAuthenticationTokenTenant" && issuer !== undefined) {
    return { hint: `the subscription belongs to tenant ${issuer}; use --tenant ${issuer}` };
  }
  if (code === "SubscriptionNotFound") {
    return { hint: "check --subscription, and that this identity may see it in this tenant" };
  }
  if (status === 401) return { hint: "sign in again, or check --auth and --tenant" };
  return {};
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Front doors answer HTML or plain text; the status is all there is to report then.
    return undefined;
  }
}

/** Some providers answer `{"Error":{"Code":…}}`, so names are looked up without regard to case. */
function field(object: Record<string, unknown> | undefined, name: string): unknown {
  if (!object) return undefined;
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : object[key];
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
