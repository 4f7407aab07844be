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
  const envelope = readEnvelope(response.bodyAsText ?? "");
  const code = withoutToken(envelope.code, response);
  const message = withoutToken(envelope.message, response);
  const { status } = response;
  const requestId = response.headers.get("x-ms-request-id");
  const uncertain = status >= 500 && response.request.method !== "GET";
  const said =
    code === WRONG_TENANT
      ? wrongTenant(response, message)
      : { message: message ?? `the service answered HTTP ${status}`, ...hintFor(status, code, message) };
  return new AzureError(kindOf(status, code), said.message, {
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(said.hint === undefined ? {} : { hint: said.hint }),
    status,
    uncertain,
  });
}

/** Reads `{error:{…}}`, a registry's `{errors:[…]}`, Compute's bare `{code,…}`, and PascalCase variants; survives anything else. */
export function readEnvelope(text: string): Envelope {
  const body = parseObject(text);
  const inner = asObject(field(body, "error")) ?? asObject(asArray(field(body, "errors"))[0]) ?? body;
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
  if (code === "SubscriptionNotFound") {
    return { hint: "check --subscription, and that this identity may see it in this tenant" };
  }
  if (code === "ExpiredAuthenticationToken") {
    return { hint: "check this machine's clock (azwise login doctor), then run azwise login" };
  }
  if (status === 403 && code === "DENIED") {
    return {
      hint: "the registry lets no client in from here: ask from inside its network, or see its network rules",
    };
  }
  if (status === 401 && code === "UNAUTHORIZED") {
    return { hint: "ask for a role that may pull from this registry, such as AcrPull, or check --tenant" };
  }
  if (status === 401) return { hint: "sign in again, or check --auth and --tenant" };
  return {};
}

const WRONG_TENANT = "InvalidAuthenticationTokenTenant";
/** ARM says it in a paragraph; the challenge and the paragraph name both tenants (azure-wire/wrong-tenant-401). */
function wrongTenant({ headers, request }: PipelineResponse, text = ""): { message: string; hint: string } {
  const home = tenantInChallenge(headers) ?? guidIn(/must match [^']*'([^']*)'/.exec(text)?.[1]);
  const used = guidIn(/wrong issuer '([^']*)'/.exec(text)?.[1]);
  const id = guidIn(/\/subscriptions\/([^/?]*)/i.exec(request.url)?.[1]);
  const subject = id === undefined ? "the subscription" : `subscription ${id}`;
  if (home === undefined) {
    return { message: `${subject} belongs to another tenant`, hint: "check --subscription and --tenant" };
  }
  const other = used === undefined ? "" : `, not to ${used}`;
  return { message: `${subject} belongs to tenant ${home}${other}`, hint: `use --tenant ${home}` };
}

/** The home tenant of what was asked for, as ARM names it in a 401; undefined when it names none. */
export function tenantInChallenge(headers: PipelineResponse["headers"]): string | undefined {
  return guidIn(/authorization_uri="([^"]*)"/i.exec(headers.get("www-authenticate") ?? "")?.[1]);
}

/** The first GUID in a text, in lower case. */
export function guidIn(text = ""): string | undefined {
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0].toLowerCase();
}

/** A service may repeat what it was sent, and a token that is no JWT cannot be told by its looks. */
function withoutToken(text: string | undefined, { request }: PipelineResponse): string | undefined {
  const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
  const sent = [
    request.headers.get("authorization")?.replace(/^Bearer /, ""),
    form.get("access_token"),
    form.get("refresh_token"),
  ];
  return sent.reduce<string | undefined>(
    (left, token) => (token ? left?.replaceAll(token, "***") : left),
    text,
  );
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
