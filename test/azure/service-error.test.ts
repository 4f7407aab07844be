import { createHttpHeaders, createPipelineRequest, type HttpMethods } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { errorFromResponse, readEnvelope } from "../../src/azure/service-error.ts";

const TENANT = "b0000000-0000-4000-8000-00000000000b";
const OTHER = "a0000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

interface Refusal {
  status: number;
  body?: unknown;
  method?: HttpMethods;
  headers?: Record<string, string>;
  url?: string;
  /** What the request carried. */
  sent?: ReturnType<typeof createHttpHeaders>;
}

function errorOf({ status, body = "", headers = {}, ...request }: Refusal): Record<string, unknown> {
  const { method = "GET", url = "https://management.azure.com/x", sent } = request;
  const { kind, message, code, hint, requestId, uncertain } = errorFromResponse({
    request: createPipelineRequest({ url, method, ...(sent ? { headers: sent } : {}) }),
    status,
    headers: createHttpHeaders(headers),
    bodyAsText: typeof body === "string" ? body : JSON.stringify(body),
  });
  const facts = { kind, message, code, hint, requestId, uncertain: uncertain || undefined };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

test.each([
  ["the usual envelope", { error: { code: "C", message: "m", details: [] } }],
  ["Compute's bare one", { code: "C", message: "m", details: [{ code: "D", message: "d" }] }],
  ["capitals", { Error: { Code: "C", Message: "m" } }],
  ["an array of details that are no objects", { error: { code: "C", message: "m", details: ["x", null] } }],
])("code and message are read from %s", (_, body) => {
  expect(errorOf({ status: 409, body })).toEqual({ kind: "failed", message: "m", code: "C" });
});

test.each([
  ["a page", "<html><body>502 Bad Gateway</body></html>"],
  ["nothing", ""],
  ["null", "null"],
  ["a list", "[1]"],
  ["a text", '"no"'],
  ["an empty envelope", { error: {} }],
  ["an error that is no object", { error: "no" }],
])("%s leaves only the status to report", (_, body) => {
  expect(errorOf({ status: 418, body })).toEqual({
    kind: "failed",
    message: "the service answered HTTP 418",
  });
});

test.each([
  ["a wrapper's detail", { code: "AllocationFailed", message: "no capacity" }],
  [
    "JSON inside a wrapper's detail",
    { code: "Conflict", message: '{"error":{"code":"AllocationFailed","message":"no capacity"}}' },
  ],
])("the real code is taken out of %s", (_, detail) => {
  const text = JSON.stringify({
    error: { code: "ResourceDeploymentFailure", message: "failed", details: [detail] },
  });

  expect(readEnvelope(text)).toEqual({ code: "AllocationFailed", message: "no capacity", details: [] });
});

test("a wrapper without details is reported itself", () => {
  expect(readEnvelope('{"error":{"code":"DeploymentFailed","message":"m"}}')).toEqual({
    code: "DeploymentFailed",
    message: "m",
    details: [],
  });
});

test("a missing permission names the action and the scope to ask for", () => {
  const message =
    "The client 'app' with object id 'oid' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/write' over scope '/subscriptions/s/resourceGroups/rg' or the scope is invalid.";

  expect(errorOf({ status: 403, body: { error: { code: "AuthorizationFailed", message } } })).toEqual({
    kind: "auth",
    message,
    code: "AuthorizationFailed",
    hint: "ask for a role with Microsoft.Compute/virtualMachines/write on /subscriptions/s/resourceGroups/rg",
  });
});

test.each(["SubscriptionNotFound", "InvalidSubscriptionId"])("%s is a matter of who is signed in", (code) => {
  expect(errorOf({ status: 404, body: { error: { code, message: "m" } } })).toMatchObject({ kind: "auth" });
});

test("a policy's refusal is no matter of signing in", () => {
  const body = { error: { code: "RequestDisallowedByPolicy", message: "m" } };

  expect(errorOf({ status: 403, body })).toMatchObject({ kind: "failed" });
});

const PARAGRAPH = `The access token is from the wrong issuer 'https://sts.windows.net/${OTHER}/'. It must match the tenant 'https://sts.windows.net/${TENANT}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${TENANT}' to get the token.`;
const CHALLENGE = `Bearer authorization_uri="https://login.windows.net/${TENANT}", error="invalid_token", error_description="Words."`;

test.each([
  ["its paragraph", PARAGRAPH, {}, `, not to ${OTHER}`],
  [
    "a paragraph with several tenants",
    PARAGRAPH.replace("the tenant '", "one of the tenants '").replace(`${TENANT}/'`, `${TENANT}/,x'`),
    {},
    `, not to ${OTHER}`,
  ],
  ["the challenge", "Words.", { "www-authenticate": CHALLENGE }, ""],
])("a token of the wrong tenant leads to the right one by %s", (_, message, headers, other) => {
  const url = `https://management.azure.com/subscriptions/${SUBSCRIPTION}/resourceGroups?api-version=1`;
  const body = { error: { code: "InvalidAuthenticationTokenTenant", message } };

  expect(errorOf({ status: 401, body, headers, url })).toEqual({
    kind: "auth",
    message: `subscription ${SUBSCRIPTION} belongs to tenant ${TENANT}${other}`,
    code: "InvalidAuthenticationTokenTenant",
    hint: `use --tenant ${TENANT}`,
  });
});

test("a token of the wrong tenant is called that where the right one is not named", () => {
  const body = { error: { code: "InvalidAuthenticationTokenTenant", message: "Words." } };

  expect(errorOf({ status: 401, body })).toMatchObject({
    message: "the subscription belongs to another tenant",
    hint: "check --subscription and --tenant",
  });
});

test.each([
  ["ExpiredAuthenticationToken", "check this machine's clock (azwise login doctor), then run azwise login"],
  ["AuthenticationFailed", "sign in again, or check --auth and --tenant"],
])("%s is a matter of signing in", (code, hint) => {
  const refusal = { kind: "auth", message: "m", code, hint };

  expect(errorOf({ status: 401, body: { error: { code, message: "m" } } })).toEqual(refusal);
});

test("the token that was sent is not repeated, whatever it looks like", () => {
  const headers = createHttpHeaders({ authorization: "Bearer opaque/token+1" });
  const body = { error: { code: "Bad-opaque/token+1", message: "opaque/token+1 was sent" } };
  const text = JSON.stringify(body).replaceAll("+", String.raw`\u002B`);

  expect(errorOf({ status: 400, body: text, sent: headers })).toMatchObject({
    code: "Bad-***",
    message: "*** was sent",
  });
});

test("the request id is kept for the support ticket", () => {
  expect(errorOf({ status: 500, headers: { "x-ms-request-id": "id-1" } })).toEqual({
    kind: "failed",
    message: "the service answered HTTP 500",
    requestId: "id-1",
  });
});

test.each(["PUT", "PATCH", "POST", "DELETE"] as const)(
  "a 5xx leaves open whether a %s took effect",
  (method) => {
    expect(errorOf({ status: 502, method })).toMatchObject({ uncertain: true });
    expect(errorOf({ status: 409, method })).not.toHaveProperty("uncertain");
  },
);
