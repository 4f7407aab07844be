import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import type { SandboxRequest, SandboxResponse } from "../../src/sandbox/handler.ts";
import { GIVEN } from "../written.ts";
import { ARM, GITHUB, LOGIN, openDouble, PIPELINES, type Double } from "./azure-double.ts";
import { runCli, type CliOptions } from "./cli.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const CLIENT = "a1000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const ASSERTION = "header.vouched-for-this-job.signature";
const JOB_TOKEN = "job-token-not-real";
const ARM_AND_ENTRA = [
  `POST ${LOGIN}/${TENANT}/oauth2/v2.0/token`,
  `GET ${ARM}/subscriptions/${SUBSCRIPTION}`,
];

/** A double of Azure, GitHub and Azure Pipelines; the latter two know only the job's token. */
async function openJob({ onTestFinished }: TestContext): Promise<Double> {
  const double = await openDouble({ before: vouch });
  onTestFinished(() => double.close());
  double.secrets.add(ASSERTION);
  return double;
}

async function vouch({ url, headers }: SandboxRequest): Promise<SandboxResponse | void> {
  const { host } = new URL(url);
  if (host !== GITHUB && host !== PIPELINES) return;
  const known = headers["authorization"] === `Bearer ${JOB_TOKEN}`;
  const body = known ? { value: ASSERTION, oidcToken: ASSERTION } : { message: "who are you?" };
  return {
    status: known ? 200 : 401,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

function jobOf(platform: string): NonNullable<CliOptions["env"]> {
  if (platform === GITHUB) {
    return {
      AZURE_CLIENT_SECRET: undefined,
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://${GITHUB}/7/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: JOB_TOKEN,
    };
  }
  return {
    AZURE_CLIENT_ID: undefined,
    AZURE_CLIENT_SECRET: undefined,
    AZURESUBSCRIPTION_CLIENT_ID: CLIENT,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "9",
    SYSTEM_ACCESSTOKEN: JOB_TOKEN,
    SYSTEM_OIDCREQUESTURI: `https://${PIPELINES}/7/oidctoken`,
  };
}

test.concurrent.for([
  [GITHUB, "workload", `GET ${GITHUB}/7/idtoken`],
  [PIPELINES, "pipelines", `POST ${PIPELINES}/7/oidctoken`],
] as const)(
  "a job of %s signs in with one request more than others",
  async ([platform, kind, asked], context) => {
    const { expect } = context;
    const double = await openJob(context);

    const { exit, stdout } = await runCli(double, ["login", "--subscription", SUBSCRIPTION, "-o", "json"], {
      env: jobOf(platform),
    });

    expect(exit).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout))).toContain(`"${kind}"`);
    expect(double.seen.map(({ method, host, path }) => `${method} ${host}${path}`)).toEqual([
      asked,
      ...ARM_AND_ENTRA,
    ]);
  },
);

test.concurrent("a job that its platform does not know exits 4", async (context) => {
  const { expect } = context;
  const double = await openJob(context);

  const { exit, stderr } = await runCli(double, ["odcr", "status"], {
    env: { ...jobOf(GITHUB), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another-token-not-real" },
  });

  expect(exit).toBe(4);
  expect(stderr).toBe(
    `error: ${GITHUB} gave no identity token (HTTP 401)\n  next: grant the job id-token write under "permissions" in its workflow\n`,
  );
  expect(double.seen).toHaveLength(1);
});

test.concurrent("a pod signs in with its token file", async (context) => {
  const { expect } = context;
  const double = await openJob(context);
  const file = join(double.home, GIVEN, "token");
  await mkdir(join(double.home, GIVEN));
  await writeFile(file, `${ASSERTION}\n`);

  const { exit } = await runCli(double, ["login", "--subscription", SUBSCRIPTION], {
    env: { AZURE_CLIENT_SECRET: undefined, AZURE_FEDERATED_TOKEN_FILE: file },
  });

  expect(exit).toBe(0);
  expect(double.seen.map(({ method, host, path }) => `${method} ${host}${path}`)).toEqual(ARM_AND_ENTRA);
});
