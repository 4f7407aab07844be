import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readClaims } from "../../src/azure/claims.ts";
import { forgetPerson } from "../../src/azure/saved-account.ts";
import { putOnPath } from "./on-path.ts";
import { openPerson, type Person } from "./person.ts";
import { SECRET_TOOL } from "./secret-tool-script.ts";
import { OTHER_TENANT, TENANT } from "./sign-in.ts";
import { refusalOf } from "./wire.ts";

const SCOPE = "https://management.azure.com/.default";
const OPTIONS = { enableCae: true };
const CLAIMS = '{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}';
const KEPT = { "secret-tool": SECRET_TOOL };
const SIGN_IN = `run azwise login --tenant ${TENANT} --auth device`;

async function signIn(person: Person): Promise<void> {
  const credential = await person.open({ interactive: true });
  await credential.getToken(SCOPE, OPTIONS);
  person.seen.length = 0;
  person.told.length = 0;
}

test("a device code is shown, and the sign-in kept for runs that may not ask", async () => {
  const person = await openPerson(KEPT);

  const credential = await person.open({ interactive: true });
  const token = await credential.getToken(SCOPE, OPTIONS);
  const later = await person.open();
  const renewed = await later.getToken(SCOPE, OPTIONS);

  expect(person.seen).toEqual(["devicecode", "device_code", "device_code", "refresh_token"]);
  expect(person.told).toEqual([
    expect.stringMatching(/^to sign in, open https:\/\/microsoft\.com\/devicelogin and enter the code \w+$/),
  ]);
  const [first, second] = [token, renewed].map((each) => readClaims(each?.token ?? ""));
  expect(first?.tenantId).toBe(TENANT);
  expect(first?.principal.kind).toBe("user");
  expect(second).toEqual(first);
});

test("the secret goes to the store by a pipe, without access tokens, and nowhere else", async () => {
  const person = await openPerson(KEPT);

  await signIn(person);

  const secret = readFileSync(join(person.folder, "secrets", TENANT), "utf8");
  const sizes = Object.entries(JSON.parse(secret) as Record<string, object>).map(([name, entries]) => [
    name,
    Object.keys(entries).length,
  ]);
  expect(Object.fromEntries(sizes)).toEqual({
    Account: 1,
    IdToken: 0,
    AccessToken: 0,
    RefreshToken: 1,
    AppMetadata: 0,
  });
  expect(person.runs()).toEqual([
    `secret-tool store --label azwise: sign-in to ${TENANT} (public) application azwise cloud public tenant ${TENANT}`,
  ]);
});

test("who signed in is remembered in a private file without a secret", async () => {
  const person = await openPerson(KEPT);

  await signIn(person);

  const folder = join(person.folder, "state", "accounts");
  const [file = "", ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(file).toMatch(/^[0-9a-f]{32}\.json$/);
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  const saved = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>;
  expect(saved).toEqual({
    formatVersion: 1,
    cloud: "public",
    tenantId: TENANT,
    savedAt: "2026-11-21T08:00:00.000Z",
    account: {
      homeAccountId: expect.stringContaining("."),
      localAccountId: expect.any(String),
      environment: "login.windows.net",
      tenantId: TENANT,
      username: person.world.users[0]?.signInName,
    },
  });
});

test("a new sign-in asks the person again, whoever is signed in", async () => {
  const person = await openPerson(KEPT);
  await signIn(person);

  const credential = await person.open({ interactive: true });
  await credential.getToken(SCOPE, OPTIONS);

  expect(person.seen).toEqual(["devicecode", "device_code", "device_code"]);
});

test("an account that is known in another tenant, too, needs no sign-in there", async () => {
  const person = await openPerson(KEPT);
  await signIn(person);
  const [user] = person.world.users;
  const guest = {
    ...user?.memberships[0],
    tenantId: OTHER_TENANT,
    objectId: "b2000000-0000-4000-8000-0000000000ff",
  };
  person.world.users[0]?.memberships.push(guest as NonNullable<typeof user>["memberships"][0]);

  const credential = await person.open({ tenantId: OTHER_TENANT });
  const token = await credential.getToken(SCOPE, OPTIONS);

  expect(person.seen).toEqual(["refresh_token"]);
  expect(readClaims(token?.token ?? "")?.tenantId).toBe(OTHER_TENANT);
});

test("a run that may not ask says which sign-in is missing, and sends nothing", async () => {
  const person = await openPerson(KEPT);

  const credential = await person.open();

  expect(await refusalOf(credential.getToken(SCOPE, OPTIONS))).toEqual({
    kind: "auth",
    message: `nobody is signed in to tenant ${TENANT}`,
    hint: SIGN_IN,
    uncertain: false,
  });
  expect(person.seen).toEqual([]);
  expect(person.told).toEqual([]);
});

test("without a secret store the sign-in lasts as long as its token, and that is said both times", async () => {
  const person = await openPerson();

  await (await person.open({ interactive: true })).getToken(SCOPE, OPTIONS);
  const later = await person.open();
  const refusal = await refusalOf(later.getToken(SCOPE, OPTIONS));

  expect(person.told[1]).toBe(
    "this sign-in lasts as long as its access token: secret-tool (package libsecret-tools) is not installed",
  );
  expect(refusal).toEqual({
    kind: "auth",
    message: `the sign-in of ${person.world.users[0]?.signInName} ended: secret-tool (package libsecret-tools) is not installed`,
    hint: SIGN_IN,
    uncertain: false,
  });
});

test("a secret store that refuses is not quoted, for the secret may be in its words", async () => {
  const broken = `cat >&2; exit 1`;
  const person = await openPerson({ "secret-tool": broken });

  await (await person.open({ interactive: true })).getToken(SCOPE, OPTIONS);

  expect(person.told[1]).toBe(
    "this sign-in lasts as long as its access token: the secret service refused, or cannot be reached",
  );
});

test("a sign-in that was revoked is said to be that, with its code", async () => {
  const person = await openPerson(KEPT);
  await signIn(person);
  person.intercept(({ body }) => (body.includes("refresh_token=") ? revoked() : undefined));

  const credential = await person.open();

  expect(await refusalOf(credential.getToken(SCOPE, OPTIONS))).toEqual({
    kind: "auth",
    message: "sign-in was refused",
    code: "AADSTS50173",
    hint: `the sign-in was revoked: ${SIGN_IN}`,
    uncertain: false,
  });
});

function revoked(): ReturnType<Parameters<Person["intercept"]>[0]> {
  const body = { error: "invalid_grant", error_description: "AADSTS50173: Words.", error_codes: [50173] };
  return { status: 400, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

test("claims are asked for with the kept sign-in first", async () => {
  const person = await openPerson(KEPT);
  await signIn(person);

  const credential = await person.open();
  const token = await credential.getToken(SCOPE, { ...OPTIONS, claims: CLAIMS });

  expect(person.seen).toEqual(["refresh_token"]);
  expect(token?.token).toEqual(expect.any(String));
});

test("claims that nobody is there to satisfy lead to the command, claims unchanged", async () => {
  const person = await openPerson();

  const credential = await person.open();

  expect(await refusalOf(credential.getToken(SCOPE, { ...OPTIONS, claims: CLAIMS }))).toEqual({
    kind: "auth",
    message: "Azure asks for a stronger sign-in",
    code: "insufficient_claims",
    hint: `${SIGN_IN} --claims-challenge ${Buffer.from(CLAIMS).toString("base64")}`,
    uncertain: false,
  });
});

test.each([
  ["authorization_declined", "the sign-in was declined"],
  ["expired_token", "nobody signed in before the code ended"],
])("a device code that ends with %s says what happened", async (error, message) => {
  const person = await openPerson(KEPT);
  person.intercept(({ body }) =>
    body.includes("device_code=")
      ? { status: 400, headers: {}, body: JSON.stringify({ error, error_codes: [70018] }) }
      : undefined,
  );

  const credential = await person.open({ interactive: true });

  expect(await refusalOf(credential.getToken(SCOPE, OPTIONS))).toMatchObject({ kind: "auth", message });
});

test.each([
  ["to ask a person", true],
  ["to say that nobody is signed in", false],
])("no answer is no reason %s", async (_, interactive) => {
  const person = await openPerson(KEPT);
  await signIn(person);
  person.intercept(() => ({ status: 503, headers: {}, body: "" }));

  const credential = await person.open({ interactive, fresh: false });

  expect(await refusalOf(credential.getToken(SCOPE, OPTIONS))).toMatchObject({
    kind: "failed",
    message: "login.microsoftonline.com answered HTTP 503",
  });
  expect(person.told).toEqual([]);
});

test.each([
  ["broken", "{"],
  ["of another shape", '{"formatVersion":2}'],
])("a remembered account that is %s counts as none", async (_, text) => {
  const person = await openPerson(KEPT);
  await signIn(person);
  const folder = join(person.folder, "state", "accounts");
  const [file = ""] = readdirSync(folder);
  writeFileSync(join(folder, file), text, { mode: 0o600 });

  const credential = await person.open();

  expect(await refusalOf(credential.getToken(SCOPE, OPTIONS))).toMatchObject({
    message: `nobody is signed in to tenant ${TENANT}`,
  });
});

test("what is kept of a person is forgotten in both places, and only for that tenant", async () => {
  const person = await openPerson(KEPT);
  await signIn(person);
  const stateFolder = join(person.folder, "state");
  const options = { env: { PATH: `${person.folder}:/usr/bin:/bin` }, signal: new AbortController().signal };
  const left = (): string[][] => [
    readdirSync(join(stateFolder, "accounts")),
    readdirSync(join(person.folder, "secrets")),
  ];

  const query = { stateFolder, cloud: "public" };
  await forgetPerson({ ...query, tenantId: OTHER_TENANT }, options);
  const before = left();
  const problem = await forgetPerson({ ...query, tenantId: TENANT }, options);

  expect(before.map((names) => names.length)).toEqual([1, 1]);
  expect([problem, left()]).toEqual([undefined, [[], []]]);
});

test("a secret that cannot be removed is said to be still there", async () => {
  const person = await openPerson(KEPT);
  await signIn(person);
  const broken = putOnPath({ "secret-tool": `echo "secret-tool: locked" >&2; exit 1` });
  const query = { stateFolder: join(person.folder, "state"), cloud: "public", tenantId: TENANT };

  const problem = await forgetPerson(query, { env: broken.env, signal: new AbortController().signal });

  expect(problem).toBe("the secret service refused, or cannot be reached");
});
