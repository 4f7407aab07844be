import { expect, test } from "vitest";
import { findByName } from "../../src/azure/find-by-name.ts";
import { SUBSCRIPTION, openWorld } from "../harness.ts";
import { openPorts } from "./wire.ts";

const TYPES = ["microsoft.app/containerapps", "microsoft.app/jobs"];

test("resources of several types by name, in whatever case it is typed", async () => {
  const { azure } = await openWorld();

  const app = await findByName(azure.graph, { name: "SHOP-api", types: TYPES }, [SUBSCRIPTION]);
  const job = await findByName(azure.graph, { name: "nightly-invoices", types: TYPES }, [SUBSCRIPTION]);
  const other = await findByName(azure.graph, { name: "shop-api", types: ["microsoft.web/sites"] }, [
    SUBSCRIPTION,
  ]);

  expect(app).toMatchObject([{ name: "shop-api", type: "microsoft.app/containerapps" }]);
  expect(app[0]?.properties["environmentId"]).toMatch(/env-shop$/);
  expect(job).toMatchObject([{ name: "nightly-invoices", type: "microsoft.app/jobs" }]);
  expect(other).toEqual([]);
});

test.each(["x' or 'a' =~ 'a", "", "a\nb", "ü"])(
  "%j is no name of a resource, and asks nobody",
  async (name) => {
    const { graph, wire } = openPorts({});

    expect(await findByName(graph, { name, types: TYPES }, [SUBSCRIPTION])).toEqual([]);
    expect(wire.seen).toEqual([]);
  },
);
