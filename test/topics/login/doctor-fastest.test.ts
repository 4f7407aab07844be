import { describe, expect, test } from "vitest";
import { findCloud } from "../../../src/azure/clouds.ts";
import type { PinMismatch } from "../../../src/azure/pin.ts";
import { findFastest } from "../../../src/topics/login/doctor-fastest.ts";
import type { LoginSeen, Machine } from "../../../src/topics/login/doctor-machine.ts";
import { SUBSCRIPTION, TENANT } from "../../harness.ts";
import { account, env, login, machine, profile, wanting } from "./doctor-machine.ts";
import { given } from "../../azure/given.ts";

const TO_TENANT = `--tenant ${TENANT}`;
const PINNED = `${TO_TENANT} --subscription ${SUBSCRIPTION}`;
const OLD: Machine["az"] = { state: "installed", version: "2.85.0" };
/** Before --certificate (2.66) and --client-id (2.69). */
const OLDER: Machine["az"] = { state: "installed", version: "2.65.0" };
const SERVICE_PRINCIPAL = 'az login --service-principal -u "$AZURE_CLIENT_ID"';
const SET = `az account set --subscription ${SUBSCRIPTION}`;

function wanted(change: Partial<LoginSeen["wanted"]>): Pick<LoginSeen, "wanted"> {
  return { wanted: { ...login().wanted, ...change } };
}

function leaving(what: PinMismatch["what"], pinned: string): PinMismatch {
  const actual = { actual: "elsewhere", actualBy: "--flag", actualKind: "flag" } as const;
  return { what, pinned, pinnedBy: "/repo/.azwise.json", ...actual };
}

test("tenant, subscription and the fast flag cost the fewest requests", () => {
  expect(findFastest(machine())).toEqual({
    azwise: `azwise login ${PINNED}`,
    az: `az login ${PINNED} --skip-subscription-discovery`,
    because: ["az-login-discovery/fast-and-pinned"],
  });
});

test("an az without the flag walks one tenant", () => {
  expect(findFastest(machine({ az: OLD }))).toEqual({
    azwise: `azwise login ${PINNED}`,
    az: `az login ${TO_TENANT} && ${SET}`,
    because: ["az-login-discovery/needs-2-86"],
  });
});

test("where nothing is named, only the tenant is missing: a walk would have to begin in one, too", () => {
  expect(findFastest(wanting({ choice: { reason: "nothing is named" } }))).toEqual({
    azwise: "azwise login --tenant <tenant>",
    az: undefined,
    because: ["az-login-discovery/skip-requires-tenant"],
  });
});

describe("az's command:", () => {
  const secret = env({ AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "s3cret" });
  const certificate = env({ AZURE_CLIENT_ID: "app", AZURE_CLIENT_CERTIFICATE_PATH: "/c.pem" });
  const federated = env({ AZURE_CLIENT_ID: "app", AZURE_FEDERATED_TOKEN_FILE: "/token" });
  const fast = `${PINNED} --skip-subscription-discovery`;
  test.each<[string, Machine, string | undefined]>([
    [
      "without a subscription asks the resource manager for nothing",
      wanting({ choice: { value: { tenant: TENANT } } }),
      `az login ${TO_TENANT} --skip-subscription-discovery`,
    ],
    [
      "would put a person in the place of the application that az is signed in as",
      machine({ profile: profile([account({ user: { name: "app", type: "servicePrincipal" } })]) }),
      undefined,
    ],
    [
      "takes no subscription's name together with the flag",
      wanting({ choice: { value: { tenant: TENANT, subscription: "Contoso Shop" } } }),
      `az login ${TO_TENANT} && az account set --subscription 'Contoso Shop'`,
    ],
    [
      "of an unknown version is the one that every version knows",
      machine({ az: { state: "unknown", reason: "?" } }),
      `az login ${TO_TENANT} && ${SET}`,
    ],
    [
      "hands a secret over through az's input",
      wanting({ auth: { value: "environment" } }, secret),
      `printf %s "$AZURE_CLIENT_SECRET" | ${SERVICE_PRINCIPAL} --password @- ${fast}`,
    ],
    [
      "takes a certificate",
      wanting({ auth: { value: "environment" } }, certificate),
      `${SERVICE_PRINCIPAL} --certificate "$AZURE_CLIENT_CERTIFICATE_PATH" ${fast}`,
    ],
    [
      "does not exist for a certificate with a password",
      wanting(
        { auth: { value: "environment" } },
        env({
          AZURE_CLIENT_ID: "app",
          AZURE_CLIENT_CERTIFICATE_PATH: "/c.pem",
          AZURE_CLIENT_CERTIFICATE_PASSWORD: "s3cret",
        }),
      ),
      undefined,
    ],
    [
      "gave a certificate as password in older versions",
      wanting({ auth: { value: "environment" } }, { ...certificate, az: OLDER }),
      `${SERVICE_PRINCIPAL} --password "$AZURE_CLIENT_CERTIFICATE_PATH" ${TO_TENANT} && ${SET}`,
    ],
    [
      "reads a federated token from its file",
      wanting({ auth: { value: "workload" } }, federated),
      `${SERVICE_PRINCIPAL} --federated-token "@$AZURE_FEDERATED_TOKEN_FILE" ${fast}`,
    ],
    [
      "does not exist where a token must be fetched first",
      wanting({ auth: { value: "workload" } }, env({ AZURE_CLIENT_ID: "app" })),
      undefined,
    ],
    ["does not exist for a service connection", wanting({ auth: { value: "pipelines" } }), undefined],
    [
      "names no tenant for a machine's own identity",
      wanting({ auth: { value: "managed" }, choice: { value: { subscription: SUBSCRIPTION } } }),
      `az login --identity && ${SET}`,
    ],
    [
      "chooses among a machine's identities",
      wanting({ auth: { value: "managed" } }, env({ AZURE_CLIENT_ID: "app" })),
      `az login --identity --client-id "$AZURE_CLIENT_ID" && ${SET}`,
    ],
    [
      "chose among them by another flag in older versions",
      wanting({ auth: { value: "managed" } }, { ...env({ AZURE_CLIENT_ID: "app" }), az: OLDER }),
      `az login --identity --username "$AZURE_CLIENT_ID" && ${SET}`,
    ],
    [
      "shows a code where one is wanted",
      wanting({ auth: { value: "device" } }),
      `az login --use-device-code ${fast}`,
    ],
    [
      "chooses the cloud first",
      wanting(wanted({ cloud: findCloud("usgov", {}) })),
      `az cloud set --name AzureUSGovernment && az login ${fast}`,
    ],
    ["does not exist in the sandbox", wanting(wanted({ cloud: findCloud("sandbox", {}) })), undefined],
    [
      "does not exist without a tenant",
      wanting({ choice: { value: { subscription: SUBSCRIPTION } } }),
      undefined,
    ],
    [
      "does not exist in another cloud than the folder's",
      wanting({ pin: { value: [leaving("cloud", "usgov")] } }),
      undefined,
    ],
    ["does not exist without az", machine({ az: { state: "missing" } }), undefined],
    ["does not exist where the target is unknown", machine({ login: { reason: "broken" } }), undefined],
    [
      "cannot be made to run something else by a pin",
      wanting({ choice: { value: { tenant: "x; rm -rf ~" } } }),
      "az login --tenant 'x; rm -rf ~' --skip-subscription-discovery",
    ],
  ])("%s", (_, given, expected) => {
    expect(findFastest(given).az).toBe(expected);
  });
});

describe("azwise's command:", () => {
  test.each<[string, Machine, string]>([
    [
      "finds the tenant of a subscription itself",
      wanting({ choice: { value: { subscription: SUBSCRIPTION } } }),
      `azwise login --subscription ${SUBSCRIPTION}`,
    ],
    [
      "looks a subscription's name up in the walk",
      wanting({ choice: { value: { tenant: "contoso.com", subscription: "it's prod" } } }),
      "azwise login --tenant contoso.com --subscription 'it'\\''s prod' --discover",
    ],
    [
      "names what is missing where the target is unknown",
      machine({ login: { reason: "broken" } }),
      "azwise login --tenant <tenant>",
    ],
    [
      "looks a name up from some tenant on",
      wanting({
        ...wanted({ tenant: undefined }),
        choice: { value: { subscription: "Shop" } },
      }),
      "azwise login --tenant <tenant> --subscription Shop --discover",
    ],
    [
      "does so from az's tenant where there is one",
      wanting({ choice: { value: { subscription: "Shop" } } }),
      "azwise login --subscription Shop --discover",
    ],
    [
      "goes where the folder is pinned to",
      wanting({ pin: { value: [leaving("tenant", "contoso.com")] }, choice: { value: { tenant: TENANT } } }),
      "azwise login --tenant contoso.com",
    ],
    [
      "goes to the cloud that the folder is pinned to",
      wanting({
        ...wanted({ cloudFrom: "--cloud", cloudBy: "flag" }),
        pin: { value: [leaving("cloud", "usgov")] },
      }),
      `azwise login ${PINNED} --cloud usgov`,
    ],
    [
      "does not repeat a credential that does not exist",
      wanting({ ...wanted({ auth: given("foo", "--auth") }), auth: { reason: "no --auth foo" } }),
      `azwise login ${PINNED}`,
    ],
    [
      "repeats what was typed",
      wanting(
        wanted({
          cloud: findCloud("china", {}),
          cloudFrom: "--cloud",
          cloudBy: "flag",
          auth: given("device", "--auth"),
        }),
      ),
      `azwise login ${PINNED} --cloud china --auth device`,
    ],
    [
      "stays in the sandbox of the active context",
      wanting(
        wanted({ cloud: findCloud("sandbox", {}), cloudFrom: "context rehearsal", cloudBy: "context" }),
      ),
      `azwise login ${PINNED} --cloud sandbox`,
    ],
    [
      "opens a browser where az is missing and nothing else is set",
      machine({ az: { state: "missing" } }),
      `azwise login ${PINNED} --auth browser`,
    ],
    [
      "does so where az was asked for by name",
      wanting(wanted({ auth: given("cli", "--auth") }), { az: { state: "missing" } }),
      `azwise login ${PINNED} --auth browser`,
    ],
    [
      "opens one where nobody is signed in to az",
      machine({ profile: profile([], { state: "broken" }) }),
      `azwise login ${PINNED} --auth browser`,
    ],
    [
      "shows a code where the browser is elsewhere",
      machine({ ...env({ SSH_CONNECTION: "10.0.0.1 50000 10.0.0.2 22" }), profile: profile([]) }),
      `azwise login ${PINNED} --auth device`,
    ],
    [
      "asks nobody in a job",
      machine({ ...env({ CI: "true" }), profile: profile([]) }),
      `azwise login ${PINNED}`,
    ],
    [
      "does not where variables sign in",
      wanting({ auth: { value: "environment" } }, { az: { state: "missing" } }),
      `azwise login ${PINNED}`,
    ],
  ])("%s", (_, given, expected) => {
    expect(findFastest(given).azwise).toBe(expected);
  });
});
