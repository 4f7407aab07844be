import { expect, test } from "vitest";
import { readToken } from "../../src/sandbox/token.ts";
import {
  ADA,
  ADA_AS_GUEST,
  ADA_AT_HOME,
  addAda,
  CLIENT,
  LOGIN,
  openCloud,
  OTHER_TENANT,
  postToken,
  rehearse,
  TENANT,
  type Answer,
  type Cloud,
} from "./azure.ts";

function withAda(refusal?: number): Promise<Cloud> {
  return openCloud({ edit: (world) => addAda(world, refusal) });
}

function claimsOf(answer: Answer): Record<string, unknown> {
  return { ...readToken(answer.body.access_token) };
}

test("the rehearsal signs in the tenant's user, with the object id of that tenant", async () => {
  const { sandbox } = await withAda();

  const atHome = claimsOf(await rehearse(sandbox));
  const asGuest = claimsOf(await rehearse(sandbox, { tenant: OTHER_TENANT }));

  expect(atHome).toMatchObject({
    tid: TENANT,
    oid: ADA_AT_HOME,
    upn: ADA,
    unique_name: ADA,
    name: "Ada Lovelace",
    idtyp: "user",
    scp: "user_impersonation",
  });
  expect(asGuest).toMatchObject({ tid: OTHER_TENANT, oid: ADA_AS_GUEST, upn: ADA });
});

test("a client id signs in its application, even where there is a user", async () => {
  const { sandbox } = await withAda();

  const claims = claimsOf(await postToken(sandbox));

  expect(claims).toMatchObject({ appid: CLIENT, idtyp: "app" });
  expect(claims).not.toHaveProperty("upn");
});

test("a tenant without the user falls back to its application", async () => {
  const { sandbox } = await openCloud({
    edit: (world) => {
      addAda(world);
      world.users[0]!.memberships.pop();
    },
  });

  const claims = claimsOf(await rehearse(sandbox, { tenant: OTHER_TENANT }));

  expect(claims["idtyp"]).toBe("app");
});

test.for(["organizations", "common"])("%s is the user's home tenant", async (tenant) => {
  const { sandbox } = await withAda();

  const claims = claimsOf(await rehearse(sandbox, { tenant }));

  expect(claims["tid"]).toBe(TENANT);
});

test("organizations is no tenant where nobody has a home", async () => {
  const { sandbox } = await openCloud();

  const answer = await rehearse(sandbox, { tenant: "organizations" });

  expect(answer.body.error_codes).toEqual([90002]);
});

test("a tenant that needs a second factor says so with the claims to ask for", async () => {
  const { sandbox } = await withAda(50076);

  const answer = await rehearse(sandbox, { tenant: OTHER_TENANT });

  const { claims, ...body } = answer.body;
  expect(answer.status).toBe(400);
  expect(body).toEqual({
    error: "invalid_grant",
    error_description: expect.stringMatching(/^AADSTS50076: .* multi-factor authentication .* Trace ID: /),
    error_codes: [50076],
    timestamp: "2026-11-21 08:00:00Z",
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
    error_uri: `${LOGIN}/error?code=50076`,
    suberror: "basic_action",
  });
  expect(JSON.parse(claims)).toEqual({
    access_token: { capolids: { essential: true, values: [expect.any(String)] } },
  });
});

test("what stops the user in one tenant does not in another", async () => {
  const { sandbox } = await withAda(50076);

  const answer = await rehearse(sandbox);

  expect(answer.status).toBe(200);
});

test.for([50076, 50078, 50079, 700082])("a person clears %d for good", async (refusal) => {
  const { sandbox, world } = await withAda(refusal);
  const tenant = OTHER_TENANT;

  const alone = await rehearse(sandbox, { tenant });
  const attended = await rehearse(sandbox, { tenant, form: { interactive: "true" } });
  const afterwards = await rehearse(sandbox, { tenant });

  expect([alone.status, attended.status, afterwards.status]).toEqual([400, 200, 200]);
  expect(world.users[0]?.memberships[1]).toEqual({ tenantId: OTHER_TENANT, objectId: ADA_AS_GUEST });
});

test("what a person cleared is saved", async () => {
  let saves = 0;
  const { sandbox } = await openCloud({
    edit: (world) => addAda(world, 50076),
    save: async () => {
      saves += 1;
    },
  });

  await rehearse(sandbox, { tenant: OTHER_TENANT, form: { interactive: "true" } });

  expect(saves).toBe(1);
});

test.for([53003, 65001])("a person cannot clear %d", async (refusal) => {
  const { sandbox, world } = await withAda(refusal);

  const answer = await rehearse(sandbox, { tenant: OTHER_TENANT, form: { interactive: "true" } });

  expect(answer.body.error_codes).toEqual([refusal]);
  expect(answer.body).not.toHaveProperty("suberror");
  expect(world.users[0]?.memberships[1]?.refusal).toBe(refusal);
});

test.for([
  ["as the standard spells it", { essential: true, value: "p1" }],
  ["as Azure sends it", { essential: true, values: ["p1"] }],
] as const)("claims that were asked for are in the token, %s", async ([, acrs]) => {
  const { sandbox } = await openCloud();

  const answer = await rehearse(sandbox, { form: { claims: JSON.stringify({ access_token: { acrs } }) } });

  expect(claimsOf(answer)["acrs"]).toEqual(["p1"]);
});
