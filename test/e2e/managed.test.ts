import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "vitest";
import { writeToken } from "../../src/sandbox/token.ts";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, type CliOptions } from "./cli.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const HEADER = "identity-header-not-real";
const STATUS = ["odcr", "status"];

interface Machine {
  double: Double;
  /** What the machine's own service was asked. */
  asked: { url: URL; headers: IncomingMessage["headers"] }[];
  env: NonNullable<CliOptions["env"]>;
  /** Where that service listens. */
  origin: string;
}

function tokenOf(tid: string): string {
  const now = Math.floor(Date.now() / 1000);
  return writeToken({
    tid,
    oid: "a2000000-0000-4000-8000-00000000000a",
    appid: "a1000000-0000-4000-8000-00000000000a",
    aud: "https://management.azure.com",
    iss: `https://sts.windows.net/${tid}/`,
    iat: now,
    exp: now + 3600,
  });
}

/** A machine with a token service of its own, beside a double of Azure that is reached by a proxy only. */
async function openMachine({ onTestFinished }: TestContext, tid = TENANT): Promise<Machine> {
  const double = await openDouble();
  const asked: Machine["asked"] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://machine");
    asked.push({ url, headers: request.headers });
    const expires = String(Math.floor(Date.now() / 1000) + 3600);
    const token = { access_token: tokenOf(tid), expires_on: expires, token_type: "Bearer" };
    // As if the platform's own port were taken over: a token is there, too, for whoever follows.
    if (url.searchParams.get("client_id") === "redirected") {
      response.writeHead(302, { location: "/elsewhere", "content-type": "application/json" });
      return void response.end(JSON.stringify(token));
    }
    const known = url.searchParams.get("client_id") !== "unknown";
    response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? token : { statusCode: 400, message: "No such identity" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.close();
    await double.close();
  });
  const env = { AZURE_CLIENT_ID: undefined, AZURE_CLIENT_SECRET: undefined };
  return { double, asked, env, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function inAppService(origin: string): Record<string, string> {
  return { IDENTITY_ENDPOINT: `${origin}/msi/token`, IDENTITY_HEADER: HEADER };
}

test.concurrent(
  "an App Service signs in with one request to the machine, past the proxy, and one to Azure",
  async (context) => {
    const { expect } = context;
    const { double, asked, env, origin } = await openMachine(context);

    const finished = await runCli(double, [...STATUS, "--verbose"], {
      env: { ...env, ...inAppService(origin) },
    });

    expect(finished.exit).toBe(0);
    expect(finished.stderr).toMatch(/^target: public · tenant a0000000.* · managed$/m);
    expect(asked.map(({ url }) => [url.pathname, Object.fromEntries(url.searchParams)])).toEqual([
      ["/msi/token", { "api-version": "2019-08-01", resource: "https://management.azure.com" }],
    ]);
    expect(asked[0]?.headers["x-identity-header"]).toBe(HEADER);
    expect(new Set(double.connects)).toEqual(new Set(["management.azure.com"]));
    expect(finished.stdout + finished.stderr).not.toContain(HEADER);
  },
);

test.concurrent("AZURE_CLIENT_ID chooses one of the machine's identities", async (context) => {
  const { expect } = context;
  const { double, asked, env, origin } = await openMachine(context);

  const { exit } = await runCli(double, STATUS, {
    env: { ...env, ...inAppService(origin), AZURE_CLIENT_ID: "chosen" },
  });

  expect(exit).toBe(0);
  expect(asked[0]?.url.searchParams.get("client_id")).toBe("chosen");
});

test.concurrent("without an endpoint of its own a VM asks its metadata service", async (context) => {
  const { expect } = context;
  const { double, asked, env, origin } = await openMachine(context);

  const { exit } = await runCli(double, [...STATUS, "--auth", "managed"], {
    env: { ...env, AZURE_POD_IDENTITY_AUTHORITY_HOST: origin },
  });

  expect(exit).toBe(0);
  expect(asked.map(({ url, headers }) => [url.pathname.replace(/\/$/, ""), headers["metadata"]])).toEqual([
    ["/metadata/identity/oauth2/token", "true"],
  ]);
});

test.concurrent(
  "a machine of another tenant is refused before any request carries its token",
  async (context) => {
    const { expect } = context;
    const { double, env, origin } = await openMachine(context, OTHER_TENANT);

    const { exit, stderr } = await runCli(double, STATUS, { env: { ...env, ...inAppService(origin) } });

    expect(exit).toBe(4);
    expect(stderr).toContain(`signed in to tenant ${OTHER_TENANT}, but this run is pinned to ${TENANT}`);
    expect(double.seen).toEqual([]);
  },
);

test.concurrent("an identity that the machine does not have exits 4", async (context) => {
  const { expect } = context;
  const { double, env, origin } = await openMachine(context);

  const { exit, stderr } = await runCli(double, STATUS, {
    env: { ...env, ...inAppService(origin), AZURE_CLIENT_ID: "unknown" },
  });

  expect(exit).toBe(4);
  expect(stderr).toContain(
    "next: check that this machine has the identity, which AZURE_CLIENT_ID chooses, or use another --auth",
  );
});

test.concurrent("a redirect is neither followed nor taken for an answer", async (context) => {
  const { expect } = context;
  const { double, asked, env, origin } = await openMachine(context);

  const { exit, stderr } = await runCli(double, STATUS, {
    env: { ...env, ...inAppService(origin), AZURE_CLIENT_ID: "redirected" },
  });

  expect(exit).toBe(4);
  expect(stderr).toBe(
    `error: no managed identity answers at ${new URL(origin).host} (Redirect)\n  next: use another --auth where no managed identity is\n`,
  );
  expect(asked).toHaveLength(1);
});

test.concurrent("where nobody listens there is no managed identity", async (context) => {
  const { expect } = context;
  const { double, env } = await openMachine(context);

  const { exit, stderr } = await runCli(double, [...STATUS, "--timeout", "1s"], {
    env: { ...env, ...inAppService("http://127.0.0.1:9") },
  });

  expect(exit).toBe(4);
  expect(stderr).toContain("error: no managed identity answers at 127.0.0.1:9 (NoAnswer)");
});

test.concurrent("a claims challenge is beyond a machine, and said to be that", async (context) => {
  const { expect } = context;
  const { double, env, origin } = await openMachine(context);
  double.world.faults = [{ name: "claims-challenge", match: {}, times: 9, skip: 0 }];

  const { exit, stderr } = await runCli(double, STATUS, { env: { ...env, ...inAppService(origin) } });

  expect(exit).toBe(4);
  expect(stderr).toContain(
    "error: Azure asks for a stronger sign-in (insufficient_claims)\n  next: --auth managed cannot satisfy it",
  );
});
