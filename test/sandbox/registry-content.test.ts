import { expect, test } from "vitest";
import { digestOf, manifestsOf } from "../../src/sandbox/registry/content.ts";
import type { World } from "../../src/sandbox/world.ts";
import type { Answer } from "./azure.ts";
import {
  ACCEPT,
  add,
  dataCode as code,
  enableRegional,
  locate,
  openData,
  pushed,
  SHOP_HOST,
  SHOP_WEST,
} from "./registry-data.ts";

const PULL = "repository:shop/web:pull";
const MANIFEST = "/v2/shop/web/manifests/1.5.0";

test("a layer is at the data host of the replica that answers, which takes the link and no token", async () => {
  const cloud = await openData(enableRegional);

  const global = await locate(cloud, SHOP_HOST);
  const regional = await locate(cloud, SHOP_WEST);

  const location = global.headers["location"]!;
  const [link] = location.split("?");
  expect(global.status).toBe(307);
  expect(new URL(location).host).toBe("shopregistry.eastus2.data.azurecr.io");
  expect(new URL(regional.headers["location"]!).host).toBe("shopregistry.westeurope.data.azurecr.io");
  expect((await cloud.ask(location)).text).toContain('"architecture":"amd64"');
  expect((await cloud.ask(link!)).status).toBe(403);
  expect((await cloud.ask(location, { headers: { authorization: "Bearer x" } })).status).toBe(400);
  await cloud.sandbox.sleep(21 * 60_000);
  expect((await cloud.ask(location)).status).toBe(403);
});

test("without dedicated data endpoints a layer is in a storage account that names no region", async () => {
  const { headers } = await locate(await openData(), "legacyapp.azurecr.io", "app");

  expect(new URL(headers["location"]!).host).toMatch(/^acrmanaged[0-9a-f]{12}\.blob\.core\.windows\.net$/);
});

const SHOP_NORTH = "shopregistry.northeurope.geo.azurecr.io";

async function seenAt(cloud: Awaited<ReturnType<typeof openData>>, path = MANIFEST): Promise<number[]> {
  const hosts = [SHOP_HOST, SHOP_WEST, SHOP_NORTH];
  const answers = hosts.map((host) =>
    cloud.ask(`https://${host}${path}`, { scope: PULL, headers: { accept: ACCEPT } }),
  );
  return (await Promise.all(answers)).map(({ status }) => status);
}

test("a tag is seen at home first and elsewhere once the news have got there; so is its deletion", async () => {
  const cloud = await openData((world) => {
    enableRegional(world);
    add(world, pushed({}));
    add(world, { ...pushed({ time: "2026-11-21T08:10:00Z" }), kind: "delete" });
  });

  expect(await seenAt(cloud)).toEqual([200, 404, 404]);
  await cloud.sandbox.sleep(40_000);
  expect(await seenAt(cloud)).toEqual([200, 200, 404]);
  await cloud.sandbox.sleep(50_000);
  expect(await seenAt(cloud)).toEqual([200, 200, 200]);
  await cloud.sandbox.sleep(8 * 60_000 + 30_000);
  expect(await seenAt(cloud)).toEqual([404, 200, 200]);
});

test("an overwritten tag has another digest until it has got there, and the later push wins", async () => {
  const cloud = await openData((world) => {
    enableRegional(world);
    add(world, pushed({ time: "2026-11-21T07:59:59Z", region: "westeurope", layers: [{ text: "west" }] }));
    add(world, pushed({ layers: [{ text: "home" }] }));
  });
  const digestAt = async (host: string): Promise<string | undefined> => {
    const asked = { scope: PULL, headers: { accept: ACCEPT } };
    return (await cloud.ask(`https://${host}${MANIFEST}`, asked)).headers["docker-content-digest"];
  };
  const of = (text: string): string => manifestsOf({ layers: [{ text }] }).top.digest;

  expect([await digestAt(SHOP_HOST), await digestAt(SHOP_WEST)]).toEqual([of("home"), of("west")]);
  await cloud.sandbox.sleep(60_000);
  expect([await digestAt(SHOP_HOST), await digestAt(SHOP_WEST)]).toEqual([of("home"), of("home")]);
});

test("a layer that was pushed elsewhere is missing beside its manifest", async () => {
  const layers = [{ text: "scattered", region: "westeurope" }];
  const cloud = await openData((world) => {
    add(world, pushed({ layers }));
  });
  const { digest } = JSON.parse(manifestsOf({ layers }).top.text).layers[0];
  const blob = (): Promise<Answer> => cloud.ask(`/v2/shop/web/blobs/${digest}`, { scope: PULL });

  expect(code(await blob())).toEqual([404, "BLOB_UNKNOWN"]);
  await cloud.sandbox.sleep(30_000);
  expect((await blob()).status).toBe(307);
});

const globalHost = async (edit: (world: World) => void): Promise<string> =>
  new URL((await locate(await openData(edit), SHOP_HOST)).headers["location"]!).host.split(".")[1]!;

test("the global endpoint picks the closest replica that is in routing and up, or else the next one", async () => {
  const close = (world: World): void => void (world.settings.closestRegion = "northeurope");
  const out = (world: World): void => {
    close(world);
    const north = Object.values(world.resources).find(({ id }) =>
      id.endsWith("/shopregistry/replications/northeurope"),
    )!;
    north.properties["regionEndpointEnabled"] = false;
  };
  const down = (world: World): void => {
    out(world);
    world.settings.downRegions = ["eastus2"];
  };

  expect(await globalHost(close)).toBe("northeurope");
  expect(await globalHost(out)).toBe("eastus2");
  expect(await globalHost(down)).toBe("westeurope");
});

test("what a region never hears of stays as it was there: a push, a layer, a lock", async () => {
  const lost = { lostTo: ["westeurope"] };
  const cloud = await openData((world) => {
    enableRegional(world);
    add(world, pushed(lost));
    add(world, pushed({ tag: "1.6.0", layers: [{ text: "here" }, { text: "there", ...lost }] }));
    const at = { time: "2026-11-21T08:00:00Z", region: "eastus2", repository: "shop/web", tag: "1.6.0" };
    add(world, { kind: "lock", ...at, ...lost, locks: { writeEnabled: false } });
  });
  await cloud.sandbox.sleep(3_600_000);
  const blob = async (host: string, text: string): Promise<number> => {
    const path = `https://${host}/v2/shop/web/blobs/${digestOf(text)}`;
    return (await cloud.ask(path, { method: "HEAD", scope: PULL })).status;
  };
  const scope = "repository:shop/web:metadata_read";
  const tag = (host: string, name: string): Promise<Answer> =>
    cloud.ask(`https://${host}/acr/v1/shop/web/_tags/${name}`, { scope });

  expect(await seenAt(cloud)).toEqual([200, 404, 200]);
  expect([await blob(SHOP_HOST, "there"), await blob(SHOP_WEST, "there")]).toEqual([307, 404]);
  expect([await blob(SHOP_WEST, "here"), await blob(SHOP_NORTH, "there")]).toEqual([307, 307]);
  const locks = [await tag(SHOP_HOST, "1.6.0"), await tag(SHOP_WEST, "1.6.0")];
  expect(locks.map(({ body }) => body.tag.changeableAttributes.writeEnabled)).toEqual([false, true]);
  expect(code(await tag(SHOP_WEST, "1.5.0"))).toEqual([404, "TAG_UNKNOWN"]);
});
