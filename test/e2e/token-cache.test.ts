import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, type CliOptions, type Finished } from "./cli.ts";

const TOKEN_FILE = /^[0-9a-f]{64}\.json$/;

async function open({ onTestFinished }: TestContext): Promise<Double> {
  const double = await openDouble();
  onTestFinished(() => double.close());
  return double;
}

async function status(double: Double, args: string[] = [], options: CliOptions = {}): Promise<Finished> {
  return runCli(double, ["odcr", "status", ...args], options);
}

function tokenRequests({ seen }: Double): number {
  return seen.filter(({ path }) => path.includes("/oauth2/")).length;
}

function tokenFolder({ home }: Double): string {
  return join(home, ".cache", "azwise", "tokens");
}

async function onlyTokenFile(double: Double): Promise<string> {
  const [file = "none"] = await readdir(tokenFolder(double));
  return join(tokenFolder(double), file);
}

test.concurrent("a second run sends no token request", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const first = await status(double);
  const second = await status(double);

  expect([first.exit, second]).toEqual([0, first]);
  expect(tokenRequests(double)).toBe(1);
});

test.concurrent.each([
  ["--no-token-cache", ["--no-token-cache"], {}],
  ["AZWISE_NO_TOKEN_CACHE", [], { AZWISE_NO_TOKEN_CACHE: "1" }],
])("%s keeps nothing and uses nothing that was kept", async (_, args, env) => {
  const { expect } = await import("vitest");
  const double = await openDouble();
  try {
    await status(double, args, { env });
    const kept = await readdir(double.home);
    await status(double);
    const third = await status(double, args, { env });

    expect(kept).not.toContain(".cache");
    expect(third.exit).toBe(0);
    expect(tokenRequests(double)).toBe(3);
  } finally {
    await double.close();
  }
});

test.concurrent("a token that others could read is renewed with one warning", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const first = await status(double);
  const file = await onlyTokenFile(double);
  await chmod(file, 0o644);

  const second = await status(double);
  const third = await status(double);

  const warning = `warning: the cached token in ${file} is ignored: others may use it (mode 644)\n`;
  expect(second.stderr).toBe(warning + first.stderr);
  expect(third).toEqual(first);
  expect(tokenRequests(double)).toBe(2);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.concurrent(
  "a cache that cannot be written to is one warning, however many tokens there are",
  async (context) => {
    const { expect } = context;
    const double = await open(context);
    await mkdir(join(double.home, ".cache", "azwise"), { recursive: true });
    await writeFile(tokenFolder(double), "a file in the place of the folder");
    const [first, second] = double.world.tenants;
    second?.applications.push(...(first?.applications ?? []));

    const { stderr } = await runCli(double, ["login", "discover"]);

    expect(tokenRequests(double)).toBe(2);
    expect(stderr.match(/^warning: no token can be kept in .*$/gm)).toHaveLength(1);
  },
);

test.concurrent("a token that has ended meanwhile is replaced", async (context) => {
  const { expect } = context;
  const double = await open(context);
  await status(double);
  const file = await onlyTokenFile(double);
  const kept = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...kept, expiresOn: new Date(Date.now() + 299_000) }));

  const second = await status(double);

  expect(second.exit).toBe(0);
  expect(tokenRequests(double)).toBe(2);
  expect(JSON.parse(await readFile(file, "utf8"))).not.toMatchObject({ token: kept["token"] });
});

test.concurrent("a token that the service no longer takes is replaced", async (context) => {
  const { expect } = context;
  const double = await open(context);
  await status(double);
  // Two hours later by the service's clock; the client's stays, so the token looks good to it.
  double.world.clockOffsetMs += 2 * 60 * 60_000;

  const second = await status(double);

  expect(second.exit).toBe(0);
  expect(tokenRequests(double)).toBe(2);
});

test.concurrent(
  "twenty runs at once leave whole files, one per key, that only their user can read",
  async (context) => {
    const { expect } = context;
    const double = await open(context);
    const clients = [double.env["AZURE_CLIENT_ID"]!, "a1000000-0000-4000-8000-0000000000aa"];
    for (const { applications } of double.world.tenants) {
      const sample = applications.find(({ clientId }) => clientId === clients[0]);
      if (sample) applications.push({ ...sample, clientId: clients[1]! });
    }

    const runs = Array.from({ length: 20 }, (_, index) =>
      status(double, [], { env: { AZURE_CLIENT_ID: clients[index % 2] } }),
    );
    const finished = await Promise.all(runs);
    const requests = tokenRequests(double);
    const afterwards = await status(double);

    expect(finished.map(({ exit }) => exit)).toEqual(Array(20).fill(0));
    expect(new Set(finished.map(({ stderr }) => stderr))).toEqual(new Set([afterwards.stderr]));
    expect(tokenRequests(double)).toBe(requests);
    const files = await readdir(tokenFolder(double));
    expect(files.map((name) => TOKEN_FILE.test(name))).toEqual([true, true]);
    const texts = await Promise.all(files.map((name) => readFile(join(tokenFolder(double), name), "utf8")));
    expect(texts.map((text) => (JSON.parse(text) as { client: string }).client).sort()).toEqual(clients);
    const modes = await Promise.all(files.map((name) => stat(join(tokenFolder(double), name))));
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o600]);
  },
);
