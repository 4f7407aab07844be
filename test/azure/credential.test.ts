import { RestError, type HttpClient } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { chooseAuth } from "../../src/azure/auth-kind.ts";
import { errorFromSignIn } from "../../src/azure/sign-in-error.ts";
import { findCloud } from "../../src/azure/clouds.ts";
import { json, openSignIn, PUBLIC, SECRET, TENANT } from "./sign-in.ts";
import { doublings, refusalOf } from "./wire.ts";

const LOGIN = "login.microsoftonline.com";

function refused(code: number): { error: string; error_description: string; error_codes: number[] } {
  return {
    error: "invalid_client",
    error_description: `AADSTS${code}: Words of Entra. Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-21 08:00:00Z`,
    error_codes: [code],
  };
}

test.each([
  [50076, 400, `multi-factor authentication is required: run az login --tenant ${TENANT}`],
  [50079, 400, `enrol for multi-factor authentication: run az login --tenant ${TENANT}`],
  [50078, 400, "the multi-factor sign-in expired: sign in again"],
  [70043, 400, "the sign-in expired under the tenant's sign-in frequency: sign in again"],
  [50173, 400, "the sign-in was revoked: sign in again"],
  [700082, 400, "the sign-in was unused for too long: sign in again"],
  [70008, 400, "the sign-in expired: sign in again"],
  [
    53003,
    400,
    "Conditional Access blocks this sign-in; retrying does not help, ask the tenant's administrator",
  ],
  [530003, 400, "Conditional Access demands a managed device; retrying does not help"],
  [65001, 400, "an administrator must consent to this application"],
  [90002, 400, "no such tenant: check --tenant and --cloud"],
  [700016, 400, "this application does not exist in the tenant: check AZURE_CLIENT_ID and --tenant"],
  [7000215, 401, "the client secret is wrong: use the secret's value, not its id"],
  [7000222, 401, "the client secret has expired: make a new one"],
  [700213, 401, "the federated credential does not match this subject: correct it on the application"],
  [70021, 401, "the federated credential does not match this subject: correct it on the application"],
  [700024, 401, "the federated assertion is outside its validity: check the clock, ask for a new one"],
  [700027, 401, "the certificate is not registered on the application, or has expired"],
  [99999, 400, "see the code at https://login.microsoftonline.com/error"],
])("AADSTS%i is one line with its advice, asked only once", async (code, status, hint) => {
  const { connect, seen } = await openSignIn({ before: () => json(status, refused(code)) });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: "sign-in was refused",
    code: `AADSTS${code}`,
    uncertain: false,
    hint,
  });
  expect(seen).toHaveLength(1);
});

test("the sandbox's Entra refuses a wrong secret in the same way, and the secret is not repeated", async () => {
  const { connect } = await openSignIn({ env: { AZURE_CLIENT_SECRET: "guessed-wrong" } });

  const refusal = await refusalOf(connect());

  expect(refusal).toMatchObject({ kind: "auth", code: "AADSTS7000215" });
  expect(JSON.stringify(refusal)).not.toContain("guessed-wrong");
});

test.each([
  ["without Retry-After", {}, [0]],
  ["with Retry-After", { "retry-after": "2" }, [0]],
])("a throttled sign-in %s waits and asks again", async (_, headers, pauses) => {
  let tries = 0;
  const { connect, clock } = await openSignIn({
    before({ url }) {
      if (!url.includes("/oauth2/")) return undefined;
      tries += 1;
      return tries === 1 ? json(429, { error: "temporarily_unavailable" }, headers) : undefined;
    },
  });

  await connect();

  expect(tries).toBe(2);
  expect(doublings(clock.slept)).toEqual(pauses);
});

test("a sign-in service that stays broken is not taken for a refusal", async () => {
  const { connect, seen } = await openSignIn({
    before: () => ({ status: 503, headers: { "content-type": "text/html" }, body: "<html>" }),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "failed",
    message: `${LOGIN} answered HTTP 503`,
    status: 503,
    uncertain: false,
    hint: "try again later",
  });
  expect(seen).toHaveLength(4);
});

test("a page in the place of a token is named as such", async () => {
  const { connect } = await openSignIn({
    before: () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<html>sign in to Wi-Fi" }),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "failed",
    message: `${LOGIN} answered HTTP 200 with something that is not JSON`,
    status: 200,
    uncertain: false,
    hint: "check that no proxy or portal answers in its place, and --cloud",
  });
});

test.each([
  ["SELF_SIGNED_CERT_IN_CHAIN", `the certificate of ${LOGIN} is not trusted`, 1],
  ["ENOTFOUND", `cannot reach ${LOGIN}`, 4],
])("%s on the way to the sign-in is reported as itself, not reworded", async (code, message, requests) => {
  let sent = 0;
  const httpClient: HttpClient = {
    async sendRequest(request) {
      sent += 1;
      throw new RestError("broke", { code, request });
    },
  };
  const { connect } = await openSignIn({ httpClient });

  expect(await refusalOf(connect())).toMatchObject({ kind: "failed", message, code });
  expect(sent).toBe(requests);
});

test("a lost answer to a token request is asked for again, as that changes nothing", async () => {
  const { connect, seen } = await openSignIn({
    edit: (world) => {
      world.faults = [{ name: "lost-after", match: { path: "/oauth2/" }, times: 1, skip: 0 }];
    },
  });

  await connect();

  expect(seen.filter((line) => line.includes("/oauth2/"))).toHaveLength(2);
});

test("a redirect does not carry the secret to another host", async () => {
  const { connect, seen } = await openSignIn({
    before: () => ({ status: 307, headers: { location: "https://attacker.example/token" }, body: "" }),
  });

  expect(await refusalOf(connect())).toMatchObject({
    kind: "failed",
    message: `${LOGIN} answered HTTP 307 with something that is not JSON`,
  });
  expect(seen).toEqual([`POST https://${LOGIN}/${TENANT}/oauth2/v2.0/token`]);
});

test("a step-up challenge is answered once with a new token", async () => {
  const { connect, seen } = await openSignIn({
    edit: (world) => {
      world.faults = [{ name: "claims-challenge", match: {}, times: 1, skip: 0 }];
    },
  });

  await connect();

  expect(seen.map((line) => line.split(" ")[0])).toEqual(["POST", "GET", "POST", "GET"]);
});

test.each([
  [
    "This credential doesn't support claims challenges. To authenticate with the required claims, please run the following command: az login --claims-challenge eyJh --scope https://management.azure.com/.default",
    "Azure asks for a stronger sign-in",
    `run az login --claims-challenge eyJh --scope https://management.azure.com/.default --tenant ${TENANT}`,
  ],
  [
    "Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions and then, once installed, authenticate to your Azure account using 'az login'.",
    "the Azure CLI is not installed",
    "install the Azure CLI, or set AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
  ],
  [
    "Please run 'az login' from a command prompt to authenticate before using this credential.",
    "az is not signed in",
    `run az login --tenant ${TENANT}`,
  ],
  ["something new\nand more of it", "something new", "check --auth, --tenant and the AZURE_* variables"],
])("what the az credential says (%#) becomes one line", async (text, message, hint) => {
  const thrown = Promise.reject(errorFromSignIn(new Error(text), TENANT));

  expect(await refusalOf(thrown)).toEqual({ kind: "auth", message, hint, uncertain: false });
});

test.each([
  ["auto", { AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: SECRET }, "environment"],
  ["auto", { AZURE_CLIENT_ID: "c", AZURE_CLIENT_CERTIFICATE_PATH: "/c.pem" }, "environment"],
  ["auto", { AZURE_CLIENT_ID: "c" }, "cli"],
  ["auto", { AZURE_CLIENT_SECRET: SECRET }, "cli"],
  ["auto", { AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" }, "cli"],
  ["auto", {}, "cli"],
  ["cli", { AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: SECRET }, "cli"],
  ["environment", {}, "environment"],
])("--auth %s with %o is %s", (asked, env, kind) => {
  expect(chooseAuth(asked, { cloud: PUBLIC, env })).toBe(kind);
});

test("the sandbox signs in by itself, whatever is asked for", () => {
  const env = { AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: SECRET };

  expect(chooseAuth("environment", { cloud: findCloud("sandbox", {}), env })).toBe("sandbox");
});

test("an unknown kind of sign-in is wrong usage", () => {
  expect(() => chooseAuth("magic", { cloud: PUBLIC, env: {} })).toThrow("--auth magic is not available");
});

test.each([
  ["AZURE_CLIENT_ID", { AZURE_CLIENT_ID: "" }],
  ["AZURE_CLIENT_SECRET", { AZURE_CLIENT_SECRET: "" }],
])("--auth environment without %s says what to set", async (name, env) => {
  const { connect, seen } = await openSignIn({ auth: "environment", env });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: `${name} is not set`,
    hint: `set ${name}, or use --auth cli after az login`,
  });
  expect(seen).toEqual([]);
});
