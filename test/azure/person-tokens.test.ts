import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AccessToken } from "@azure/core-auth";
import { expect, test } from "vitest";
import { readClaims } from "../../src/azure/claims.ts";
import { forgetPerson } from "../../src/azure/saved-account.ts";
import { createTokenStore, type TokenStore } from "../../src/azure/token-store.ts";
import { openPerson, type Person } from "./person.ts";
import { SECRET_TOOL } from "./secret-tool-script.ts";
import { OTHER_TENANT, TENANT } from "./sign-in.ts";
import { refusalOf } from "./wire.ts";

const SCOPE = "https://management.azure.com/.default";
const OPTIONS = { enableCae: true };
const KEPT = { "secret-tool": SECRET_TOOL };

const ADA = userOf("ada@contoso.com", "a3");
const BOB = userOf("bob@contoso.com", "b3");

/** Known in both tenants. */
function userOf(signInName: string, prefix: string): Person["world"]["users"][0] {
  const memberships = [TENANT, OTHER_TENANT].map((tenantId, index) => ({
    tenantId,
    objectId: `${prefix}000000-0000-4000-8000-00000000000${index}`,
  }));
  return { signInName, displayName: signInName, homeTenantId: TENANT, memberships };
}

function tokensOf(person: Person): TokenStore {
  return createTokenStore({ folder: join(person.folder, "cache"), warn: (text) => person.told.push(text) });
}

async function nameIn(token: Promise<AccessToken | null>): Promise<string | undefined> {
  return readClaims((await token)?.token ?? "")?.principal.name;
}

async function signIn(person: Person, tokens: TokenStore, tenantId = TENANT): Promise<string | undefined> {
  const credential = await person.open({ interactive: true, tokens, tenantId });
  return nameIn(credential.getToken(SCOPE, OPTIONS));
}

/** Whose tokens later runs are given, in both tenants. */
async function namesLater(person: Person, tokens: TokenStore): Promise<(string | undefined)[]> {
  const runs = [await person.open({ tokens }), await person.open({ tokens, tenantId: OTHER_TENANT })];
  return Promise.all(runs.map((each) => nameIn(each.getToken(SCOPE, OPTIONS))));
}

test("a person's tokens are kept for all tenants that they were asked for in", async () => {
  const person = await openPerson(KEPT);
  const tokens = tokensOf(person);
  person.world.users = [ADA];
  await signIn(person, tokens);

  const names = [await namesLater(person, tokens), await namesLater(person, tokens)];

  expect(names.flat()).toEqual(Array(4).fill("ada@contoso.com"));
  expect(person.seen).toEqual(["devicecode", "device_code", "device_code", "refresh_token"]);
});

test.each([
  [TENANT, ["bob@contoso.com", "bob@contoso.com"]],
  [OTHER_TENANT, ["ada@contoso.com", "bob@contoso.com"]],
])(
  "after another person's sign-in to %s the first one's tokens for it are not given out",
  async (to, names) => {
    const person = await openPerson(KEPT);
    const tokens = tokensOf(person);
    person.world.users = [ADA];
    await signIn(person, tokens);
    await namesLater(person, tokens);
    person.world.users = [BOB, ADA];

    const name = await signIn(person, tokens, to);

    expect([name, await namesLater(person, tokens)]).toEqual(["bob@contoso.com", names]);
  },
);

test("after the sign-in was forgotten nobody is given its tokens, in whichever tenant", async () => {
  const person = await openPerson(KEPT);
  const tokens = tokensOf(person);
  person.world.users = [ADA];
  await signIn(person, tokens);
  await namesLater(person, tokens);

  await tokens.forgetTenant("public", TENANT);
  const query = { stateFolder: join(person.folder, "state"), cloud: "public", tenantId: TENANT };
  const options = { env: { PATH: `${person.folder}:/usr/bin:/bin` }, signal: new AbortController().signal };
  await forgetPerson(query, options);

  for (const tenantId of [TENANT, OTHER_TENANT]) {
    const later = await person.open({ tokens, tenantId });
    const message = `nobody is signed in to tenant ${tenantId}`;
    expect(await refusalOf(later.getToken(SCOPE, OPTIONS))).toMatchObject({ kind: "auth", message });
  }
});

test("without a secret store, too, the next run is given the token of whoever signed in last", async () => {
  const person = await openPerson();
  const tokens = tokensOf(person);
  person.world.users = [ADA];
  await signIn(person, tokens);
  person.world.users = [BOB];
  await signIn(person, tokens);

  const later = await person.open({ tokens });

  expect(await nameIn(later.getToken(SCOPE, OPTIONS))).toBe("bob@contoso.com");
});

test("a token of a person whom Entra does not name is not kept", async () => {
  const person = await openPerson();
  person.intercept(({ body }) =>
    body.includes("device_code=") ? { status: 200, headers: {}, body: NAMELESS } : undefined,
  );
  const tokens = tokensOf(person);

  await (await person.open({ interactive: true, tokens })).getToken(SCOPE, OPTIONS);

  expect(person.told.at(-1)).toContain("Entra named no account");
  expect(existsSync(join(person.folder, "cache"))).toBe(false);
});

const NAMELESS = JSON.stringify({
  token_type: "Bearer",
  access_token: "opaque",
  expires_in: 3600,
  ext_expires_in: 3600,
  scope: SCOPE,
});

test("an account that cannot be remembered is an error: the next run would be the one before", async () => {
  const person = await openPerson(KEPT);
  writeFileSync(join(person.folder, "state"), "in the way");

  const credential = await person.open({ interactive: true, tokens: tokensOf(person) });

  expect(await refusalOf(credential.getToken(SCOPE, OPTIONS))).toMatchObject({
    kind: "failed",
    message: expect.stringMatching(/^cannot write .*\.json$/),
  });
  expect(existsSync(join(person.folder, "cache"))).toBe(false);
});
