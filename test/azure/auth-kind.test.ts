import { expect, test } from "vitest";
import { chooseAuth } from "../../src/azure/auth-kind.ts";
import { findCloud } from "../../src/azure/clouds.ts";

const PUBLIC = findCloud("public", {});

const ENVIRONMENT = { AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "s" };
const KUBERNETES = { AZURE_CLIENT_ID: "c", AZURE_FEDERATED_TOKEN_FILE: "/token" };
const GITHUB = {
  AZURE_CLIENT_ID: "c",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
};
const PIPELINES = {
  AZURESUBSCRIPTION_CLIENT_ID: "c",
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "s",
  SYSTEM_ACCESSTOKEN: "t",
  SYSTEM_OIDCREQUESTURI: "https://token.example",
};
const MANAGED = { IDENTITY_ENDPOINT: "http://127.0.0.1/token" };

test.each([
  ["nothing", {}, "cli"],
  ["an application without a secret", { AZURE_CLIENT_ID: "c" }, "cli"],
  ["a secret without an application", { AZURE_CLIENT_SECRET: "s" }, "cli"],
  ["a secret", ENVIRONMENT, "environment"],
  ["a certificate", { AZURE_CLIENT_ID: "c", AZURE_CLIENT_CERTIFICATE_PATH: "/c.pem" }, "environment"],
  ["a secret that is empty", { ...ENVIRONMENT, AZURE_CLIENT_SECRET: "" }, "cli"],
  ["a token file", KUBERNETES, "workload"],
  ["GitHub's token service", GITHUB, "workload"],
  ["GitHub's token service without its token", { ...GITHUB, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" }, "cli"],
  ["a service connection", PIPELINES, "pipelines"],
  ["a service connection without the job's token", { ...PIPELINES, SYSTEM_ACCESSTOKEN: "" }, "cli"],
  ["an App Service", MANAGED, "managed"],
  ["a Cloud Shell", { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" }, "managed"],
  ["an endpoint that is empty", { IDENTITY_ENDPOINT: "" }, "cli"],
  ["a secret and all others", { ...MANAGED, ...PIPELINES, ...KUBERNETES, ...ENVIRONMENT }, "environment"],
  ["a token file, a service connection, a machine", { ...MANAGED, ...PIPELINES, ...KUBERNETES }, "workload"],
  ["a service connection and a machine", { ...MANAGED, ...PIPELINES }, "pipelines"],
])("auto with %s is %s", (_, env, kind) => {
  expect(chooseAuth("auto", { cloud: PUBLIC, env })).toBe(kind);
});

test.each(["environment", "workload", "pipelines", "managed", "cli", "browser", "device"])(
  "--auth %s is taken at its word, whatever is set",
  (kind) => {
    expect(chooseAuth(kind, { cloud: PUBLIC, env: {} })).toBe(kind);
    expect(chooseAuth(kind, { cloud: PUBLIC, env: ENVIRONMENT })).toBe(kind);
  },
);

test("the sandbox signs in by itself, whatever is asked for", () => {
  expect(chooseAuth("environment", { cloud: findCloud("sandbox", {}), env: ENVIRONMENT })).toBe("sandbox");
});

test.each(["magic", ""])("--auth %j is wrong usage in the sandbox, too", (asked) => {
  expect(() => chooseAuth(asked, { cloud: findCloud("sandbox", {}), env: {} })).toThrow(
    expect.objectContaining({
      kind: "usage",
      message: `--auth ${asked || '""'} is not available`,
      hint: "use --auth auto|environment|workload|pipelines|managed|cli|browser|device|sandbox",
    }),
  );
});

test.each(["magic", "sandbox"])("--auth %s is wrong usage in a real cloud", (asked) => {
  expect(() => chooseAuth(asked, { cloud: PUBLIC, env: {} })).toThrow(`--auth ${asked} is not available`);
});
