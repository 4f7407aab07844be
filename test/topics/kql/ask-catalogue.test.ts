import { expect, test } from "vitest";
import { askCatalogue, type CatalogueAnswer } from "../../../src/topics/kql/ask-catalogue.ts";
import { readGiven } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { findQuery } from "../../../src/topics/kql/catalogue/find-query.ts";
import { NOW, openWorld } from "../../harness.ts";

const SHOP = "7c000000-0000-4000-8000-000000000001";
const PLATFORM = "7c000000-0000-4000-8000-000000000002";

async function ask(
  customerId: string,
  name: string,
  { param = [], flavour }: { param?: string[]; flavour?: string } = {},
): Promise<CatalogueAnswer> {
  const { azure } = await openWorld();
  return askCatalogue({
    logs: azure.logs!,
    customerId,
    query: findQuery(name),
    given: readGiven(param),
    flavour,
    window: { from: new Date(NOW.getTime() - 7_200_000), until: NOW },
  });
}

test("the flavour is the one that the workspace has rows of", async () => {
  const shop = await ask(SHOP, "container-restarts");
  const platform = await ask(PLATFORM, "container-restarts");

  expect(shop.flavour.name).toBe("log-analytics");
  expect(platform.flavour.name).toBe("azure-monitor");
  expect(shop.whole?.answer.count).toBeGreaterThan(0);
  expect(platform.whole?.answer.count).toBeGreaterThan(0);
});

test("a table that is not there is no error, probed or not", async () => {
  const chosen = await ask(PLATFORM, "container-restarts", { flavour: "log-analytics" });
  const only = await ask(PLATFORM, "container-resources");
  const own = await ask(PLATFORM, "pipeline-failures-by-error", { param: ["table=Nowhere_CL"] });

  expect(chosen).toMatchObject({ whole: undefined, probed: [] });
  expect(only.whole).toBeUndefined();
  expect(own.probed.map(({ table }) => [table.table, table.state])).toEqual([
    ["Nowhere_CL", "missing"],
    ["ADFActivityRun", "missing"],
  ]);
  expect(own.whole).toBeUndefined();
});

test("a table of many kinds of resources counts for a flavour by the rows of its own kind", async () => {
  const { probed } = await ask(SHOP, "postgres-tls-failures");

  expect(probed).toMatchObject([
    { flavour: "resource-specific", table: { state: "missing" } },
    { flavour: "azure-diagnostics", table: { table: "AzureDiagnostics", state: "quiet" } },
  ]);
});

test("a wrong flavour or parameter is refused before anything is asked", async () => {
  await expect(ask(SHOP, "container-restarts", { flavour: "nope" })).rejects.toThrow("no flavour");
  await expect(ask(SHOP, "container-restarts", { param: ["nope=1"] })).rejects.toThrow("no parameter");
});
