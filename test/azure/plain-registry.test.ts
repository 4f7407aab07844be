import { expect, test } from "vitest";
import { createPlainRegistry, type PlainRegistryPort } from "../../src/azure/plain-registry.ts";
import type { RegistryHost } from "../../src/azure/registry-ports.ts";
import { IMAGE, READ } from "./registry-rig.ts";
import { createClock, lost, openWire, refusalOf, reply, type Outcome, type Wire } from "./wire.ts";

const at = (host: string, signal?: AbortSignal): RegistryHost => ({
  registry: { loginServer: host, regionalHosts: [] },
  host,
  ...(signal ? { signal } : {}),
});

function open(script: Record<string, Outcome | Outcome[]>): { data: PlainRegistryPort; wire: Wire } {
  const wire = openWire(script);
  const data = createPlainRegistry({
    // Neither a credential nor a proxy of the environment may be taken along.
    env: { AZURE_CLIENT_SECRET: "secret" },
    httpClient: wire.httpClient,
    clock: createClock(),
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    log: () => {},
    onWait: () => {},
  });
  return { data, wire };
}

test.each([
  ["registry.example.com", "https"],
  ["registry.example.com:5000", "https"],
  ["10.0.0.4:5000", "https"],
  ["localhost.example.com", "https"],
  ["127.0.0.1.example.com", "https"],
  ["localhost", "http"],
  ["localhost:5000", "http"],
  ["127.0.0.1:5000", "http"],
  ["127.8.9.10", "http"],
  ["[::1]:5000", "http"],
])("%s is asked by %s, without a credential", async (host, scheme) => {
  const { data, wire } = open({ [`GET ${scheme}://${host}/v2/shop/web/manifests/1`]: IMAGE });

  expect(await data.readManifest(at(host), "shop/web", "1")).toEqual(READ);
  expect(wire.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
});

test("a registry that wants a sign-in is not signed in to", async () => {
  const challenge = { "www-authenticate": 'Bearer realm="https://auth.example.com/token",service="x"' };
  const { data, wire } = open({
    "GET https://x.example/v2/a/manifests/1": reply(401, { errors: [{ code: "UNAUTHORIZED" }] }, challenge),
  });

  expect(await refusalOf(data.readManifest(at("x.example"), "a", "1"))).toMatchObject({
    kind: "auth",
    status: 401,
  });
  expect(wire.seen).toHaveLength(1);
});

test("tags come page by page with neither times nor locks, and of one alone nothing is told", async () => {
  const link = { link: '</v2/a/tags/list?last=1&n=100>; rel="next"' };
  const { data, wire } = open({
    "GET https://x.example/v2/a/tags/list": [reply(200, { tags: ["1"] }, link), reply(200, { tags: ["2"] })],
    "GET https://x.example/v2/b/tags/list": reply(404, { errors: [{ code: "NAME_UNKNOWN" }] }),
  });
  const names = async (repository: string): Promise<object[]> => {
    const found: object[] = [];
    for await (const tag of data.listTags(at("x.example"), repository)) found.push(tag);
    return found;
  };

  expect(await names("a")).toEqual([
    { name: "1", updated: undefined, locks: undefined },
    { name: "2", updated: undefined, locks: undefined },
  ]);
  expect(await names("b")).toEqual([]);
  expect(await data.readTag(at("x.example"), "a", "1")).toBeUndefined();
  expect(wire.seen).toHaveLength(3);
});

test("a blob is there when its place is told, and nothing is followed", async () => {
  const blob = "HEAD https://x.example/v2/a/blobs/sha256:c";
  const { data, wire } = open({
    [blob]: [
      reply(200),
      reply(307, undefined, { location: "https://elsewhere.example/c" }),
      reply(404),
      reply(403),
    ],
  });
  const has = (): Promise<boolean> => data.hasBlob(at("x.example"), "a", "sha256:c");

  expect([await has(), await has(), await has()]).toEqual([true, true, false]);
  expect(await refusalOf(has())).toMatchObject({ kind: "auth", status: 403 });
  expect(wire.seen.every((each) => each.startsWith("HEAD https://x.example/"))).toBe(true);
});

test("what is asked ends with its own signal, pauses included", async () => {
  const ending = new AbortController();
  const { data, wire } = open({ "GET https://x.example/v2/a/manifests/1": lost("ECONNREFUSED") });
  ending.abort(new Error("time is over"));

  await expect(data.readManifest(at("x.example", ending.signal), "a", "1")).rejects.toMatchObject({
    code: "ECONNREFUSED",
  });
  expect(wire.seen).toHaveLength(1);
});
