import { expect, test } from "vitest";
import { find, list, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION, type CliResult } from "../../harness.ts";
import { hostWith } from "../host-with.ts";

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.ContainerRegistry`;
const SHOP = `${GROUP}/registries/shopregistry`;
const BOTH = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];
const NAMES = "legacyapp (legacyapp.azurecr.io), shopregistry (shopregistry.azurecr.io)";

async function shown(wanted: string, ...flags: string[]): Promise<unknown> {
  const { stdout } = await runCli(createTestHost(), "acr", "show", wanted, "-o", "json", ...flags);
  return (JSON.parse(stdout) as { registry: { name: unknown } }).registry.name;
}

async function refused(wanted: string, change: (world: World) => void = () => {}): Promise<CliResult> {
  return runCli(await hostWith(change), "acr", "show", wanted);
}

test.each([
  "shopregistry",
  "ShopRegistry",
  "shopregistry.azurecr.io",
  "SHOPREGISTRY.azurecr.io",
  "shopregistry.westeurope.data.azurecr.io",
  SHOP,
  `${SHOP.toUpperCase()}/`,
])("%s finds the registry", async (wanted) => {
  expect(await shown(wanted)).toBe("shopregistry");
});

test.each([
  "platformimages",
  "platformimages-g3a9dfh2c5e7b6hk.azurecr.io",
  "platformimages-g3a9dfh2c5e7b6hk.westeurope.geo.azurecr.io",
])("%s finds a registry of a further subscription, whose hosts have a hash", async (wanted) => {
  expect(await shown(wanted, ...BOTH)).toBe("platformimages");
});

test.each([
  "platformimages",
  "shopregistry.westeurope.geo.azurecr.io",
  "platformimages.azurecr.io",
  "shopregistry.example.com",
  SHOP.replace("shopregistry", "otherregistry"),
])("%s is no registry here, and those there are get named", async (wanted) => {
  const { exit, stderr } = await refused(wanted);

  expect(exit).toBe(2);
  expect(stderr).toContain(
    `error: there is no container registry "${wanted}" in these subscriptions\n  next: there are: ${NAMES}\n`,
  );
});

test("without any registry the subscription is what to look at", async () => {
  const { exit, stderr } = await refused("shopregistry", (world) => {
    for (const { id } of list(world, REGISTRY)) delete world.resources[id.toLowerCase()];
  });

  expect(exit).toBe(2);
  expect(stderr).toContain("next: there is none; check --subscription\n");
});

test("of several with one name the id has to be given", async () => {
  const id = SHOP.replace("rg-shop-prod", "rg-platform-images");
  const change = (world: World): void => {
    const { properties, ...rest } = structuredClone(find(world, REGISTRY, SHOP)!);
    const loginServer = "shopregistry-d4fmgk8nhfa2bncx.azurecr.io";
    world.resources[id.toLowerCase()] = { ...rest, id, properties: { ...properties, loginServer } };
  };

  const { exit, stderr } = await refused("shopregistry", change);

  expect(exit).toBe(2);
  expect(stderr).toMatch(
    /error: there are several registries named shopregistry\n {2}next: give the id, such as \/subscriptions\//,
  );
  expect((await runCli(await hostWith(change), "acr", "show", SHOP)).exit).toBe(0);
});

test("the id of a subscription that was not given is refused before anything is read there", async () => {
  const { exit, stderr } = await refused(SHOP.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION));

  expect(exit).toBe(4);
  expect(stderr).toContain(
    `error: the registry is in subscription ${OTHER_SUBSCRIPTION}, which this run may not touch\n  next: use --subscription ${OTHER_SUBSCRIPTION}\n`,
  );
});

test.each(["shop", "shop_registry", "shopregistry.azurecr.io/shop/web:1", `${SHOP}/replications/westeurope`])(
  "%s is not a registry's name",
  async (wanted) => {
    const { exit, stderr } = await refused(wanted);

    expect(exit).toBe(2);
    expect(stderr).toContain(`"${wanted}" is not the name, id or host of a container registry`);
  },
);
