import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { rehearse, type RehearseResult } from "../../../src/topics/acr/rehearse.ts";
import { openDriver, runCli } from "../../harness.ts";
import { enableRegional, SHOP_WEST } from "../../sandbox/registry-data.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import {
  close,
  COMMAND,
  INPUT,
  isData,
  isOut,
  replication,
  run,
  told,
  unseen,
  type Told,
} from "./rehearse-world.ts";
import { onlyIn, regionsIn } from "./route-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };

test("the plan with its baseline looks right on a terminal and in a pipe", async () => {
  const terminal = await runCli(await hostWith(close, TERMINAL), ...COMMAND);
  const pipe = await runCli(await hostWith(close), ...COMMAND);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/rehearse-plan.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/rehearse-plan.pipe.txt`);
});

test.each([
  ["tty", [], TERMINAL],
  ["pipe", [], {}],
  ["json", ["-o", "json"], {}],
  ["md", ["-o", "md"], {}],
])("the report looks right as %s", async (name, flags, options) => {
  const host = await hostWith(close, options);

  const text = golden(await runCli(host, ...COMMAND, "--hold", "20s", "--apply", "--yes", ...flags));

  await expect(text.replaceAll(/\d{8}T\d{6}-[0-9a-f]+/g, "RUN")).toMatchFileSnapshot(
    `${GOLDEN}/rehearse.${name}.txt`,
  );
});

test("what is sent is one PATCH out and one in, and the proof waits for the edge to follow", async () => {
  const driver = await openDriver(close);

  const view = await run(driver);

  expect(driver.open.changes().map(({ method, body }) => [method, body])).toEqual([
    ["PATCH", { properties: { regionEndpointEnabled: false } }],
    ["PATCH", { properties: { regionEndpointEnabled: true } }],
  ]);
  expect(told(view)).toMatchObject({
    exit: EXIT.ok,
    ends: ["enough", "time is up", "enough"],
    held: Array.from({ length: 7 }, () => "eastus2"),
  });
  const proof = view.data["proof"] as unknown as { looks: { region: string }[] };
  expect(proof.looks[0]?.region).toBe("westeurope");
  expect(regionsIn(driver.open.world)).toEqual(["eastus2", "northeurope", "westeurope"]);
});

test("each look has a connection of its own, or it would stay with the replica that is out", async () => {
  const driver = await openDriver(close);
  const kept: unknown[] = [];
  driver.open.intercept(async (request, pass) => {
    const isAlone = request.disableKeepAlive === true && request.headers.get("connection") === "close";
    if (isData(request) && !isAlone) kept.push(request.url);
    return pass(request);
  });

  await run(driver);

  expect(kept).toEqual([]);
});

test("what is still sent there when the time is over is a finding, and there is no hold", async () => {
  const driver = await openDriver((world) => {
    close(world);
    world.settings.routingLagMs = 600_000;
  });

  const { exit, text, ends } = told(await run(driver, { within: "30s" }));

  expect([exit, text]).toEqual([
    EXIT.failed,
    "not proven: it was not seen that clients left westeurope in time",
  ]);
  expect(ends).toEqual(["time is up", undefined, "enough"]);
  expect(isOut(driver)).toBe(false);
});

test("three requests in a row without an answer end the hold at once, two do not", async () => {
  const lose = async (times: number): Promise<Told> => {
    const driver = await openDriver(close);
    let looks = 0;
    driver.open.intercept(async (request, pass) => {
      const response = await pass(request);
      if (!isData(request) || !isOut(driver)) return response;
      looks += 1;
      return looks > 10 && looks <= 10 + times ? { ...response, status: 400 } : response;
    });
    return told(await run(driver, { hold: "5m" }));
  };

  expect(await lose(2)).toMatchObject({ exit: EXIT.ok, ends: ["enough", "time is up", "enough"] });
  const over = await lose(3);
  expect(over).toMatchObject({
    exit: EXIT.failed,
    text: expect.stringMatching(/^not proven: three requests in a row got no answer that counts: ./),
    ends: ["enough", "nobody answers", "enough"],
  });
  expect(over.seconds).toBeLessThan(240);
});

test.each(["3600", undefined])(
  "a replica that throttles and asks for a pause of %s s does not hang the hold",
  async (after) => {
    const driver = await openDriver(close);
    let looks = 0;
    driver.open.intercept(async (request, pass) => {
      const response = await pass(request);
      if (!isData(request) || !isOut(driver) || (looks += 1) < 10) return response;
      if (after !== undefined) response.headers.set("retry-after", after);
      return { ...response, status: 429 };
    });

    const { exit, ends, seconds } = told(await run(driver, { hold: "10m" }));

    expect([exit, ends]).toEqual([EXIT.failed, ["enough", "nobody answers", "enough"]]);
    expect(seconds).toBeLessThan(240);
  },
);

test("when the replica that was to stay goes out, this one comes back at once", async () => {
  const driver = await openDriver((world) => {
    onlyIn("eastus2", "northeurope", "westeurope")(world);
    close(world);
  });
  let looks = 0;
  driver.open.intercept(async (request, pass) => {
    if (isData(request) && isOut(driver) && (looks += 1) === 9) {
      replication(driver.open.world, "eastus2").properties.regionEndpointEnabled = false;
    }
    return pass(request);
  });

  const { exit, text, ends, seconds } = told(await run(driver, { hold: "10m" }));

  expect([exit, text]).toEqual([EXIT.failed, "not proven: the replica that was to stay left global routing"]);
  expect(ends).toEqual(["enough", "called off", "enough"]);
  expect(seconds).toBeLessThan(180);
});

test("an answer of the region that is out is a finding", async () => {
  const driver = await openDriver(close);
  let looks = 0;
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    if (isData(request) && isOut(driver) && (looks += 1) === 11) {
      const location = response.headers.get("location") ?? "";
      response.headers.set("location", location.replace("eastus2", "westeurope"));
    }
    return response;
  });

  const { exit, text } = told(await run(driver));

  expect([exit, text]).toEqual([
    EXIT.failed,
    "not proven: 1 of the requests during the hold were still sent to westeurope",
  ]);
});

test("a region that did not serve this machine is not said to serve it again", async () => {
  const view = await run(await openDriver());

  expect(told(view)).toMatchObject({ exit: EXIT.ok, ends: ["enough", "time is up", undefined] });
  expect(told(view).text).toMatch(
    /^westeurope was out and is back by the word of the control plane; it did not serve this machine, so no move was seen \(run /,
  );
  expect(view.notes.map(({ text }) => text)).toContainEqual(
    "westeurope: it does not serve this machine now (eastus2 does), so that its own clients move and return cannot be seen from here",
  );
});

test.each(["SIGINT", "SIGTERM"] as const)("%s in the hold ends it, with the replica back", async (signal) => {
  const driver = await openDriver(close);
  let looks = 0;
  driver.open.intercept(async (request, pass) => {
    if (isData(request) && isOut(driver) && (looks += 1) === 9) driver.host.interrupt(signal);
    return pass(request);
  });

  const { exit, text, ends } = told(await run(driver, { hold: "10m" }));

  expect([exit, text]).toEqual([EXIT.interrupted, "stopped by a signal; westeurope is in global routing"]);
  expect(ends).toEqual(["enough", "stopped", undefined]);
  expect(isOut(driver)).toBe(false);
});

test("with the risk accepted, and no region to be seen, the control plane is believed and the report says so", async () => {
  const view = await run(await openDriver(unseen), { acceptRisk: true });

  expect(told(view)).toMatchObject({ exit: EXIT.ok, ends: [undefined, "time is up", undefined] });
  expect(told(view).text).toContain("by the word of the control plane");
  expect(view.notes.some(({ text }) => text.includes("only the control plane is believed"))).toBe(true);
});

test("a state that could not be read back is not said to be back", async () => {
  const { ctx } = await openDriver(close);
  const input = rehearse.input.parse({ ...INPUT, hold: "5s" });
  const result = (await rehearse.run(input, ctx)) as RehearseResult;
  const report = { ...result.report!, unread: "HTTP 503" };

  const view = rehearse.view({ ...result, report });

  expect(told(rehearse.view(result)).exit).toBe(EXIT.ok);
  expect(told(view)).toMatchObject({
    exit: EXIT.partial,
    text: expect.stringMatching(/^westeurope may still be out/),
  });
});

test("a host that nobody answers at is asked once for the baseline, another one five times", async () => {
  const { open, ctx } = await openDriver(close);
  open.intercept((request, pass) => {
    if (request.url === `https://${SHOP_WEST}/v2/`) {
      throw Object.assign(new Error("no"), { code: "ECONNREFUSED" });
    }
    return pass(request);
  });
  enableRegional(open.world);

  const input = rehearse.input.parse({ ...INPUT, apply: false });
  const { baseline } = (await rehearse.run(input, ctx)) as RehearseResult;

  expect(Object.fromEntries(baseline.hosts.map(({ host, requests }) => [host, requests]))).toMatchObject({
    [SHOP_WEST]: 1,
    "shopregistry.azurecr.io": 5,
  });
});
