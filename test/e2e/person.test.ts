import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import { SECRET_TOOL } from "../azure/secret-tool-script.ts";
import { GIVEN } from "../written.ts";
import { LOGIN, openDouble, type Double } from "./azure-double.ts";
import { runCli, startCli, type CliOptions } from "./cli.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const ADA = {
  signInName: "ada@contoso.com",
  displayName: "Ada",
  homeTenantId: TENANT,
  memberships: [{ tenantId: TENANT, objectId: "a3000000-0000-4000-8000-00000000000a" }],
};
const XDG_OPEN = `echo "$1" > "$(dirname "$0")/url"`;

/** A person's machine: with these programs, and nobody signed in. */
async function openMachine(
  { onTestFinished }: TestContext,
  scripts: Record<string, string> = { "secret-tool": SECRET_TOOL, "xdg-open": XDG_OPEN },
): Promise<{ double: Double; options: CliOptions; bin: string }> {
  const double = await openDouble({
    edit(world) {
      world.users = [ADA];
      world.settings.devicePollSeconds = 0;
    },
  });
  onTestFinished(() => double.close());
  const bin = join(double.home, GIVEN, "bin");
  await mkdir(join(bin, "secrets"), { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  // What the scripts need, without the machine's own secret-tool.
  for (const name of ["cat", "rm", "dirname"]) await symlink(join("/usr/bin", name), join(bin, name));
  const env = { PATH: bin, AZURE_CLIENT_ID: undefined, AZURE_CLIENT_SECRET: undefined };
  return { double, options: { env }, bin };
}

function sent(double: Double): string[] {
  return double.seen.map(({ method, host, path }) => `${method} ${host}${path}`);
}

const TOKEN = `POST ${LOGIN}/${TENANT}/oauth2/v2.0/token`;
const CODE = `POST ${LOGIN}/${TENANT}/oauth2/v2.0/devicecode`;
const READ = `GET management.azure.com/subscriptions/${SUBSCRIPTION}`;

function loginBy(auth: string): string[] {
  return ["login", "--tenant", TENANT, "--subscription", SUBSCRIPTION, "--auth", auth];
}

test.concurrent("a device code signs a person in, and later runs need none", async (context) => {
  const { expect } = context;
  const { double, options } = await openMachine(context);

  const login = await runCli(double, loginBy("device"), options);
  const status = await runCli(double, ["odcr", "status", "--auth", "device", "--no-token-cache"], options);

  expect(login.exit).toBe(0);
  expect(login.stderr).toMatch(
    /^to sign in, open https:\/\/microsoft\.com\/devicelogin and enter the code \w{8}$/m,
  );
  expect(status.exit).toBe(0);
  expect(sent(double).slice(0, 6)).toEqual([CODE, TOKEN, TOKEN, READ, TOKEN, READ]);
});

test.concurrent("a browser signs a person in", async (context) => {
  const { expect } = context;
  const { double, options, bin } = await openMachine(context);

  const login = startCli(double, loginBy("browser"), options);
  await login.said("use the window that opens in the browser");
  await browse(double, await expectFile(join(bin, "url")));
  const { exit, stderr } = await login.finished;

  expect([exit, stderr]).toEqual([0, expect.stringContaining("to sign in, use the window")]);
  expect(sent(double)).toEqual([`GET ${LOGIN}/${TENANT}/oauth2/v2.0/authorize`, TOKEN, READ]);
});

/** As the person's browser: opens the page, which knows who is there, and follows it back to azwise. */
async function browse({ port }: Double, url: string): Promise<void> {
  const { pathname, search } = new URL(url);
  const back = await new Promise<string>((resolve, reject) => {
    const page = { host: "127.0.0.1", port, path: pathname + search, headers: { host: LOGIN } };
    request({ ...page, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.headers.location ?? "");
    })
      .on("error", reject)
      .end();
  });
  await new Promise<void>((resolve, reject) => {
    get(back.replace("localhost", "127.0.0.1"), (response) => response.resume().on("end", resolve)).on(
      "error",
      reject,
    );
  });
}

async function expectFile(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => "");
    if (text.endsWith("\n")) return text.trim();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test.concurrent("Ctrl-C ends waiting for the browser, and the process with it", async (context) => {
  const { expect } = context;
  const { double, options, bin } = await openMachine(context);

  const login = startCli(double, loginBy("browser"), options);
  await expectFile(join(bin, "url"));
  login.child.kill("SIGINT");
  const { exit } = await login.finished;

  expect(exit).toBe(130);
  expect(double.seen).toEqual([]);
});

test.concurrent("any other verb says which sign-in it needs, and asks nobody", async (context) => {
  const { expect } = context;
  const { double, options } = await openMachine(context);

  const { exit, stdout, stderr } = await runCli(double, ["odcr", "status", "--auth", "device"], options);

  expect([exit, stdout]).toEqual([4, ""]);
  expect(stderr).toBe(
    `error: nobody is signed in to tenant ${TENANT}\n  next: run azwise login --tenant ${TENANT} --auth device\n`,
  );
  expect(double.seen).toEqual([]);
});

test.concurrent("without a secret store the sign-in lasts as long as its access token", async (context) => {
  const { expect } = context;
  const { double, options } = await openMachine(context, {});

  const login = await runCli(double, loginBy("device"), options);
  const kept = await runCli(double, ["odcr", "status", "--auth", "device"], options);
  const gone = await runCli(double, ["odcr", "status", "--auth", "device", "--no-token-cache"], options);

  expect([login.exit, kept.exit, gone.exit]).toEqual([0, 0, 4]);
  expect(login.stderr).toContain(
    "this sign-in lasts as long as its access token: secret-tool (package libsecret-tools) is not installed\n",
  );
  expect(gone.stderr).toContain(
    "error: the sign-in of ada@contoso.com ended: secret-tool (package libsecret-tools) is not installed\n",
  );
});
