import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { openDriver, runCli } from "../../harness.ts";
import { close, isData, isOut, replication, run, told } from "./rehearse-world.ts";

test("a layer that nobody has any more is no answer, so that nothing is proven by it", async () => {
  const driver = await openDriver(close);
  let looks = 0;
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    if (!isData(request) || !isOut(driver) || (looks += 1) < 10) return response;
    response.headers.delete("location");
    return { ...response, status: 404, bodyAsText: '{"errors":[{"code":"BLOB_UNKNOWN"}]}' };
  });

  const { exit, text, ends } = told(await run(driver));

  expect([exit, text, ends.slice(0, 2)]).toEqual([
    EXIT.failed,
    expect.stringMatching(/got no answer that counts: the replica that answers has .* without its/),
    ["enough", "nobody answers"],
  ]);
});

test.each(["in the hold", "at its very end"])(
  "a replica that something else put back %s was not out for the whole time",
  async (moment) => {
    const driver = await openDriver(close);
    let looks = 0;
    driver.open.intercept(async (request, pass) => {
      const response = await pass(request);
      if (!isOut(driver) || !response.headers.get("location")?.includes("eastus2")) return response;
      // Three answers prove it, and seven are a hold of a minute.
      if ((looks += 1) === (moment === "in the hold" ? 5 : 10)) {
        replication(driver.open.world, "westeurope").properties.regionEndpointEnabled = true;
      }
      return response;
    });

    const { exit, text, ends, held } = told(await run(driver));

    expect([exit, text, ends[1]]).toEqual([
      EXIT.failed,
      "not proven: the replica was put back, or removed, by something else before its time",
      "not out",
    ]);
    expect(held.length < 7).toBe(moment === "in the hold");
  },
);

test("a clock that is set back in the hold makes it no longer", async () => {
  const driver = await openDriver(close);
  const { clock } = driver.open.azure;
  let looks = 0;
  let setBackMs = 0;
  const azure = {
    ...driver.open.azure,
    clock: { ...clock, now: () => new Date(clock.now().getTime() - setBackMs) },
  };
  driver.open.intercept(async (request, pass) => {
    if (isData(request) && isOut(driver) && (looks += 1) === 11) setBackMs = 3_600_000;
    return pass(request);
  });

  const { exit, held, seconds } = told(
    await run({ ...driver, ctx: { ...driver.ctx, azure: async () => azure } }),
  );

  expect([exit, held.length]).toEqual([EXIT.ok, 7]);
  expect(seconds).toBeGreaterThan(60);
  expect(seconds).toBeLessThan(300);
});

test("a replica that was removed in the hold is owed no longer, and nothing is proven", async () => {
  const driver = await openDriver(close);
  const { world } = driver.open;
  let looks = 0;
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    if (isData(request) && looks < 11 && isOut(driver) && (looks += 1) === 11) {
      const key = Object.keys(world.resources).find((id) =>
        /shopregistry\/replications\/westeurope$/i.test(id),
      );
      delete world.resources[key ?? ""];
    }
    return response;
  });

  const { exit, text } = told(await run(driver));

  expect([exit, text]).toEqual([EXIT.failed, "not proven: the replica in westeurope is gone"]);
  expect(readdirSync(join(driver.host.state, "owed"))).toEqual([]);
  expect((await runCli(driver.host, "runs", "list")).stderr).toBe("");
});
