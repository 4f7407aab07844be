import { expect, test } from "vitest";
import { readToken } from "../../src/sandbox/token.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";
import { openCloud, rehearse, type Cloud } from "./azure.ts";

const HOME = "e0000000-0000-4000-8000-000000000001";
const LIST = { version: "2022-12-01" };

interface Seen {
  subscriptionId: string;
  displayName: string;
  tenantId: string;
  state: string;
}

interface Walk {
  tenants: number;
  /** By AADSTS number. */
  refusals: Record<number, number>;
  pages: number;
  seen: Seen[];
}

/** What a plain sign-in does: all tenants, and all subscriptions of each. */
async function walk({ sandbox, send }: Cloud): Promise<Walk> {
  const { body: home } = await rehearse(sandbox, { tenant: "organizations" });
  const { body: tenants } = await send("GET", "/tenants", { ...LIST, token: home.access_token });
  const walked: Walk = { tenants: tenants.value.length, refusals: {}, pages: 0, seen: [] };
  for (const { tenantId } of tenants.value) {
    const { status, body } = await rehearse(sandbox, { tenant: tenantId });
    if (status === 200) await readPages(send, body.access_token, walked);
    else walked.refusals[body.error_codes[0]] = (walked.refusals[body.error_codes[0]] ?? 0) + 1;
  }
  return walked;
}

async function readPages(send: Cloud["send"], token: string, walked: Walk): Promise<void> {
  let next: string | undefined = "/subscriptions";
  while (next !== undefined) {
    const { body } = await send("GET", next, { ...LIST, token });
    walked.pages += 1;
    walked.seen.push(...body.value);
    next = body.nextLink;
  }
}

function countRepeated(texts: readonly string[]): number {
  return texts.length - new Set(texts).size;
}

test("the user is known in 40 tenants, six of which refuse, and reads three pages in each other", async () => {
  const walked = await walk(await openCloud({ name: "enterprise" }));

  expect({ ...walked, seen: walked.seen.length }).toEqual({
    tenants: 40,
    refusals: { 50076: 4, 53003: 1, 700082: 1 },
    pages: 34 * 3,
    seen: 34 * 250 + 12,
  });
});

test("twelve subscriptions are seen through two tenants", async () => {
  const { seen } = await walk(await openCloud({ name: "enterprise" }));

  expect(countRepeated(seen.map((each) => each.subscriptionId))).toBe(12);
});

test("there are 250 subscriptions in each tenant; two share a name, and some are disabled", async () => {
  const { tenants, subscriptions } = (await loadBundledWorld("enterprise"))!;
  const inEach = tenants.map(
    ({ tenantId }) => subscriptions.filter((each) => each.tenantId === tenantId).length,
  );
  const namesakes = subscriptions.filter((each) => each.displayName === "Shared Services");

  expect(inEach).toEqual(Array.from({ length: 40 }, () => 250));
  expect(countRepeated(subscriptions.map((each) => each.subscriptionId))).toBe(0);
  expect(countRepeated(subscriptions.map((each) => each.displayName))).toBe(1);
  expect(new Set(namesakes.map((each) => each.tenantId)).size).toBe(2);
  expect(subscriptions.filter((each) => each.state === "Disabled")).toHaveLength(200);
});

test("the world is the same each time, and its first subscription can be used at home", async () => {
  const world = (await loadBundledWorld("enterprise"))!;
  const again = await loadBundledWorld("enterprise");

  expect(again).toEqual(world);
  expect(world.subscriptions[0]).toMatchObject({ tenantId: HOME, state: "Enabled" });
  expect(world.users[0]?.homeTenantId).toBe(HOME);
});

test("domains lead to one tenant each", async () => {
  const { tenants } = (await loadBundledWorld("enterprise"))!;
  const { sandbox } = await openCloud({ name: "enterprise" });

  const { body } = await rehearse(sandbox, { tenant: "northwind-at.example" });

  expect(countRepeated(tenants.flatMap((tenant) => tenant.domains))).toBe(0);
  expect(readToken(body.access_token)?.tid).toBe("e0000000-0000-4000-8000-000000000002");
});
