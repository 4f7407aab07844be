import { expect, test } from "vitest";
import { findCloud, registryScope } from "../../src/azure/clouds.ts";
import {
  at,
  challenged,
  GLOBAL,
  WEST,
  PULL,
  MANIFEST,
  EXCHANGE,
  TOKEN,
  ENTRA,
  SCOPE,
  TENANT,
  REFRESH,
  ACCESS,
  IMAGE,
  READ,
  openRegistryData as open,
} from "./registry-rig.ts";
import { refusalOf, reply } from "./wire.ts";

test("challenge, exchange, token, request: each token goes where it belongs and nowhere else", async () => {
  const { data, wire, asked, log } = open({
    [MANIFEST]: [challenged(GLOBAL), IMAGE],
    [EXCHANGE]: REFRESH,
    [TOKEN]: ACCESS,
  });

  expect(await data.readManifest(at(GLOBAL), "shop/web", "1.4.2")).toEqual(READ);

  expect(wire.seen).toEqual([MANIFEST, EXCHANGE, TOKEN, MANIFEST]);
  expect(asked).toEqual([SCOPE]);
  expect(
    wire.requests.map(({ authorization, body }) => [
      authorization,
      Object.fromEntries(new URLSearchParams(body)),
    ]),
  ).toEqual([
    [undefined, {}],
    [undefined, { grant_type: "access_token", service: GLOBAL, tenant: TENANT, access_token: ENTRA }],
    [undefined, { grant_type: "refresh_token", service: GLOBAL, scope: PULL, refresh_token: "refresh-1" }],
    ["Bearer access-1", {}],
  ]);
  expect(log.join("\n")).not.toMatch(/entra|refresh-1|access-1/);
});

test("a regional host signs in on itself, for the service that its challenge names", async () => {
  const url = `GET https://${WEST}/v2/shop/web/manifests/1.4.2`;
  const { data, wire } = open({
    [url]: [challenged(WEST), IMAGE],
    [`POST https://${WEST}/oauth2/exchange`]: REFRESH,
    [`POST https://${WEST}/oauth2/token`]: ACCESS,
  });

  await data.readManifest(at(WEST), "shop/web", "1.4.2");

  expect(wire.requests.slice(1, 3).map(({ body }) => new URLSearchParams(body).get("service"))).toEqual([
    GLOBAL,
    GLOBAL,
  ]);
});

test("tokens are kept for the run: a second request is one request, another scope needs no exchange", async () => {
  const tags = `GET https://${GLOBAL}/acr/v1/shop/web/_tags`;
  const { data, wire } = open({
    [MANIFEST]: [challenged(GLOBAL), IMAGE, IMAGE],
    [tags]: [challenged(GLOBAL, "repository:shop/web:metadata_read"), reply(200, { tags: [] })],
    [EXCHANGE]: REFRESH,
    [TOKEN]: [ACCESS, ACCESS],
  });

  await data.readManifest(at(GLOBAL), "shop/web", "1.4.2");
  await data.readManifest(at(GLOBAL), "shop/web", "1.4.2");
  for await (const _ of data.listTags(at(GLOBAL), "shop/web"));

  expect(wire.seen.filter((each) => each === EXCHANGE)).toHaveLength(1);
});

test("an access token that has ended is replaced, and so is a refresh token", async () => {
  const again = reply(200, { refresh_token: "refresh-2" });
  const { data, wire } = open({
    [MANIFEST]: [challenged(GLOBAL), IMAGE, challenged(GLOBAL), IMAGE],
    [EXCHANGE]: [REFRESH, again],
    [TOKEN]: [ACCESS, challenged(GLOBAL), ACCESS],
  });

  await data.readManifest(at(GLOBAL), "shop/web", "1.4.2");
  expect(await data.readManifest(at(GLOBAL), "shop/web", "1.4.2")).toEqual(READ);

  const last = wire.requests.at(-2)?.body ?? "";
  expect(new URLSearchParams(last).get("refresh_token")).toBe("refresh-2");
});

test("an Entra token that is refused is forgotten and replaced once", async () => {
  const { data, asked } = open({
    [MANIFEST]: challenged(GLOBAL),
    [EXCHANGE]: [challenged(GLOBAL), challenged(GLOBAL)],
  });

  expect(await refusalOf(data.readManifest(at(GLOBAL), "shop/web", "1.4.2"))).toMatchObject({
    kind: "auth",
    code: "UNAUTHORIZED",
    status: 401,
  });
  expect(asked).toEqual([SCOPE, `forget ${ENTRA}`, SCOPE]);
});

test.each([
  ["another host", "https://attacker.example/oauth2/token"],
  ["another host of the same registry", `https://${WEST}/oauth2/token`],
  ["another path", `https://${GLOBAL}/elsewhere`],
  ["no TLS", `http://${GLOBAL}/oauth2/token`],
  ["a user in front of another host", `https://${GLOBAL}@attacker.example/oauth2/token`],
])("a realm with %s is refused before any token is asked for", async (_, realm) => {
  const { data, asked } = open({ [MANIFEST]: challenged(GLOBAL, PULL, realm) });

  expect(await refusalOf(data.readManifest(at(GLOBAL), "shop/web", "1.4.2"))).toMatchObject({
    kind: "failed",
    code: "ForeignRealm",
    message: `${GLOBAL} asks for a sign-in elsewhere`,
  });
  expect(asked).toEqual([]);
});

test("a service that is not this registry is refused as well", async () => {
  const header = `Bearer realm="https://${GLOBAL}/oauth2/token",service="other.azurecr.io"`;
  const { data, asked } = open({ [MANIFEST]: reply(401, {}, { "www-authenticate": header }) });

  expect(await refusalOf(data.readManifest(at(GLOBAL), "shop/web", "1.4.2"))).toMatchObject({
    code: "ForeignRealm",
  });
  expect(asked).toEqual([]);
});

test.each(["other.azurecr.io", "shopimages.eastus2.data.azurecr.io"])(
  "a host that the control plane did not name as one of the registry's is not asked: %s",
  async (host) => {
    const { data, wire } = open({});

    expect(await refusalOf(data.readManifest(at(host), "shop/web", "1.4.2"))).toMatchObject({
      code: "ForeignHost",
    });
    expect(wire.seen).toEqual([]);
  },
);

test("tokens are meant for registries in the public cloud, and for ARM where the SDK knows no other", () => {
  expect(registryScope(findCloud("public", {}))).toBe(SCOPE);
  expect(registryScope(findCloud("usgov", {}))).toBe("https://management.usgovcloudapi.net/.default");
});
