import { expect, test } from "vitest";
import { createClusters } from "../../src/azure/clusters.ts";
import type { GraphPage, GraphPort } from "../../src/azure/ports.ts";
import { createVaults } from "../../src/azure/vaults.ts";
import type { JsonObject } from "../../src/json.ts";
import { openWorld, OTHER_SUBSCRIPTION, SUBSCRIPTION } from "../harness.ts";

const CLUSTERS = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/rg-platform-images/providers/Microsoft.ContainerService/managedClusters`;
const KEY = "https://contoso-platform.vault.azure.net/keys/images/0123456789abcdef0123456789abcdef";

/** Resource Graph that answers every query with these pages, and remembers the queries. */
function graphOf(...pages: Partial<GraphPage>[]): GraphPort & { queries: string[] } {
  const queries: string[] = [];
  return {
    queries,
    async *query(kql) {
      queries.push(kql);
      for (const page of pages) yield { rows: [], total: undefined, truncated: false, ...page };
    },
  };
}

test("clusters of all given subscriptions come with the node image of each pool", async () => {
  const { azure, requests } = await openWorld();

  const { clusters, truncated } = await azure.clusters.list([SUBSCRIPTION, OTHER_SUBSCRIPTION]);

  expect(truncated).toBe(false);
  expect(clusters).toEqual([
    {
      id: `${CLUSTERS}/aks-platform-eus2`,
      name: "aks-platform-eus2",
      subscriptionId: OTHER_SUBSCRIPTION,
      resourceGroup: "rg-platform-images",
      pools: [
        { name: "system", image: "AKSUbuntu-2204gen2containerd-202610.12.0" },
        { name: "batch", image: "AKSUbuntu-2204gen2containerd-202512.18.0" },
      ],
    },
    expect.objectContaining({ name: "aks-platform-weu" }),
  ]);
  expect(requests).toHaveLength(1);
  expect((await azure.clusters.list([SUBSCRIPTION])).clusters).toEqual([]);
});

test("clusters of all pages count, what they leave out is not told, and lost rows are said", async () => {
  const row = (name: string, pools: JsonObject["pools"]): JsonObject => ({
    id: `${CLUSTERS}/${name}`,
    name,
    pools: pools ?? null,
  });
  const pages = [
    { rows: [row("a", [{ name: "one" }, { name: "two", nodeImageVersion: "" }])] },
    { rows: [row("b", null)], truncated: true },
  ];

  const { clusters, truncated } = await createClusters(graphOf(...pages)).list([SUBSCRIPTION]);

  expect(clusters.map(({ name, pools }) => [name, pools])).toEqual([
    [
      "a",
      [
        { name: "one", image: undefined },
        { name: "two", image: undefined },
      ],
    ],
    ["b", []],
  ]);
  expect(truncated).toBe(true);
});

test("a key's vault is found by the name in its address, where it is among the given subscriptions", async () => {
  const { azure } = await openWorld();

  expect(await azure.vaults.findOf(KEY, [OTHER_SUBSCRIPTION])).toMatchObject({
    name: "contoso-platform",
    location: "westeurope",
  });
  expect(await azure.vaults.findOf(KEY, [SUBSCRIPTION])).toBeUndefined();
});

test("a managed HSM is looked for as such", async () => {
  const graph = graphOf({ rows: [{ id: "/hsm", name: "shop-hsm", location: "uksouth" }] });

  const vault = await createVaults(graph).findOf("https://shop-hsm.managedhsm.azure.net/keys/k", [
    SUBSCRIPTION,
  ]);

  expect(vault).toEqual({ id: "/hsm", name: "shop-hsm", location: "uksouth" });
  expect(graph.queries[0]).toContain("type =~ 'microsoft.keyvault/managedhsms' and name =~ 'shop-hsm'");
});

test.each(["https://x' or 'a'=='a.vault.azure.net/keys/k", "https://example.com/keys/k", "images", ""])(
  "for the address %j nobody is asked",
  async (address) => {
    const graph = graphOf();

    expect(await createVaults(graph).findOf(address, [SUBSCRIPTION])).toBeUndefined();
    expect(graph.queries).toEqual([]);
  },
);
