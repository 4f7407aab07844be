import { expect, test } from "vitest";
import { list, REGISTRY } from "../../src/sandbox/bodies.ts";
import { SandboxConnectionLost } from "../../src/sandbox/handler.ts";
import { fault, request, SCOPE, type Answer } from "./azure.ts";
import {
  ACCEPT,
  dataCode as code,
  enableRegional,
  exchange,
  openData,
  post,
  SHOP_HOST,
  SHOP_WEST,
} from "./registry-data.ts";

const PULL = "repository:shop/web:pull";
const TAGS = "repository:shop/web:metadata_read";
const CATALOG = "registry:catalog:*";

test("a request without a token is challenged; the realm is the host asked, the service the global name", async () => {
  const { ask } = await openData(enableRegional);

  const global = await ask("/v2/");
  const regional = await ask(`https://${SHOP_WEST}/v2/shop/web/manifests/1.4.2`);

  expect(code(global)).toEqual([401, "UNAUTHORIZED"]);
  expect(global.headers["www-authenticate"]).toBe(
    `Bearer realm="https://${SHOP_HOST}/oauth2/token",service="${SHOP_HOST}"`,
  );
  expect(global.headers["docker-distribution-api-version"]).toBe("registry/2.0");
  expect(Object.keys(global.headers).filter((name) => name.includes("ratelimit"))).toEqual([]);
  expect(regional.headers["www-authenticate"]).toBe(
    `Bearer realm="https://${SHOP_WEST}/oauth2/token",service="${SHOP_HOST}",scope="${PULL}"`,
  );
});

test("a token is exchanged only by POST, for the right service, audience and tenant", async () => {
  const { sandbox, ask, world } = await openData();

  expect((await exchange(sandbox)).status).toBe(200);
  expect((await ask("/oauth2/exchange")).status).toBe(404);
  expect((await ask("/oauth2/token", { method: "PUT" })).status).toBe(404);
  expect((await exchange(sandbox, { form: { service: "other.azurecr.io" } })).status).toBe(401);
  expect((await exchange(sandbox, { form: { access_token: "x" } })).status).toBe(401);
  expect((await exchange(sandbox, { scope: "https://vault.azure.net/.default" })).status).toBe(401);
  expect((await exchange(sandbox, { scope: SCOPE })).status).toBe(200);
  const shop = list(world, REGISTRY).find(({ name }) => name === "shopregistry")!;
  (shop.properties["policies"] as Record<string, object>)["azureADAuthenticationAsArmPolicy"] = {};
  expect((await exchange(sandbox, { scope: SCOPE })).status).toBe(401);
});

test("a token of the registry is good for its scope and its time", async () => {
  const { ask, sandbox, tokenFor } = await openData();
  const authorization = `Bearer ${await tokenFor(CATALOG)}`;

  const other = await ask("/acr/v1/shop/web/_tags", { headers: { authorization } });

  expect((await ask("/v2/", { headers: { authorization } })).status).toBe(200);
  expect((await ask("/v2/_catalog", { headers: { authorization } })).status).toBe(200);
  expect(other.status).toBe(401);
  expect(other.headers["www-authenticate"]).toContain(`scope="${TAGS}",error="insufficient_scope"`);
  await sandbox.sleep(76 * 60_000);
  expect((await ask("/v2/_catalog", { headers: { authorization } })).status).toBe(401);
});

test("who may not pull gets a token that opens nothing", async () => {
  const { ask } = await openData((world) => {
    const notActions = ["Microsoft.ContainerRegistry/registries/pull/read"];
    world.settings.permissions = [{ scope: "/", actions: ["*"], notActions }];
  });

  expect(code(await ask("/v2/_catalog", { scope: CATALOG }))).toEqual([401, "UNAUTHORIZED"]);
});

test("without credentials only a registry with anonymous pull gives a token", async () => {
  const { ask, world } = await openData();
  const target = `/oauth2/token?service=${SHOP_HOST}&scope=${PULL}`;

  const before = await ask(target);
  list(world, REGISTRY).find(({ name }) => name === "shopregistry")!.properties["anonymousPullEnabled"] =
    true;
  const after = await ask(target);

  const headers = { authorization: `Bearer ${after.body.access_token}`, accept: "*/*" };
  expect(before.status).toBe(401);
  expect((await ask("/v2/shop/web/manifests/1.4.2", { headers })).status).toBe(200);
});

test("repositories come in pages with a relative link, and an empty list is null", async () => {
  const { ask, world } = await openData();

  const first = await ask("/acr/v1/_catalog?n=1", { scope: CATALOG });
  const second = await ask("/acr/v1/_catalog?n=1&last=shop%2Fapi", { scope: CATALOG });
  world.images = {};

  expect(first.body).toEqual({ repositories: ["shop/api"] });
  expect(first.headers["link"]).toBe('</acr/v1/_catalog?last=shop%2Fapi&n=1&orderby=>; rel="next"');
  expect(second.body).toEqual({ repositories: ["shop/web"] });
  expect(second.headers["link"]).toBeUndefined();
  expect((await ask("/v2/_catalog", { scope: CATALOG })).body).toEqual({ repositories: null });
});

test("tags tell digest, times and locks, newest first when asked", async () => {
  const { ask } = await openData();

  const { body } = await ask("/acr/v1/shop/web/_tags?orderby=timedesc", { scope: TAGS });

  expect(body.tags.map(({ name }: { name: string }) => name)).toEqual(["stable", "1.4.2", "1.4.1"]);
  expect(body.tags[0].digest).toBe(body.tags[1].digest);
  expect(body.tags[1].changeableAttributes).toEqual({
    deleteEnabled: false,
    writeEnabled: false,
    readEnabled: true,
    listEnabled: true,
  });
});

test("a manifest needs an Accept that fits; what is missing is told to GET and not to HEAD", async () => {
  const { ask } = await openData();
  const read = (path: string, method: string, accept: string): Promise<Answer> =>
    ask(`/v2/${path}`, {
      method,
      scope: `repository:${path.split("/manifests")[0]}:pull`,
      headers: { accept },
    });

  const head = await read("shop/web/manifests/1.4.2", "HEAD", ACCEPT);
  const index = JSON.parse((await read("shop/web/manifests/1.4.2", "GET", ACCEPT)).text);
  const child = await read(`shop/web/manifests/${index.manifests[1].digest}`, "GET", ACCEPT);

  expect([head.status, head.text]).toEqual([200, ""]);
  expect(head.headers["docker-content-digest"]).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(head.headers["content-type"]).toBe("application/vnd.oci.image.index.v1+json");
  expect(child.headers["docker-content-digest"]).toBe(index.manifests[1].digest);
  expect(code(await read("shop/web/manifests/1.4.2", "GET", "application/json"))).toEqual([
    404,
    "MANIFEST_UNKNOWN",
  ]);
  expect(code(await read("shop/web/manifests/9", "GET", ACCEPT))).toEqual([404, "MANIFEST_UNKNOWN"]);
  expect(code(await read("shop/none/manifests/9", "GET", ACCEPT))).toEqual([404, "NAME_UNKNOWN"]);
  expect(await read("shop/web/manifests/9", "HEAD", ACCEPT)).toMatchObject({ status: 404, text: "" });
});

test("a region that is down answers at the front door, without JSON", async () => {
  const { ask } = await openData((world) => {
    enableRegional(world);
    world.settings.downRegions = ["westeurope"];
  });

  const { status, headers, text } = await ask(`https://${SHOP_WEST}/v2/`);

  expect([status, headers["content-type"]]).toEqual([503, "text/plain"]);
  expect(text).toContain("Ref A:");
});

test("a regional host resolves only while regional endpoints are on", async () => {
  const { sandbox } = await openData();
  const asking = request(sandbox, { method: "GET", url: `https://${SHOP_WEST}/v2/`, headers: {}, body: "" });

  await expect(asking).rejects.toEqual(new SandboxConnectionLost(false, "ENOTFOUND"));
  await expect(asking).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("network rules deny a client that is neither named nor beside a private endpoint", async () => {
  const { ask, world } = await openData();
  const { settings } = world;
  settings.clientIsPrivate = false;

  expect((await ask("/v2/")).status).toBe(401);
  settings.clientAddress = "198.51.100.7";
  const denied = await ask("/v2/");
  expect(code(denied)).toEqual([403, "DENIED"]);
  expect(denied.body.errors[0].message).toContain("'198.51.100.7'");
  expect((await ask("https://legacyapp.azurecr.io/v2/")).status).toBe(401);
  expect((await ask("https://platformimages-g3a9dfh2c5e7b6hk.azurecr.io/v2/")).status).toBe(403);
  settings.clientIsPrivate = true;
  expect((await ask("/v2/")).status).toBe(401);
});

test("each replica throttles for itself, at the exchange of tokens too", async () => {
  const { ask, sandbox, world } = await openData(enableRegional);
  world.settings.replicaRequestsPerMinute = 1;

  expect((await ask("/v2/")).status).toBe(401);
  const throttled = await ask("/v2/");
  expect(code(throttled)).toEqual([429, "TOOMANYREQUESTS"]);
  expect(throttled.headers["retry-after"]).toBeUndefined();
  expect((await post(sandbox, `https://${SHOP_HOST}/oauth2/exchange`, {})).status).toBe(429);
  expect((await ask(`https://${SHOP_WEST}/v2/`)).status).toBe(401);
  await sandbox.sleep(60_000);
  expect((await ask("/v2/")).status).toBe(401);
});

test("faults meet a registry's hosts only by name, and in their own words", async () => {
  const { ask, world } = await openData();
  world.faults = [fault("throttle"), fault("throttle", { match: { path: "/v2" } })];

  const answer = await ask("/v2/");

  expect(code(answer)).toEqual([429, "TOOMANYREQUESTS"]);
  expect(answer.headers["retry-after"]).toBe("5");
  expect(world.faults).toHaveLength(1);
});
