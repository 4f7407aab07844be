import { expect, test } from "vitest";
import type { View } from "../../../src/output/view.ts";
import { compare, type CompareResult } from "../../../src/topics/acr/compare.ts";
import { openDriver } from "../../harness.ts";
import { add, enableRegional, pushed, SHOP_WEST } from "../../sandbox/registry-data.ts";

const WEB = `https://${SHOP_WEST}/v2/shop/web/manifests/`;

/** Compares shop/web, whose tag `stable` leads elsewhere in westeurope, where `status` answers for the manifest of 1.5.0. */
async function compareRefused(status?: number | Error): Promise<{ sent: string[]; view: View }> {
  const { open, ctx } = await openDriver((world) => {
    enableRegional(world);
    add(world, pushed({ region: "eastus2" }));
    const time = "2026-11-21T08:00:00Z";
    add(world, { kind: "delete", time, region: "westeurope", repository: "shop/web", tag: "1.4.1" });
  });
  const sent: string[] = [];
  open.intercept(async (request, pass) => {
    sent.push(request.url);
    if (status === undefined || request.url !== `${WEB}1.5.0`) return pass(request);
    if (status instanceof Error) throw status;
    return { ...(await pass(request)), status, bodyAsText: "{}" };
  });
  const result = await compare.run(compare.input.parse({ image: "shopregistry/shop/web" }), ctx);
  return { sent, view: compare.view(result) };
}

test("locks of listed tags are not asked for again", async () => {
  const { sent } = await compareRefused();

  expect(sent.filter((url) => url.includes("/_tags/"))).toEqual([]);
});

test.each([[400], [500], [429]])(
  "a tag that is answered with HTTP %i hides no difference of the tags after it",
  async (status) => {
    const { view } = await compareRefused(status);

    const told = view.tables[0]?.rows.map(({ cells }) => cells.slice(0, 2));
    expect(JSON.stringify(told)).toContain("missing in westeurope");
    expect(view.notes.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^westeurope cannot be asked for 1\.5\.0: /),
    );
    expect(view.exit).toBe(3);
  },
);

test.each([
  ["lets nobody in", 403],
  ["is down", Object.assign(new Error("no"), { code: "ECONNREFUSED" })],
])("a replica that %s is not asked for the next tag", async (_, status) => {
  const { sent, view } = await compareRefused(status);

  const tags = new Set(sent.filter((url) => url.startsWith(WEB)).map((url) => url.slice(WEB.length)));
  expect([...tags]).toEqual(["1.5.0"]);
  expect(view.notes.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^westeurope cannot be asked: /),
  );
});

test.each([
  ["of a kind that azwise does not know", "cannot look into"],
  ["that is not what its digest says", "answered other bytes"],
])("a tag %s says nothing of the next one", async (_, why) => {
  const { open, ctx } = await openDriver(enableRegional);
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    const isOne = request.url === `https://${SHOP_WEST}/v2/shop/web/manifests/1.4.2`;
    if (!isOne || response.status !== 200) return response;
    if (why === "cannot look into") response.headers.set("content-type", "application/json");
    else response.headers.set("docker-content-digest", `sha256:${"0".repeat(64)}`);
    return response;
  });

  const input = compare.input.parse({ image: "shopregistry/shop/web" });
  const result = (await compare.run(input, ctx)) as CompareResult;

  const west = result.compared.map(({ reference, looks }): [string, object] => [
    reference,
    Object.fromEntries(looks)["westeurope"] ?? {},
  ]);
  const told = west.filter(([, look]) => "copy" in look).map(([reference]) => reference);
  expect(west).toContainEqual(["1.4.2", { unknown: expect.stringContaining(why) }]);
  expect(told).toHaveLength(west.length - 1);
  expect(told.length).toBeGreaterThan(0);
  expect(compare.view(result).exit).not.toBe(0);
});
