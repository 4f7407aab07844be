import { execFileSync } from "node:child_process";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createTestHost,
  OTHER_SUBSCRIPTION,
  OTHER_TENANT,
  runCli,
  SUBSCRIPTION,
  TENANT,
  type TestHost,
} from "../../harness.ts";
import { createContextHost, FOREIGN, pinFile, pinFolder, PROD } from "./context-host.ts";

async function readPin(host: TestHost): Promise<unknown> {
  return JSON.parse(await readFile(pinFile(host), "utf8"));
}

test("pin writes what the active context leads to, to be committed, and sends nothing", async () => {
  const host = createContextHost({ active: "prod", contexts: { prod: PROD } });

  const pinned = await runCli(host, "login", "pin", "--verbose");

  expect(pinned).toEqual({
    exit: 0,
    stdout: `cloud\tsandbox\ntenant\t${TENANT}\nsubscription\t${SUBSCRIPTION}\n`,
    stderr: `note: ${pinFile(host)} is written; commit it, and it holds for everybody here\n`,
  });
  expect(await readFile(pinFile(host), "utf8")).toBe(
    `{\n  "cloud": "sandbox",\n  "tenant": "${TENANT}",\n  "subscription": "${SUBSCRIPTION}"\n}\n`,
  );
  expect((await stat(pinFile(host))).mode & 0o600).toBe(0o600);
});

test("flags win over variables, and a domain becomes its tenant's id", async () => {
  const host = createTestHost({ env: { AZWISE_TENANT: TENANT } });

  const { exit, stderr } = await runCli(
    host,
    "login",
    "pin",
    "--tenant",
    "fabrikam.onmicrosoft.com",
    "--verbose",
  );

  expect(exit).toBe(0);
  expect(stderr).toMatch(/^GET \S+\/fabrikam\.onmicrosoft\.com\/v2\.0\/\S+ 200 .*\nnote: .*\n$/);
  expect(await readPin(host)).toEqual({ cloud: "sandbox", tenant: OTHER_TENANT });
});

test("what is named beside the context of a rehearsal is not guessed", async () => {
  const host = createContextHost({ active: "prod", contexts: { prod: PROD } }, { env: { AZWISE_CLOUD: "" } });

  expect(await runCli(host, "login", "pin", "--tenant", OTHER_TENANT)).toEqual({
    exit: 4,
    stdout: "",
    stderr:
      "error: --tenant is given, but the active context prod is of the sandbox\n" +
      "  next: add --cloud public or --cloud sandbox, or choose another context with azwise login use\n",
  });
});

test("a subscription alone brings its home tenant, and never the context's", async () => {
  const host = createContextHost({ active: "prod", contexts: { prod: PROD } });

  const { stderr } = await runCli(host, "login", "pin", "--subscription", FOREIGN, "--verbose");

  expect(stderr).toMatch(/^GET \S+\/subscriptions\/5b\S+ 401 .*\nnote: .*\n$/);
  expect(await readPin(host)).toEqual({
    cloud: "sandbox",
    tenant: OTHER_TENANT,
    subscription: FOREIGN,
  });
});

test.each([
  ["two subscriptions", ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION], 2],
  ["a subscription's name", ["--tenant", TENANT, "--subscription", "Shop"], 2],
  ["what is no tenant", ["--tenant", "not a tenant"], 2],
  ["a domain that nobody owns", ["--tenant", "nobody.example"], 4],
])("%s cannot be pinned", async (_, flags, exit) => {
  const host = createTestHost();

  expect((await runCli(host, "login", "pin", ...flags)).exit).toBe(exit);
  await expect(readPin(host)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a pin of this folder that says something else is kept, unless --force is given", async () => {
  const host = createTestHost();
  const file = pinFolder(host, { cloud: "usgov", tenant: OTHER_TENANT });

  const refused = await runCli(host, "login", "pin");

  expect(refused).toEqual({
    exit: 2,
    stdout: "",
    stderr: `error: ${file} pins cloud usgov, tenant ${OTHER_TENANT}\n  next: add --force to replace it\n`,
  });
  expect(await readPin(host)).toEqual({ cloud: "usgov", tenant: OTHER_TENANT });
  expect((await runCli(host, "login", "pin", "--force")).exit).toBe(0);
  expect(await readPin(host)).toEqual({ cloud: "sandbox", tenant: TENANT, subscription: SUBSCRIPTION });
});

test("the pin that is there has no say in the next one", async () => {
  const host = createTestHost();
  pinFolder(host, { cloud: "sandbox", tenant: OTHER_TENANT, subscription: FOREIGN });

  const { stdout } = await runCli(
    host,
    "login",
    "pin",
    "--force",
    "-o",
    "json",
    "--query",
    "replaced.tenant",
  );

  expect(JSON.parse(stdout)).toBe(OTHER_TENANT);
  expect(await readPin(host)).toEqual({ cloud: "sandbox", tenant: TENANT, subscription: SUBSCRIPTION });
});

test("pinning the same again is fine, ids in any case", async () => {
  const host = createTestHost();
  pinFolder(host, { cloud: "sandbox", tenant: TENANT.toUpperCase(), subscription: SUBSCRIPTION });

  expect((await runCli(host, "login", "pin")).exit).toBe(0);
});

test("a pin further up is no reason to refuse one here", async () => {
  const host = createTestHost();
  pinFolder(host, { cloud: "usgov", tenant: OTHER_TENANT });
  const cwd = join(host.folder, "rehearsal");
  await mkdir(cwd);

  expect((await runCli({ ...host, cwd }, "login", "pin")).exit).toBe(0);
  expect(await readPin({ ...host, folder: cwd })).toMatchObject({ cloud: "sandbox", tenant: TENANT });
});

test("a folder that cannot be written is an error that names the file", async () => {
  const host = createTestHost();

  const { exit, stderr } = await runCli({ ...host, cwd: join(host.folder, "not", "there") }, "login", "pin");

  expect(exit).toBe(1);
  expect(stderr).toBe(
    `error: cannot write ${join(host.folder, "not", "there", ".azwise.json")}\n  next: check the permissions of its folder\n`,
  );
});

test("unpin removes the nearest pin only, and says what it was", async () => {
  const host = createTestHost();
  const above = pinFolder(host, { cloud: "usgov", tenant: OTHER_TENANT });
  const folder = join(host.folder, "service");
  await mkdir(join(folder, "deep"), { recursive: true });
  await writeFile(join(folder, ".azwise.json"), JSON.stringify({ tenant: TENANT }));
  const inner = { ...host, cwd: join(folder, "deep") };

  const [first, second, third] = [
    await runCli(inner, "login", "unpin"),
    await runCli(inner, "login", "unpin"),
    await runCli(inner, "login", "unpin"),
  ];

  expect(first).toEqual({
    exit: 0,
    stdout: `tenant\t${TENANT}\n`,
    stderr: `note: ${join(folder, ".azwise.json")} is removed\n`,
  });
  expect(second).toEqual({
    exit: 0,
    stdout: `cloud\tusgov\ntenant\t${OTHER_TENANT}\n`,
    stderr: `note: ${above} is removed\n`,
  });
  expect(third).toEqual({
    exit: 0,
    stdout: "",
    stderr: "note: there is no .azwise.json in this folder, or in one above it: nothing to remove\n",
  });
});

/** Pins that nobody can follow, and what is said of them. */
const BROKEN: [string, (file: string) => Promise<void>, string][] = [
  [
    "a link that leads nowhere",
    (file) => symlink("nowhere/pin.json", file),
    "it is a link that leads nowhere",
  ],
  ["no JSON", (file) => writeFile(file, "{tenant"), "it is not JSON"],
  ["a pipe that nobody writes to", async (file) => void execFileSync("mkfifo", [file]), "it is not JSON"],
  [
    "a pin of the wrong shape",
    (file) => writeFile(file, '{"tenant":1}'),
    "tenant: Invalid input: expected string, received number",
  ],
];

test("a pin that is a folder stops every run, and nobody removes it unasked", async () => {
  const host = createTestHost();
  await mkdir(pinFile(host));

  const { exit, stderr } = await runCli(host, "odcr", "status");

  expect(exit).toBe(2);
  expect(stderr).toContain(`error: ${pinFile(host)} is not valid: it is a folder; remove it\n`);
});

test.each(BROKEN)(
  "a pin that is %s stops every run, and pin and unpin put it right",
  async (_, make, why) => {
    const host = createTestHost();
    const file = pinFile(host);
    await make(file);
    const refusal = {
      exit: 2,
      stdout: "",
      stderr: `error: ${file} is not valid: ${why}\n  next: correct it, or run azwise login pin --force there, or azwise login unpin\n`,
    };

    expect(await runCli(host, "odcr", "status")).toEqual(refusal);
    expect(await runCli(host, "login", "pin")).toEqual(refusal);
    expect((await runCli(host, "login", "pin", "--force")).exit).toBe(0);
    expect(await readPin(host)).toEqual({ cloud: "sandbox", tenant: TENANT, subscription: SUBSCRIPTION });
  },
);

test.each(BROKEN)("unpin removes a pin that is %s", async (_, make) => {
  const host = createTestHost();
  const file = pinFile(host);
  await make(file);

  expect(await runCli(host, "login", "unpin")).toEqual({
    exit: 0,
    stdout: "",
    stderr: `note: ${file} is removed; it could not be read\n`,
  });
  expect((await runCli(host, "odcr", "status")).exit).toBe(0);
});
