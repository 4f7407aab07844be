import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { pinToTenant } from "../../src/azure/pinned-credential.ts";
import { OTHER_TENANT, TENANT, tokenOf } from "./sign-in.ts";

const PUBLIC = findCloud("public", {});
const OWN = findCloud("stack", {
  stack: { resourceManager: "https://management.stack.example", authority: "https://adfs.stack.example" },
});
const TENANTLESS = tokenOf({ oid: "o", appid: "a" });

/** Gives these tokens, one after the other. */
function giving(...tokens: string[]): Parameters<typeof pinToTenant>[0] {
  return { getToken: async () => ({ token: tokens.shift() ?? "", expiresOnTimestamp: 0 }) };
}

test("a domain is pinned to the tenant of its first token", async () => {
  const tokens = [{ tid: TENANT }, { tid: TENANT.toUpperCase() }, { tid: OTHER_TENANT }].map(tokenOf);
  const pinned = pinToTenant(giving(...tokens), { tenantId: "contoso.com", cloud: PUBLIC });

  expect((await pinned.getToken("scope"))?.token).toBe(tokens[0]);
  expect((await pinned.getToken("scope"))?.token).toBe(tokens[1]);
  await expect(pinned.getToken("scope")).rejects.toMatchObject({
    code: "WrongTenant",
    message: `signed in to tenant ${OTHER_TENANT}, but this run is pinned to ${TENANT}`,
  });
});

test.each([
  ["none", TENANTLESS],
  ["one that is no text", tokenOf({ tid: 7 })],
])("of Entra's tokens that can be read one with %s as its tenant is refused", async (_, token) => {
  await expect(
    pinToTenant(giving(token), { tenantId: TENANT, cloud: PUBLIC }).getToken("scope"),
  ).rejects.toMatchObject({
    kind: "auth",
    code: "WrongTenant",
    message: `the token names no tenant, but this run is pinned to ${TENANT}`,
  });
});

test.each([
  ["an opaque token of Entra", "opaque", PUBLIC],
  ["a custom cloud's token without a tenant", TENANTLESS, OWN],
])("%s passes", async (_, token, cloud) => {
  const given = await pinToTenant(giving(token), { tenantId: TENANT, cloud }).getToken("scope");

  expect(given?.token).toBe(token);
});
