import { expect, test } from "vitest";
import type { RegistryHost } from "../../src/azure/registry-ports.ts";
import { openWorld, type OpenWorld } from "../harness.ts";
import { enableRegional, SHOP_HOST, SHOP_WEST } from "../sandbox/registry-data.ts";
import { SHOPREGISTRY } from "../sandbox/registries.ts";
import { refusalOf } from "./wire.ts";

async function open(): Promise<OpenWorld & { at(host: string): RegistryHost; sent: string[] }> {
  const opened = await openWorld(enableRegional);
  const registry = (await opened.azure.registries.get(SHOPREGISTRY))!;
  const sent: string[] = [];
  opened.intercept((request, pass) => {
    const { host, pathname } = new URL(request.url);
    const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
    const bearer = request.headers.get("authorization") === undefined ? "" : " signed";
    sent.push(
      `${request.method} ${host}${pathname}${form.has("access_token") ? " with Entra's token" : bearer}`,
    );
    return pass(request);
  });
  return { ...opened, at: (host) => ({ registry, host }), sent };
}

test("an image is found from its tag to the host of its layers, from the global and from a regional host", async () => {
  const { azure, at, sent } = await open();
  const { registryData } = azure;

  const located = async (host: string): Promise<string | undefined> => {
    const list = await registryData.readManifest(at(host), "shop/web", "1.4.2");
    const image = await registryData.readManifest(at(host), "shop/web", list!.images[0]!);
    return registryData.locateBlob(at(host), "shop/web", image!.blobs[0]!);
  };

  expect(await located(SHOP_HOST)).toBe("shopregistry.eastus2.data.azurecr.io");
  expect(await located(SHOP_WEST)).toBe("shopregistry.westeurope.data.azurecr.io");
  expect(sent.slice(0, 6).map((each) => each.replace(/sha256:\w+/, "<digest>"))).toEqual([
    `GET ${SHOP_HOST}/v2/shop/web/manifests/1.4.2`,
    // The token for registries is another one than ARM's.
    "POST login.sandbox.invalid/a0000000-0000-4000-8000-00000000000a/oauth2/v2.0/token",
    `POST ${SHOP_HOST}/oauth2/exchange with Entra's token`,
    `POST ${SHOP_HOST}/oauth2/token`,
    `GET ${SHOP_HOST}/v2/shop/web/manifests/1.4.2 signed`,
    `GET ${SHOP_HOST}/v2/shop/web/manifests/<digest> signed`,
  ]);
  expect(sent.filter((each) => each.includes("Entra's")).map((each) => each.split(" ")[1])).toEqual([
    `${SHOP_HOST}/oauth2/exchange`,
    `${SHOP_WEST}/oauth2/exchange`,
  ]);
});

test("who may not pull is told so by the registry, once a new token did not help", async () => {
  const { azure, at, world, sent } = await open();
  const notActions = ["Microsoft.ContainerRegistry/registries/pull/read"];
  world.settings.permissions = [{ scope: "/", actions: ["*"], notActions }];

  expect(await refusalOf(azure.registryData.readManifest(at(SHOP_HOST), "shop/web", "1.4.2"))).toMatchObject({
    kind: "auth",
    code: "UNAUTHORIZED",
  });
  expect(sent.filter((each) => each.includes("manifests"))).toHaveLength(2);
});
