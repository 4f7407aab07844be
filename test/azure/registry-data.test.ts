import { expect, test } from "vitest";
import {
  at,
  challenged,
  GLOBAL,
  WEST,
  MANIFEST,
  OCI_INDEX,
  manifestReply,
  EXCHANGE,
  TOKEN,
  ENTRA,
  REFRESH,
  ACCESS,
  IMAGE,
  READ,
  openRegistryData as open,
} from "./registry-rig.ts";
import { lost, refusalOf, reply } from "./wire.ts";

test("a blob is only located: the redirect is not followed", async () => {
  const blob = `GET https://${GLOBAL}/v2/shop/web/blobs/sha256:c`;
  const location = "https://shopimages.westeurope.data.azurecr.io/x?sig=secret";
  const { data, wire, log } = open({
    [blob]: [challenged(GLOBAL), reply(307, undefined, { location }), reply(404, {}), reply(200, "{}")],
    [EXCHANGE]: REFRESH,
    [TOKEN]: ACCESS,
  });
  const locate = (): Promise<string | undefined> => data.locateBlob(at(GLOBAL), "shop/web", "sha256:c");

  expect(await locate()).toBe("shopimages.westeurope.data.azurecr.io");
  expect(await locate()).toBeUndefined();
  expect(await locate()).toBe(GLOBAL);
  expect(wire.seen.filter((each) => each.includes(".data."))).toEqual([]);
  expect(log.join("\n")).not.toContain("secret");
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("lists are read page by page on the same host, and an empty one may be null", async () => {
  const link = { link: '</acr/v1/_catalog?last=a&n=100&orderby=>; rel="next"' };
  const { data, wire } = open({
    [`GET https://${GLOBAL}/acr/v1/_catalog`]: [
      reply(200, { repositories: ["a"] }, link),
      reply(200, { repositories: ["b"] }),
      reply(200, { repositories: null }),
      reply(200, { repositories: ["a"] }, { link: '<//attacker.example/acr>; rel="next"' }),
      reply(404, { errors: [{ code: "NAME_UNKNOWN" }] }),
    ],
  });
  const list = (): Promise<string[]> => all(data.listRepositories(at(GLOBAL)));

  expect(await list()).toEqual(["a", "b"]);
  expect(wire.seen[1]).toBe(`GET https://${GLOBAL}/acr/v1/_catalog?last=a&n=100&orderby=`);
  expect([await list(), await list(), await list()]).toEqual([[], ["a"], []]);
});

test("what a replica does not have is undefined; a list of images names them", async () => {
  const index = manifestReply(OCI_INDEX, { manifests: [{ digest: "sha256:1" }, { digest: "sha256:2" }] });
  const { data } = open({ [MANIFEST]: [reply(404, { errors: [{ code: "MANIFEST_UNKNOWN" }] }), index] });
  const read = (): ReturnType<typeof data.readManifest> => data.readManifest(at(GLOBAL), "shop/web", "1.4.2");

  expect(await read()).toBeUndefined();
  expect(await read()).toMatchObject({ images: ["sha256:1", "sha256:2"], blobs: [] });
});

test("throttling without a word of how long is waited for, at the exchange too", async () => {
  const busy = reply(429, { errors: [{ code: "TOOMANYREQUESTS", message: "Too many requests." }] });
  const { data, clock } = open({
    [MANIFEST]: [busy, challenged(GLOBAL), IMAGE],
    [EXCHANGE]: [busy, REFRESH],
    [TOKEN]: ACCESS,
  });

  expect(await data.readManifest(at(GLOBAL), "shop/web", "1.4.2")).toEqual(READ);
  expect(clock.slept).toHaveLength(2);
});

test("a refusal keeps the registry's own code, says what to do, and repeats no token", async () => {
  const message = "client with IP '198.51.100.7' is not allowed access.";
  const echo = reply(403, { errors: [{ code: "OTHER", message: `no ${ENTRA}` }] });
  const { data } = open({
    [MANIFEST]: [reply(403, { errors: [{ code: "DENIED", message }] }), challenged(GLOBAL)],
    [EXCHANGE]: echo,
  });
  const read = (): Promise<Record<string, unknown>> =>
    refusalOf(data.readManifest(at(GLOBAL), "shop/web", "1.4.2"));

  expect(await read()).toMatchObject({
    kind: "auth",
    code: "DENIED",
    message,
    status: 403,
    hint: expect.stringContaining("from inside its network"),
  });
  expect(await read()).toMatchObject({ message: "no ***" });
});

test("a page in place of JSON is no answer of a registry", async () => {
  const { data } = open({ [MANIFEST]: reply(200, "<html>sign in to the hotel</html>") });

  expect(await refusalOf(data.readManifest(at(GLOBAL), "shop/web", "1.4.2"))).toMatchObject({
    code: "NotJson",
  });
});

test.each(["ENOTFOUND", "ECONNREFUSED"])("%s says that the host cannot be reached", async (code) => {
  const tries = [1, 2, 3, 4].map(() => lost(code));
  const { data } = open({ [MANIFEST]: tries });

  expect(await refusalOf(data.readManifest(at(GLOBAL), "shop/web", "1.4.2"))).toMatchObject({
    code,
    message: `cannot reach ${GLOBAL}`,
  });
});

test("a probe is one request without a token, and any answer is told as it is", async () => {
  const url = `GET https://${WEST}/v2/`;
  const version = { "docker-distribution-api-version": "registry/2.0" };
  const { data, asked, wire } = open({
    [url]: [
      reply(401, { errors: [{ code: "UNAUTHORIZED" }] }, version),
      reply(200, "<html>hotel</html>"),
      reply(503, "Ref A: 0"),
      reply(429, { errors: [{ code: "TOOMANYREQUESTS" }] }, version),
      lost("ENOTFOUND"),
    ],
  });
  const probe = (): ReturnType<typeof data.probe> => data.probe(at(WEST), 5000);

  expect(await probe()).toEqual({ status: 401, code: "UNAUTHORIZED", isRegistry: true });
  expect(await probe()).toEqual({ status: 200, code: undefined, isRegistry: false });
  expect(await probe()).toEqual({ status: 503, code: undefined, isRegistry: false });
  expect(await probe()).toMatchObject({ status: 429, code: "TOOMANYREQUESTS" });
  expect(await probe()).toMatchObject({ status: undefined, code: "ENOTFOUND" });
  expect(asked).toEqual([]);
  expect(wire.seen).toHaveLength(5);
});

test("a blob is there when a place is told for it, without downloading it", async () => {
  const blob = `HEAD https://${GLOBAL}/v2/shop/web/blobs/sha256:c`;
  const location = "https://shopimages.westeurope.data.azurecr.io/x?sig=secret";
  const { data, wire } = open({
    [blob]: [challenged(GLOBAL), reply(307, undefined, { location }), reply(200), reply(404), reply(403)],
    [EXCHANGE]: REFRESH,
    [TOKEN]: ACCESS,
  });
  const has = (): Promise<boolean> => data.hasBlob(at(GLOBAL), "shop/web", "sha256:c");

  expect([await has(), await has(), await has()]).toEqual([true, true, false]);
  expect(await refusalOf(has())).toMatchObject({ status: 403 });
  expect(wire.seen.filter((each) => each.includes(".data."))).toEqual([]);
});

test("a tag tells its locks, as far as the service does", async () => {
  const tag = `GET https://${GLOBAL}/acr/v1/shop/web/_tags/1.4.2`;
  const told = { name: "1.4.2", lastUpdateTime: "2026-11-19T16:05:00Z" };
  const { data } = open({
    [tag]: [
      reply(200, { tag: { ...told, changeableAttributes: { writeEnabled: false, deleteEnabled: true } } }),
      reply(200, { tag: told }),
      reply(404, { errors: [{ code: "TAG_UNKNOWN" }] }),
    ],
  });
  const read = (): Promise<object | undefined> => data.readTag(at(GLOBAL), "shop/web", "1.4.2");

  const known = { name: "1.4.2", updated: "2026-11-19T16:05:00Z" };
  expect(await read()).toEqual({ ...known, locks: { write: false, delete: true } });
  expect(await read()).toEqual({ ...known, locks: {} });
  expect(await read()).toBeUndefined();
});
