import { expect, test } from "vitest";
import { list, PRIVATE_ENDPOINT } from "../../../src/sandbox/bodies.ts";
import { readPrivateEndpoints } from "../../../src/topics/acr/read-private-endpoints.ts";
import { openDriver } from "../../harness.ts";
import { roomy } from "./change-world.ts";
import { SHOP } from "./route-world.ts";

test("a private endpoint without a network interface has no number of addresses that could be counted with", async () => {
  const { ctx, open } = await openDriver((world) => {
    roomy(world);
    const endpoints = list(world, PRIVATE_ENDPOINT).filter(({ name }) => name.startsWith("shopregistry"));
    for (const { properties } of endpoints) properties.networkInterfaces = [];
  });

  const endpoints = await readPrivateEndpoints((await open.azure.registries.get(SHOP))!, ctx);

  const unknown = { kind: "unknown", reason: "its network interface is not found" };
  expect(endpoints.map(({ seen }) => seen)).toEqual([unknown, unknown]);
});
