import { expect, test } from "vitest";
import { readEnd } from "../../src/azure/claims.ts";
import { writeJwt } from "../../src/sandbox/token.ts";
import {
  at,
  challenged,
  ENTRA,
  EXCHANGE,
  GLOBAL,
  openRegistryData as open,
  REFRESH,
  TENANT,
  WEST,
} from "./registry-rig.ts";
import { refusalOf, reply } from "./wire.ts";

const V2 = `GET https://${GLOBAL}/v2/`;
const EXP = Date.parse("2026-11-21T11:00:00Z") / 1000;

test("a sign-in is one challenge and one exchange at the host itself", async () => {
  const { data, wire, log } = open({
    [`GET https://${WEST}/v2/`]: [challenged(WEST)],
    [`POST https://${WEST}/oauth2/exchange`]: REFRESH,
  });

  expect(await data.signIn(at(WEST))).toEqual({ token: "refresh-1", expires: undefined });

  expect(wire.seen).toEqual([`GET https://${WEST}/v2/`, `POST https://${WEST}/oauth2/exchange`]);
  expect(Object.fromEntries(new URLSearchParams(wire.requests[1]?.body))).toEqual({
    grant_type: "access_token",
    service: GLOBAL,
    tenant: TENANT,
    access_token: ENTRA,
  });
  expect(log.join("\n")).not.toMatch(/entra|refresh-1/);
});

test("when the token ends is read from it", async () => {
  const token = writeJwt({ exp: EXP });
  const { data } = open({ [V2]: [challenged(GLOBAL)], [EXCHANGE]: reply(200, { refresh_token: token }) });

  expect(await data.signIn(at(GLOBAL))).toEqual({ token, expires: new Date(EXP * 1000) });
});

test.each([
  ["text", "opaque"],
  ["no JSON", "a.b.c"],
  ["null", `a.${Buffer.from("null").toString("base64url")}.c`],
  ["an end that is no number", writeJwt({ exp: "soon" })],
  ["an end beyond all dates", writeJwt({ exp: 1e300 })],
])("a token of %s does not say when it ends", (_, token) => {
  expect(readEnd(token)).toBeUndefined();
});

test.each([
  ["another host's realm", challenged(GLOBAL, "x", "https://attacker.example/oauth2/token"), "elsewhere"],
  ["no challenge", reply(401, { errors: [{ code: "UNAUTHORIZED", message: "no" }] }), "no"],
  ["no need of one", reply(200, {}), "asks for no sign-in"],
  [
    "a network rule",
    reply(403, { errors: [{ code: "DENIED", message: "client with IP" }] }),
    "client with IP",
  ],
])("with %s no token is sent", async (_, answer, message) => {
  const { data, wire, asked } = open({ [V2]: answer });

  expect((await refusalOf(data.signIn(at(GLOBAL)))).message).toContain(message);
  expect([wire.seen, asked]).toEqual([[V2], []]);
});

test("a host that the control plane did not name is not asked", async () => {
  const { data, wire, asked } = open({});

  expect(await refusalOf(data.signIn(at("attacker.example")))).toMatchObject({ code: "ForeignHost" });
  expect([wire.seen, asked]).toEqual([[], []]);
});
