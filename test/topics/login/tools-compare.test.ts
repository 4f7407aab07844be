import { describe, expect, test } from "vitest";
import type { Principal } from "../../../src/azure/login-ports.ts";
import { compareTool, type Agreement, type Own } from "../../../src/topics/login/tools-compare.ts";
import type { ToolPrincipal, ToolTarget } from "../../../src/topics/login/tools-reading.ts";

const HERE = "a0000000-0000-4000-8000-00000000000a";
const ELSEWHERE = "b0000000-0000-4000-8000-00000000000b";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const APP = "a1000000-0000-4000-8000-00000000000a";
const OBJECT = "a2000000-0000-4000-8000-00000000000a";
const OTHER_ID = "b2000000-0000-4000-8000-00000000000b";

const JOB: Principal = { kind: "service principal", id: OBJECT, name: APP, appId: APP };
const ADA: Principal = { kind: "user", id: OBJECT, name: "ada@contoso.com", appId: APP };
const GUEST: Principal = { ...ADA, name: "ada_contoso.com#EXT#@fabrikam.com" };
const UNTOLD: Principal = { kind: "unknown", id: OBJECT, name: APP, appId: APP };
const OPAQUE: Principal = { kind: "unknown", id: undefined, name: undefined, appId: undefined };

const OWN: Own = { cloud: "public", tenantId: HERE, subscriptionId: SUBSCRIPTION, principal: ADA };

function compare(target: ToolTarget, own: Partial<Own> = {}): Agreement {
  return compareTool({ tool: "az", from: "a file", state: "in use", target }, { ...OWN, ...own });
}

const YES: Agreement = { agrees: true, differs: [], reason: undefined };
const no = (...differs: string[]): Agreement => ({ agrees: false, differs, reason: undefined });
const because = (reason: string): Agreement => ({ agrees: undefined, differs: [], reason });

test.each<[string, ToolTarget, Agreement]>([
  ["the same tenant", { tenant: HERE }, YES],
  ["the same tenant in capitals", { tenant: HERE.toUpperCase() }, YES],
  ["another tenant", { tenant: ELSEWHERE }, no("tenant")],
  ["a tenant that any user brings along", { tenant: "common" }, because("common names no single tenant")],
  [
    "a domain that Entra does not know",
    { tenant: "x.example", tenantUnsure: "no tenant owns the domain x.example" },
    because("no tenant owns the domain x.example"),
  ],
  ["the same subscription", { subscription: SUBSCRIPTION.toUpperCase() }, YES],
  ["another subscription", { subscription: OTHER_ID }, no("subscription")],
  ["a subscription's name", { subscription: "prod" }, because("prod is not the id of a subscription")],
  ["another cloud", { cloud: "usgov", tenant: HERE }, no("cloud")],
  ["the same cloud", { cloud: "public" }, YES],
  ["a custom cloud, named by each tool for itself", { cloud: "hub", tenant: HERE }, YES],
  ["all of it elsewhere", { tenant: ELSEWHERE, subscription: OTHER_ID }, no("tenant", "subscription")],
  ["nothing", {}, because("it names nothing that could be compared")],
  ["a difference beside something unsure", { tenant: ELSEWHERE, subscription: "prod" }, no("tenant")],
  [
    "a match beside something unsure",
    { tenant: HERE, subscription: "prod" },
    because("prod is not the id of a subscription"),
  ],
])("a tool that names %s", (_, target, agreement) => {
  expect(compare(target)).toEqual(agreement);
});

test("a subscription that only one side names is no disagreement", () => {
  const own = { subscriptionId: undefined };

  expect(compare({ tenant: HERE, subscription: OTHER_ID }, own)).toEqual(YES);
  expect(compare({ tenant: HERE })).toEqual(YES);
});

test("the sandbox is no cloud of another tool, so that only ids are compared", () => {
  expect(compare({ cloud: "public", tenant: HERE }, { cloud: "sandbox" })).toEqual(YES);
});

test.each(["not in use", "unknown"] as const)("a tool that is %s says why", (state) => {
  const agreement = compareTool({ tool: "az", from: "a file", state, reason: "half-written" }, OWN);

  expect(agreement).toEqual(because("half-written"));
});

describe("whose sign-in it is:", () => {
  const ada: ToolPrincipal = { by: "sign-in name", value: "Ada@contoso.com" };
  const bob: ToolPrincipal = { by: "sign-in name", value: "bob@contoso.com" };
  const app: ToolPrincipal = { by: "client id", value: APP.toUpperCase() };
  const otherApp: ToolPrincipal = { by: "client id", value: OTHER_ID };
  const object: ToolPrincipal = { by: "object id", value: OBJECT, tenantId: HERE };
  const otherObject: ToolPrincipal = { ...object, value: OTHER_ID };
  const guestObject: ToolPrincipal = { ...otherObject, tenantId: ELSEWHERE };
  const incomplete: ToolPrincipal = { ...otherApp, unsure: "no secret" };
  const machine: ToolPrincipal = { by: "nothing", value: "managed identity", unsure: "not probed" };
  const opaque = because("the token is opaque and does not say whose it is");
  const untold = because("the token does not say whether it is a person's or an application's");

  test.each<[string, ToolPrincipal, Principal, Agreement]>([
    ["the same person, in another case", ada, ADA, YES],
    ["another person", bob, ADA, no("principal")],
    ["a person, and azwise is an application", ada, JOB, no("principal")],
    [
      "a person, and azwise is a guest",
      bob,
      GUEST,
      because("a guest has another sign-in name in each tenant"),
    ],
    ["the same application", app, JOB, YES],
    ["the same application as a managed identity", app, { ...JOB, kind: "managed identity" }, YES],
    ["another application", otherApp, JOB, no("principal")],
    ["the application through which a person signed in", app, ADA, no("principal")],
    ["the same object", object, ADA, YES],
    ["another object of this tenant", otherObject, ADA, no("principal")],
    [
      "an object of another tenant",
      guestObject,
      ADA,
      because("a guest has another object id in each tenant"),
    ],
    ["half an application, another one", incomplete, JOB, because("no secret")],
    ["half an application, the same one", { ...app, unsure: "no secret" }, JOB, YES],
    ["whatever the machine is", machine, JOB, because("not probed")],
    ["an application, and the token is opaque", app, OPAQUE, opaque],
    ["a person, and the token is opaque", ada, OPAQUE, opaque],
    ["an object, and the token is opaque", object, OPAQUE, opaque],
    ["a person, and the token does not tell", ada, UNTOLD, untold],
    ["the application of a token that does not tell", app, UNTOLD, YES],
    ["another application than that of a token that does not tell", otherApp, UNTOLD, untold],
  ])("%s", (_, principal, own, agreement) => {
    expect(compare({ principal }, { principal: own })).toEqual(agreement);
  });
});
