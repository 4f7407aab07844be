import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { createFederatedCredential } from "../../src/azure/credential-federated.ts";
import { createSandboxClient } from "../../src/azure/sandbox-client.ts";
import type { SandboxRequest } from "../../src/sandbox/handler.ts";
import { putOnPath } from "./on-path.ts";
import { CLIENT, json, openSignIn, PUBLIC, SUBSCRIPTION, TENANT, tokenOf } from "./sign-in.ts";
import { createClock, refusalOf } from "./wire.ts";

const TOKEN_REQUEST = `POST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`;
const ARM_REQUEST = `GET https://management.azure.com/subscriptions/${SUBSCRIPTION}`;
const ASSERTION = "header.of-the-platform.signature";
const JOB_TOKEN = "job-token-not-real";

const GITHUB = {
  AZURE_CLIENT_SECRET: "",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://oidc.github.example/job/7/idtoken?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: JOB_TOKEN,
};
const PIPELINES = {
  AZURE_CLIENT_ID: "",
  AZURE_CLIENT_SECRET: "",
  AZURESUBSCRIPTION_CLIENT_ID: CLIENT,
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection 9",
  SYSTEM_ACCESSTOKEN: JOB_TOKEN,
  SYSTEM_OIDCREQUESTURI: "https://oidc.pipelines.example/plan/7/oidctoken",
};

/** Answers as both platforms do, and keeps what was asked. */
function platform(): {
  asked: SandboxRequest[];
  before(request: SandboxRequest): ReturnType<typeof json> | undefined;
} {
  const asked: SandboxRequest[] = [];
  return {
    asked,
    before(request) {
      asked.push(request);
      if (request.url.includes("github")) return json(200, { count: 9, value: ASSERTION });
      if (request.url.includes("pipelines")) return json(200, { oidcToken: ASSERTION });
      return undefined;
    },
  };
}

test("a token file is read again for each token", async () => {
  const file = join(putOnPath({}).folder, "token");
  const env = { AZURE_CLIENT_SECRET: "", AZURE_FEDERATED_TOKEN_FILE: file };
  const { asked, before } = platform();
  const world = { faults: [{ name: "expired-token" as const, match: {}, times: 1, skip: 1 }] };
  const { connect, seen } = await openSignIn({ env, before, edit: (edited) => Object.assign(edited, world) });

  writeFileSync(file, "first.file.token\n");
  const { azure } = await connect();
  writeFileSync(file, "second.file.token\n");
  await azure.subscriptions.get(SUBSCRIPTION);

  expect(seen).toEqual([TOKEN_REQUEST, ARM_REQUEST, ARM_REQUEST, TOKEN_REQUEST, ARM_REQUEST]);
  expect(assertionsIn(asked)).toEqual(["first.file.token", "second.file.token"]);
});

test("a token of another kind is asked for with a new assertion, too", async () => {
  const file = join(putOnPath({}).folder, "token");
  const sent: SandboxRequest[] = [];
  const httpClient = createSandboxClient(async (request) => {
    sent.push(request);
    return json(200, { access_token: tokenOf({ tid: TENANT }), expires_in: 3599 });
  });
  const credential = createFederatedCredential(
    {
      kind: "workload",
      tenantId: TENANT,
      cloud: PUBLIC,
      env: { AZURE_CLIENT_ID: CLIENT, AZURE_FEDERATED_TOKEN_FILE: file },
      azEnv: {},
      httpClient,
      azAccounts: [],
      tokens: undefined,
      stateFolder: "",
      fresh: false,
      interactive: false,
      tell: () => {},
      clock: createClock(),
      timeoutMs: 1000,
      onWait: () => {},
      signal: new AbortController().signal,
      log: () => {},
    },
    {},
  );

  writeFileSync(file, "first.file.token");
  await credential.getToken("https://management.azure.com/.default");
  writeFileSync(file, "second.file.token");
  await credential.getToken("https://vault.azure.net/.default");

  expect(assertionsIn(sent)).toEqual(["first.file.token", "second.file.token"]);
});

function assertionsIn(asked: readonly SandboxRequest[]): (string | null)[] {
  return asked
    .filter(({ url }) => url.includes("/oauth2/"))
    .map(({ body }) => new URLSearchParams(body).get("client_assertion"));
}

test("a GitHub job signs in with one more request, to GitHub's own host", async () => {
  const { asked, before } = platform();
  const { connect, seen } = await openSignIn({ env: GITHUB, before });

  const { azure } = await connect();

  expect(seen).toEqual(["GET https://oidc.github.example/job/7/idtoken", TOKEN_REQUEST, ARM_REQUEST]);
  expect(azure.target.auth).toBe("workload");
  expect(asked[0]?.url).toBe(
    "https://oidc.github.example/job/7/idtoken?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
  );
  expect(asked[0]?.headers["authorization"]).toBe(`Bearer ${JOB_TOKEN}`);
  expect(assertionsIn(asked)).toEqual([ASSERTION]);
  expect(JSON.stringify(asked.slice(1))).not.toContain(JOB_TOKEN);
});

test.each([
  ["usgov", "api://AzureADTokenExchangeUSGov"],
  ["china", "api://AzureADTokenExchangeChina"],
])("in %s GitHub is asked for a token that this cloud takes", async (name, audience) => {
  const { asked, before } = platform();
  const { connect } = await openSignIn({ env: GITHUB, before, cloud: findCloud(name, {}) });

  await connect().catch(() => undefined);

  expect(new URL(asked[0]?.url ?? "").searchParams.get("audience")).toBe(audience);
});

test("a pipeline signs in with one more request, to its own host", async () => {
  const { asked, before } = platform();
  const { connect, seen } = await openSignIn({ env: PIPELINES, before });

  const { azure } = await connect();

  expect(seen).toEqual(["POST https://oidc.pipelines.example/plan/7/oidctoken", TOKEN_REQUEST, ARM_REQUEST]);
  expect(azure.target.auth).toBe("pipelines");
  expect(asked[0]?.headers["x-tfs-fedauthredirect"]).toBe("Suppress");
  expect(asked[0]?.url).toBe(
    "https://oidc.pipelines.example/plan/7/oidctoken?api-version=7.1&serviceConnectionId=connection+9",
  );
  expect(asked[0]?.headers["authorization"]).toBe(`Bearer ${JOB_TOKEN}`);
  expect(JSON.stringify(asked.slice(1))).not.toContain(JOB_TOKEN);
});

test.each([
  ["a refusal", json(403, { message: `no, ${ASSERTION}` }), 403],
  ["an answer without a token", json(200, { other: ASSERTION }), 200],
])("%s of the platform is one line that repeats nothing of it", async (_, answer, status) => {
  const { connect, seen } = await openSignIn({ env: GITHUB, before: () => answer });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: `oidc.github.example gave no identity token (HTTP ${status})`,
    uncertain: false,
    hint: 'grant the job id-token write under "permissions" in its workflow',
  });
  expect(seen).toHaveLength(1);
});

test("a platform that names a host without TLS is not given the job's token", async () => {
  const env = { ...GITHUB, ACTIONS_ID_TOKEN_REQUEST_URL: "http://oidc.github.example/idtoken" };
  const { connect, seen } = await openSignIn({ env });

  expect(await refusalOf(connect())).toMatchObject({ kind: "failed", code: "ForeignHost" });
  expect(seen).toEqual([]);
});

test.each([
  [
    "cannot be read (ENOENT)",
    "workload",
    { AZURE_FEDERATED_TOKEN_FILE: "/nowhere/token" },
    "the federated token file /nowhere/token cannot be read (ENOENT)",
  ],
  [
    "is not allowed to ask",
    "workload",
    { GITHUB_ACTIONS: "true" },
    "this GitHub job may not ask for an identity token",
  ],
  ["has no file", "workload", {}, "AZURE_FEDERATED_TOKEN_FILE is not set"],
  [
    "has no job token",
    "workload",
    { ...GITHUB, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" },
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set",
  ],
  ["has no application", "pipelines", {}, "AZURESUBSCRIPTION_CLIENT_ID is not set"],
  [
    "has no step variable",
    "pipelines",
    { ...PIPELINES, SYSTEM_ACCESSTOKEN: "" },
    "SYSTEM_ACCESSTOKEN is not set",
  ],
  [
    "has no URL",
    "pipelines",
    { ...PIPELINES, SYSTEM_OIDCREQUESTURI: "oidc" },
    "SYSTEM_OIDCREQUESTURI is not a URL",
  ],
])("a job that %s is told so, and nothing is sent", async (_, auth, env, message) => {
  const { connect, seen } = await openSignIn({ auth, env });

  expect(await refusalOf(connect())).toMatchObject({ kind: "auth", message });
  expect(seen).toEqual([]);
});

test("an empty token file is named", async () => {
  const file = join(putOnPath({}).folder, "token");
  writeFileSync(file, "\n");
  const { connect } = await openSignIn({ auth: "workload", env: { AZURE_FEDERATED_TOKEN_FILE: file } });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: `the federated token file ${file} is empty`,
    hint: "check AZURE_FEDERATED_TOKEN_FILE",
    uncertain: false,
  });
});
