import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findCloud } from "../../../src/azure/clouds.ts";
import type { LoginPort } from "../../../src/azure/login-ports.ts";
import type { Context } from "../../../src/context.ts";
import { readWalk, walkAndKeep } from "../../../src/topics/login/discover-store.ts";
import { createTestHost, runCli, type HostOptions, type TestHost } from "../../harness.ts";
import { openEnterprise } from "./enterprise.ts";
import { sentIn } from "./sent.ts";

const HOME = "e0000000-0000-4000-8000-000000000001";

/** A process that has walked, and the file in which its walk is kept. */
async function openWalked(options: HostOptions = {}): Promise<{ host: TestHost; file: string }> {
  const host = await openEnterprise(options);
  await runCli(host, "login", "discover");
  const folder = join(host.folder, "cache", "azwise", "discovery");
  const [name = "", ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  return { host, file: join(folder, name) };
}

test("the last walk is shown with its age, and nothing is sent", async () => {
  const host = await openEnterprise();
  const { stdout } = await runCli(host, "login", "discover");
  host.now = () => new Date("2026-11-21T08:12:30Z");

  const cached = await runCli(host, "login", "discover", "--cached", "--verbose");

  expect(cached.stdout).toBe(stdout);
  expect(cached.exit).toBe(0);
  expect(sentIn(cached.stderr)).toEqual([]);
  expect(cached.stderr.split("\n")[0]).toBe("note: walked 12 min ago, at 2026-11-21T08:00:00.000Z");
});

test("a walk is kept for this user alone", async () => {
  const { host, file } = await openWalked();
  chmodSync(file, 0o644);

  const refused = await runCli(host, "login", "discover", "--cached");

  expect(refused.exit).toBe(2);
  expect(refused.stderr).toMatch(/^warning: \S+ is ignored: others may use it \(mode 644\)\nerror: no walk/);
});

test.each([
  ["broken", "{ half"],
  ["of another shape", '{"formatVersion":2}'],
])("a kept walk that is %s is told once and taken for none", async (_, text) => {
  const { host, file } = await openWalked();
  writeFileSync(file, text);

  const { exit, stderr } = await runCli(host, "login", "discover", "--cached");

  expect(exit).toBe(2);
  expect(stderr).toMatch(
    /^warning: \S+ is ignored: it is not a walk\nerror: no walk of this identity is kept\n {2}next: azwise login discover --cloud sandbox\n$/,
  );
});

test("a cache that cannot be written to does not lose the walk", async () => {
  const host = await openEnterprise();
  mkdirSync(join(host.folder, "cache", "azwise"), { recursive: true });
  writeFileSync(join(host.folder, "cache", "azwise", "discovery"), "a file in the place of the folder");

  const { exit, stdout, stderr } = await runCli(host, "login", "discover");

  expect({ exit, rows: stdout.split("\n").length }).toEqual({ exit: 0, rows: 41 });
  expect(stderr).toMatch(/^warning: the walk is not kept: cannot write /);
});

test("Ctrl-C ends the walk and leaves the last one in place", async () => {
  const { host, file } = await openWalked({ tty: true });
  const before = readFileSync(file, "utf8");
  host.now = () => new Date("2026-11-21T09:00:00Z");
  const write = host.stderr.write.bind(host.stderr);
  host.stderr.write = (text) => {
    write(text);
    if (text.includes("] 5 of 40 tenants")) host.interrupt();
  };

  const { exit, stdout } = await runCli(host, "login", "discover");

  expect({ exit, stdout }).toEqual({ exit: 130, stdout: "" });
  expect(readFileSync(file, "utf8")).toBe(before);
});

test.each([["northwind.example"], [HOME]])(
  "a walk that has not met %s says nothing of it",
  async (tenant) => {
    const host = createTestHost({ env: { AZWISE_TENANT: tenant } });
    await runCli(host, "login", "discover", "--tenant", "contoso.com");
    await runCli(host, "sandbox", "reset", "enterprise");

    const { exit, stderr } = await runCli(host, "login", "discover", "--cached");

    expect([exit, stderr]).toEqual([
      2,
      "error: no walk of this identity is kept\n  next: azwise login discover --cloud sandbox\n",
    ]);
  },
);

/** A sign-in of that application, which is known in one tenant and sees nothing there. */
function signInOf(clientId: string): LoginPort {
  const home = { tenantId: HOME, category: "Home", name: undefined, domain: undefined };
  return {
    wanted: { cloud: findCloud("public", {}), auth: { value: "environment", from: "--auth" } },
    env: { AZURE_CLIENT_ID: clientId },
    azProfile: { accounts: [] },
    signIn: async () => ({
      tenantId: HOME,
      auth: "environment",
      async *listTenants() {
        yield [home];
      },
      async *listSubscriptions() {},
    }),
  } as unknown as LoginPort;
}

test("a walk is kept for one identity, and says nothing to another of the same kind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "azwise-walk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ctx = {
    folders: { cache: folder, state: folder },
    progress: () => {},
    concurrency: 1,
    signal: new AbortController().signal,
    now: () => new Date("2026-11-21T08:00:00Z"),
  } as unknown as Context;

  const walk = await walkAndKeep(signInOf("one"), ctx, { tenantId: HOME });

  expect(await readWalk(signInOf("one"), ctx)).toEqual(walk);
  expect(await readWalk(signInOf("two"), ctx)).toBeUndefined();
});
