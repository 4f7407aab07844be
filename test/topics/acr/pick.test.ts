import { expect, test } from "vitest";
import { judgeProbe } from "../../../src/topics/acr/pick-verdict.ts";
import { pick } from "../../../src/topics/acr/pick.ts";
import { find, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, openDriver, runCli, type CliResult } from "../../harness.ts";
import { enableRegional, SHOP_HOST, SHOP_WEST } from "../../sandbox/registry-data.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { SHOP } from "./route-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const NORTH = "shopregistry.northeurope.geo.azurecr.io";

function westDown(world: World): void {
  enableRegional(world);
  world.settings.downRegions = ["westeurope"];
}

async function run(change: (world: World) => void, prefer: string, ...more: string[]): Promise<CliResult> {
  return runCli(await hostWith(change), "acr", "pick", "shopregistry", "--prefer", prefer, ...more);
}

test("pick looks right on a terminal and in a pipe", async () => {
  const argv = ["acr", "pick", "shopregistry", "--prefer", "westeurope,northeurope"];
  const terminal = await runCli(await hostWith(westDown, TERMINAL), ...argv);
  const pipe = await runCli(await hostWith(westDown), ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/pick.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/pick.pipe.txt`);
});

test.each(["json", "md"])("pick as %s is one document", async (format) => {
  const result = await run(westDown, "westeurope,northeurope", "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/pick.${format}.txt`);
});

test("in a pipe stdout is the first host that answers, in the order that was given", async () => {
  expect(await run(enableRegional, "westeurope,northeurope")).toMatchObject({
    exit: 0,
    stdout: `${SHOP_WEST}\n`,
  });
  expect(await run(enableRegional, "northeurope,westeurope")).toMatchObject({
    exit: 0,
    stdout: `${NORTH}\n`,
  });
  expect(await run(westDown, "westeurope,northeurope")).toMatchObject({ exit: 0, stdout: `${NORTH}\n` });
});

test("when none answers stdout is empty and it exits 1; the global host is used only when it is named", async () => {
  const none = await run(westDown, "westeurope");

  expect(none).toMatchObject({ exit: 1, stdout: "" });
  expect(none.stderr).toContain(`warning: ${SHOP_WEST}: answers HTTP 503`);
  expect(none.stderr).toContain("none of the hosts can be used");
  expect(await run(westDown, "westeurope,global")).toMatchObject({ exit: 0, stdout: `${SHOP_HOST}\n` });
});

test("it stops at the first one, asks each once, and sends no token", async () => {
  const { open, ctx } = await openDriver(westDown);
  const sent: [string, string | undefined][] = [];
  open.intercept((request, pass) => {
    if (!request.url.includes("/subscriptions/"))
      sent.push([request.url, request.headers.get("authorization")]);
    return pass(request);
  });

  await pick.run({ registry: "shopregistry", prefer: ["westeurope", "northeurope", "eastus2"] }, ctx);

  expect(sent).toEqual([
    [`https://${SHOP_WEST}/v2/`, undefined],
    [`https://${NORTH}/v2/`, undefined],
  ]);
});

test("a region without a regional host is passed over and said", async () => {
  const { exit, stdout, stderr } = await run(enableRegional, "centralus,westeurope");

  expect([exit, stdout]).toEqual([0, `${SHOP_WEST}\n`]);
  expect(stderr).toContain("warning: centralus has no regional host and was passed over");
});

test("throttling and network rules are no answer to go by", async () => {
  const throttled = await run((world) => {
    enableRegional(world);
    world.settings.replicaRequestsPerMinute = 0;
  }, "westeurope");
  const denied = await run((world) => {
    enableRegional(world);
    world.settings.clientIsPrivate = false;
    world.settings.clientAddress = "198.51.100.7";
  }, "westeurope");

  expect([throttled.exit, denied.exit]).toEqual([1, 1]);
  expect(throttled.stderr).toContain(`${SHOP_WEST}: throttles`);
  expect(denied.stderr).toContain(`${SHOP_WEST}: lets no client in from here`);
});

test.each([
  [() => {}, "westeurope", "registry shopregistry has no regional hosts"],
  [enableRegional, "centralus", "use --prefer with any of eastus2,northeurope,westeurope,global"],
  [enableRegional, "West Europe", "a region is written like westeurope"],
  [enableRegional, "", "a region is written like westeurope"],
])("what no host belongs to is a usage error (%#)", async (change, prefer, message) => {
  const { exit, stdout, stderr } = await run(change, prefer);

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

function untold(world: World): void {
  Reflect.deleteProperty(find(world, REGISTRY, SHOP)!.properties, "regionalEndpoints");
}

test.each([
  [
    "are off",
    () => {},
    "shopregistry",
    /: regional endpoints are off\n.*acr regional enable shopregistry .*, or/,
  ],
  [
    "cannot be had",
    () => {},
    "legacyapp",
    /: its SKU is Basic\n.*acr advise legacyapp .*--need affinity, or/,
  ],
  ["are not told", untold, "shopregistry", /: whether .* is not told\n.*acr endpoints shopregistry .*, or/],
] as const)(
  "where regional endpoints %s, that is said with a command that goes on",
  async (_, change, name, said) => {
    const { exit, stderr } = await runCli(
      await hostWith(change),
      "acr",
      "pick",
      name,
      "--prefer",
      "westeurope",
    );

    expect([exit, stderr]).toEqual([2, expect.stringMatching(said)]);
    expect(stderr).toMatch(/, or use --prefer global/);
  },
);

test("without --prefer it says what to name", async () => {
  const { exit, stderr } = await runCli(createTestHost(), "acr", "pick", "shopregistry");

  expect(exit).toBe(2);
  expect(stderr).toContain("--prefer westeurope,northeurope");
});

test.each([
  [{ status: 401, code: "UNAUTHORIZED", isRegistry: true }, true, "answers HTTP 401"],
  [{ status: 200, code: undefined, isRegistry: true }, true, "answers HTTP 200"],
  [{ status: 200, code: undefined, isRegistry: false }, false, "something else answers in its place"],
  [{ status: 307, code: undefined, isRegistry: true }, false, "answers HTTP 307"],
  [{ status: undefined, code: "ENOTFOUND", isRegistry: false }, false, "the name is not found"],
  [{ status: undefined, code: "ECONNREFUSED", isRegistry: false }, false, "no answer: ECONNREFUSED"],
  [{ status: undefined, code: undefined, isRegistry: false }, false, "no answer"],
])("a probe with %j: picked is %s", (probe, picked, answer) => {
  expect(judgeProbe(probe)).toMatchObject({ picked, answer });
});

test("the fact about a challenge is given for a challenge only", () => {
  const because = [401, 200].map(
    (status) => judgeProbe({ status, code: undefined, isRegistry: true }).because,
  );

  expect(because).toEqual([["azure-wire/acr-challenge"], []]);
});
