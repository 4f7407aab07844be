import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tokenFileName, type TokenKey } from "../../src/azure/token-file.ts";
import { createTokenStore, type TokenStore } from "../../src/azure/token-store.ts";
import { OTHER_TENANT, TENANT, tokenOf } from "./sign-in.ts";

const IS_WINDOWS = platform() === "win32";
const IS_ROOT = process.getuid?.() === 0;
const EXPIRES = Date.parse("2026-11-21T09:00:00Z");
const KEY: TokenKey = {
  cloud: "public",
  tenantId: TENANT,
  client: "a1000000-0000-4000-8000-00000000000a",
  scope: "https://management.azure.com/.default",
  kind: "environment",
};
const OURS = { token: tokenOf({ tid: TENANT }), expiresOnTimestamp: EXPIRES };
const THEIRS = { token: tokenOf({ tid: OTHER_TENANT }), expiresOnTimestamp: EXPIRES };
const OPAQUE = { token: "opaque", expiresOnTimestamp: EXPIRES };

interface Opened {
  store: TokenStore;
  /** azwise's cache folder. */
  cache: string;
  tokens: string;
  warnings: string[];
  /** Another process with the same folder. */
  reopen(): TokenStore;
}

async function open(): Promise<Opened> {
  const cache = await mkdtemp(join(tmpdir(), "azwise-tokens-"));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
  const warnings: string[] = [];
  const reopen = (): TokenStore => createTokenStore({ folder: cache, warn: (text) => warnings.push(text) });
  return { store: reopen(), cache, tokens: join(cache, "tokens"), warnings, reopen };
}

/** A store with one token, and the file that it is in. */
async function openWithToken(): Promise<Opened & { file: string }> {
  const opened = await open();
  await opened.store.write(KEY, OURS);
  return { ...opened, file: join(opened.tokens, tokenFileName(KEY)) };
}

test("a token is read back by another process; its file says what it is for", async () => {
  const { file, reopen, warnings, tokens } = await openWithToken();

  expect(await reopen().read(KEY)).toEqual(OURS);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
    formatVersion: 1,
    ...KEY,
    token: OURS.token,
    expiresOn: "2026-11-21T09:00:00.000Z",
  });
  expect(await readdir(tokens)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
  expect(warnings).toEqual([]);
});

test.each([
  ["cloud", "usgov"],
  ["tenantId", OTHER_TENANT],
  ["client", "another"],
  ["scope", "https://vault.azure.net/.default"],
  ["kind", "cli"],
])("a token is not given for another %s", async (part, value) => {
  const { store, warnings } = await openWithToken();

  expect(await store.read({ ...KEY, [part]: value })).toBeUndefined();
  expect(warnings).toEqual([]);
});

test("a tenant's id may be in capitals", async () => {
  const { store } = await openWithToken();

  expect(await store.read({ ...KEY, tenantId: TENANT.toUpperCase() })).toEqual(OURS);
});

test("an opaque token, and one of a tenant named by its domain, are kept as well", async () => {
  const { store } = await open();
  const byDomain = { ...KEY, tenantId: "contoso.com" };

  await store.write(KEY, OPAQUE);
  await store.write(byDomain, OURS);

  expect([await store.read(KEY), await store.read(byDomain)]).toEqual([OPAQUE, OURS]);
});

const DAMAGED = "it is damaged, or of another version";

test.each([
  ["empty", "", DAMAGED],
  ["cut off", '{"formatVersion":1,"cloud":"pub', DAMAGED],
  ["not an object", "[]", DAMAGED],
  [
    "of another version",
    JSON.stringify({ ...KEY, formatVersion: 2, token: "t", expiresOn: new Date() }),
    DAMAGED,
  ],
  ["without a date", JSON.stringify({ ...KEY, formatVersion: 1, token: "t", expiresOn: "soon" }), DAMAGED],
  [
    "another key's",
    JSON.stringify({ ...KEY, client: "other", formatVersion: 1, token: "t", expiresOn: new Date() }),
    "it is not what its name says",
  ],
  [
    "another tenant's",
    JSON.stringify({ ...KEY, formatVersion: 1, token: THEIRS.token, expiresOn: new Date() }),
    "its token is of another tenant",
  ],
])("a file that is %s is ignored with a warning, and replaced", async (_, text, why) => {
  const { store, file, warnings, reopen } = await openWithToken();
  await writeFile(file, text);

  const read = await store.read(KEY);
  await store.write(KEY, OURS);

  expect(read).toBeUndefined();
  expect(warnings).toEqual([`warning: the cached token in ${file} is ignored: ${why}`]);
  expect(await reopen().read(KEY)).toEqual(OURS);
});

test.skipIf(IS_WINDOWS)("a file that others may read is ignored, and 0600 afterwards", async () => {
  const { store, file, warnings } = await openWithToken();
  await chmod(file, 0o640);

  const read = await store.read(KEY);
  await store.write(KEY, OURS);

  expect(read).toBeUndefined();
  expect(warnings).toEqual([`warning: the cached token in ${file} is ignored: others may use it (mode 640)`]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.runIf(IS_ROOT)("a file of another user is ignored, and replaced by an own one", async () => {
  const { store, file, warnings } = await openWithToken();
  await chown(file, 65_534, 65_534);

  const read = await store.read(KEY);
  await store.write(KEY, OURS);

  expect(read).toBeUndefined();
  expect(warnings).toEqual([`warning: the cached token in ${file} is ignored: it belongs to another user`]);
  expect(await store.read(KEY)).toEqual(OURS);
});

test("a cache that cannot be written to is a warning", async () => {
  const { store, cache, tokens, warnings } = await open();
  await writeFile(tokens, "a file in the place of the folder");

  await store.write(KEY, OURS);

  expect(await store.read(KEY)).toBeUndefined();
  expect(warnings).toEqual([
    `warning: no token can be kept in ${tokens}: EEXIST; AZWISE_NO_TOKEN_CACHE=1 goes without`,
  ]);
  expect(await readdir(cache)).toEqual(["tokens"]);
});

test("a forgotten token is gone, and may be forgotten again", async () => {
  const { store, tokens, warnings } = await openWithToken();

  await store.forget(KEY);
  await store.forget(KEY);

  expect(await readdir(tokens)).toEqual([]);
  expect(warnings).toEqual([]);
});

test("a token that cannot be removed is a warning", async () => {
  const { store, file, warnings } = await openWithToken();
  await rm(file);
  await mkdir(join(file, "inner"), { recursive: true });

  await store.forget(KEY);

  expect(warnings).toEqual([`warning: the refused token in ${file} cannot be removed: ERR_FS_EISDIR`]);
});

test("forgetting a tenant removes its tokens under every name, and nobody else's", async () => {
  const { store, tokens } = await open();
  const others = [
    { ...KEY, tenantId: OTHER_TENANT },
    { ...KEY, cloud: "usgov" },
    { ...KEY, tenantId: "fabrikam.com" },
  ];
  await store.write(KEY, OURS);
  await store.write({ ...KEY, kind: "cli" }, OPAQUE);
  await store.write({ ...KEY, tenantId: "contoso.com" }, OURS);
  await store.write({ ...KEY, tenantId: "unknown.example" }, OPAQUE);
  await store.write(others[0]!, THEIRS);
  await store.write(others[1]!, OURS);
  await store.write(others[2]!, THEIRS);
  await writeFile(join(tokens, "damaged.json"), "{");

  await store.forgetTenant("public", TENANT.toUpperCase());

  expect((await readdir(tokens)).sort()).toEqual(others.map(tokenFileName).sort());
});

test("forgetting a tenant where nothing was ever kept is no error", async () => {
  const { store, cache } = await open();

  await store.forgetTenant("public", TENANT);

  expect(await readdir(cache)).toEqual([]);
});

test("a tenant whose tokens cannot be removed is an error, not a silence", async () => {
  const { store, tokens } = await open();
  await writeFile(tokens, "a file in the place of the folder");

  await expect(store.forgetTenant("public", TENANT)).rejects.toMatchObject({
    kind: "failed",
    message: `cannot remove the tokens of tenant ${TENANT}`,
    hint: `delete the folder ${tokens}`,
  });
});

test("the first write of a run removes what is too old to be of use", async () => {
  const { tokens, reopen, file } = await openWithToken();
  const old = join(tokens, "left-by-a-killed-process.tmp");
  const young = join(tokens, "being-written.tmp");
  await rename(file, old);
  await writeFile(young, "");
  const then = new Date(Date.now() - 49 * 60 * 60_000);
  await utimes(old, then, then);

  await reopen().write(KEY, OURS);

  expect((await readdir(tokens)).sort()).toEqual([tokenFileName(KEY), "being-written.tmp"].sort());
});
