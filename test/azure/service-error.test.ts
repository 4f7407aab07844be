import { createHttpHeaders, createPipelineRequest, type HttpMethods } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { errorFromResponse, readEnvelope } from "../../src/azure/service-error.ts";

const TENANT = "b0000000-0000-4000-8000-00000000000b";

interface Refusal {
  status: number;
  body?: unknown;
  method?: HttpMethods;
  headers?: Record<string, string>;
}

function errorOf({ status, body = "", method = "GET", headers = {} }: Refusal): Record<string, unknown> {
  const { kind, message, code, hint, requestId, uncertain } = errorFromResponse({
    request: createPipelineRequest({ url: "https://management.azure.com/x", method }),
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

test("a policy's refusal is no matter of signing in", () => {
  const body = { error: { code: "RequestDisallowedByPolicy", message: "m" } };

  expect(errorOf({ status: 403, body })).toMatchObject({ kind: "failed" });
});

test("a token of the wrong tenant leads to the right one", () => {
  const message = `The access token is from the wrong issuer 'https://sts.windows.net/a0000000-0000-4000-8000-00000000000a/'. It must match the tenant 'https://sts.windows.net/${TENANT}/' associated with this subscription.`;

  expect(
    errorOf({ status: 401, body: { error: { code: "InvalidAuthenticationTokenTenant", message } } }),
  ).toEqual({
    kind: "auth",
    message,
    code: "InvalidAuthenticationTokenTenant",
    hint: `the subscription belongs to tenant ${TENANT}; use --tenant ${TENANT}`,
  });
});

test("any other 401 is a matter of signing in", () => {
  expect(
    errorOf({ status: 401, body: { error: { code: "ExpiredAuthenticationToken", message: "m" } } }),
  ).toEqual({
    kind: "auth",
    message: "m",
    code: "ExpiredAuthenticationToken",
    hint: "sign in again, or check --auth and --tenant",
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
