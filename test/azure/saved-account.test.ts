import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findAccount, saveAccount } from "../../src/azure/saved-account.ts";
import { TENANT } from "./sign-in.ts";

test.each([
  ["first", "10:00", "09:00", "ada"],
  ["second", "09:00", "10:00", "bob"],
])("in a new tenant it is whoever signed in last: the %s", async (_, first, second, expected) => {
  const stateFolder = mkdtempSync(join(tmpdir(), "azwise-accounts-"));
  onTestFinished(() => rmSync(stateFolder, { recursive: true, force: true }));
  for (const [username, tenantId, time] of [
    ["ada", "t1", first],
    ["bob", "t2", second],
  ] as const) {
    const account = {
      homeAccountId: username,
      localAccountId: username,
      environment: "e",
      tenantId,
      username,
    };
    const savedAt = `2026-11-21T${time}:00Z`;
    await saveAccount(stateFolder, { formatVersion: 1, cloud: "public", tenantId, savedAt, account });
  }

  const found = await findAccount({ stateFolder, cloud: "public", tenantId: TENANT });

  expect(found?.account.username).toBe(expected);
});
