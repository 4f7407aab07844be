import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { Json, JsonObject } from "../../../src/json.ts";
import { acquire } from "../../../src/topics/odcr/acquire.ts";
import { isChange, openDriver, type Driver } from "../../harness.ts";
import { quantities, refuseRaises } from "./acquire-world.ts";
import { end, type Ended } from "./attach-world.ts";

const IN_ZONE_1 = {
  size: "D4s_v5",
  location: "eastus2",
  zone: "1",
  quantity: "2",
  group: "crg-shop",
  apply: true,
};

function choicesOf({ report }: Ended): Json | undefined {
  const pursuit = report?.["pursuit"] as JsonObject | undefined;
  return pursuit?.["choices"];
}

function deny({ open }: Driver, method: string): void {
  open.intercept((request, pass) => {
    if (request.method !== method || !isChange(request)) return pass(request);
    return Promise.resolve(denial(request));
  });
}

function denial(request: PipelineRequest): PipelineResponse {
  const bodyAsText = JSON.stringify({ error: { code: "AuthorizationFailed", message: "no role" } });
  return { request, status: 403, headers: createHttpHeaders(), bodyAsText };
}

test.each([
  ["PUT", EXIT.auth],
  ["PATCH", EXIT.partial],
])("a %s that is denied stops it at once, and exits %d", async (method, exit) => {
  const driver = await openDriver();
  deny(driver, method);

  const ended = await end(acquire, IN_ZONE_1, driver.ctx);

  expect([ended.exit, choicesOf(ended)]).toMatchObject([exit, [{ cause: "denied", tries: 1 }]]);
});

test("when one choice is denied and another ruled out, it is not for the sign-in to mend", async () => {
  const driver = await openDriver();
  const codes = ["AuthorizationFailed", "SkuNotAvailable"];
  driver.open.intercept((request, pass) => {
    if (request.method !== "PUT") return pass(request);
    const code = codes.shift() ?? "";
    const bodyAsText = JSON.stringify({ error: { code, message: "no" } });
    const status = code === "AuthorizationFailed" ? 403 : 409;
    return Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText });
  });

  const ended = await end(acquire, { ...IN_ZONE_1, or: ["zone=2"] }, driver.ctx);

  expect([ended.exit, choicesOf(ended)]).toMatchObject([
    EXIT.partial,
    [{ cause: "denied" }, { cause: "size not offered" }],
  ]);
});

test("a group of another subscription is refused before anything is asked for", async () => {
  const { open, ctx } = await openDriver();
  const group =
    "/subscriptions/5a000000-0000-4000-8000-000000000002/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/crg";

  const ended = await end(acquire, { ...IN_ZONE_1, group }, ctx);

  expect([ended.error?.message, ended.exit]).toEqual([
    "crg is in subscription 5a000000-0000-4000-8000-000000000002, this run is pinned to 5a000000-0000-4000-8000-000000000001",
    EXIT.auth,
  ]);
  expect(open.changes()).toEqual([]);
});

test("a reservation that was left Failed, and could not be put right, is put right before the next try", async () => {
  const driver = await openDriver((world) => {
    world.settings.failedRaiseLeavesFailed = true;
    world.capacity["eastus2|1|Standard_D4s_v5"] = 0;
    world.faults.push({ name: "quota", match: { method: "PATCH" }, times: 1, skip: 1 });
  });
  const progress = (text: string | undefined): void => {
    if (text?.startsWith("next try at")) driver.open.world.capacity["eastus2|1|Standard_D4s_v5"] = 9;
  };

  const ended = await end(acquire, IN_ZONE_1, { ...driver.ctx, progress });

  expect([ended.exit, choicesOf(ended)]).toMatchObject([EXIT.ok, [{ result: "acquired", tries: 2 }]]);
  expect(driver.open.changes().map(({ method }) => method)).toEqual([
    "PUT",
    "PATCH",
    "PATCH",
    "PATCH",
    "PATCH",
  ]);
});

test.each([
  ["granted", 0],
  ["refused for want of hardware, too", 1],
])("a poll that is denied rules nothing out, and has no second choice granted: %s", async (_, refusals) => {
  const { open, ctx } = await openDriver((world) => {
    world.capacity["eastus2|2|Standard_D4s_v5"] = 9;
    refuseRaises(world, "zonal-allocation-failed", refusals);
  });
  let [isRaising, denied] = [false, 0];
  open.intercept((request, pass) => {
    isRaising ||= request.method === "PATCH";
    if (!isRaising || !/\/operations\//i.test(request.url) || denied > 0) return pass(request);
    denied += 1;
    return Promise.resolve(denial(request));
  });

  const ended = await end(acquire, { ...IN_ZONE_1, or: ["zone=2"] }, ctx);

  expect([denied, ended.exit]).toEqual([1, EXIT.ok]);
  expect(quantities(open.world)).toEqual({ Zone1_D4s_v5: 2, Zone1_E8s_v5: 4 });
});
