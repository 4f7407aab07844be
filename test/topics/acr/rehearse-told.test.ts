import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { JsonObject } from "../../../src/json.ts";
import type { View } from "../../../src/output/view.ts";
import { rehearse } from "../../../src/topics/acr/rehearse.ts";
import { outForText } from "../../../src/topics/acr/rehearse-timeline.ts";
import { openDriver, runCli, type Driver } from "../../harness.ts";
import { hostWith } from "../host-with.ts";
import { close, COMMAND, unseen } from "./rehearse-world.ts";

const INPUT = { registry: "shopregistry", region: "westeurope", hold: "20s", apply: true };

async function run({ ctx }: Driver, more: object = {}): Promise<View> {
  return rehearse.view(await rehearse.run(rehearse.input.parse({ ...INPUT, ...more }), ctx));
}

function eventsOf({ data }: View): string[] {
  return (data["timeline"] as unknown as { phase: string; text: string }[]).map(
    ({ phase, text }) => `${phase}: ${text}`,
  );
}

function provenIn({ data }: View): unknown {
  return (data["result"] as JsonObject)["proven"];
}

test("proven is only what this machine could see: null where it was not served by the region", async () => {
  const served = await run(await openDriver(close));
  const notServed = await run(await openDriver());
  const untold = await run(await openDriver(unseen), { acceptRisk: true });

  expect([served, notServed, untold].map(provenIn)).toEqual([true, null, null]);
  expect([served, notServed, untold].map(({ exit }) => exit)).toEqual([EXIT.ok, EXIT.ok, EXIT.ok]);
  const proof = (view: View): string | undefined =>
    eventsOf(view).findLast((each) => each.startsWith("proof: "));
  expect(proof(served)).toMatch(/^proof: proven: three answers in a row came from elsewhere; /);
  expect(proof(notServed)).toMatch(/^proof: three answers in a row came from elsewhere, as before; /);
});

test.each([
  [false, "out: westeurope was not taken out: not today", EXIT.failed],
  [true, "in: westeurope was not put back: not today", EXIT.partial],
])("the end of a step that failed is an event (routing %s)", async (refused, event, exit) => {
  const driver = await openDriver(close);
  driver.open.intercept(async (request, pass) => {
    const isIt = String(request.body).includes(`"regionEndpointEnabled":${refused}`);
    if (request.method !== "PATCH" || !isIt) return pass(request);
    const bodyAsText = JSON.stringify({ error: { code: "BadRequest", message: "not today" } });
    return { request, status: 400, headers: createHttpHeaders(), bodyAsText };
  });

  const view = await run(driver);

  expect([view.exit, provenIn(view)]).toEqual([exit, false]);
  expect(eventsOf(view)).toContainEqual(event);
});

test("a signal while the replica goes out is an event, and so is the end of each step", async () => {
  const driver = await openDriver(close);
  let isSent = false;
  driver.open.intercept(async (request, pass) => {
    if (request.method === "PATCH" && !isSent) {
      isSent = true;
      driver.host.interrupt();
    }
    return pass(request);
  });

  const view = await run(driver);

  expect(view.exit).toBe(EXIT.interrupted);
  expect(eventsOf(view)).toEqual([
    "out: taking westeurope out of global routing",
    "out: stopped by a signal",
    "out: westeurope is out of global routing, as the service reads",
    "in: westeurope is in global routing, as the service reads",
  ]);
});

test("the question says for how long the replica is to be out", async () => {
  const host = await hostWith(close, { tty: true });
  host.type("n\n");

  const { exit, stderr } = await runCli(host, ...COMMAND, "--apply");

  expect(exit).toBe(EXIT.declined);
  expect(stderr).toContain("note: westeurope is to be out for about 5m, at most 15m");
  expect(stderr).toContain("Run these 2 steps, with westeurope out for about 5m, at most 15m? [y/N] ");
});

test.each([
  [20, 300, "about 20s, at most 10m20s"],
  [3600, 60, "about 1h, at most 1h2m"],
])("a hold of %i s within %i s", (hold, within, text) => {
  expect(outForText({ hold: hold * 1000, within: within * 1000 })).toBe(text);
});
