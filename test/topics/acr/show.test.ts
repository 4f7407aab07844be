import { expect, test } from "vitest";
import { find, list, REGISTRY, REPLICATION, WEBHOOK } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { hoursStuck } from "../../../src/topics/acr/replicas.ts";
import { show } from "../../../src/topics/acr/show.ts";
import { storageOf } from "../../../src/topics/acr/storage.ts";
import { createTestHost, openDriver, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { refuse } from "../refuse.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { replica, UNSHOWN_HOME } from "./builders.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const PLATFORM = ["--subscription", OTHER_SUBSCRIPTION];
const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.ContainerRegistry/registries/shopregistry`;

test.each([
  ["shopregistry", []],
  ["platformimages", PLATFORM],
  ["legacyapp", []],
])("%s looks right on a terminal and in a pipe", async (name, flags) => {
  const terminal = await runCli(createTestHost(TERMINAL), "acr", "show", name, ...flags);
  const pipe = await runCli(createTestHost(), "acr", "show", name, ...flags);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/show-${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/show-${name}.pipe.txt`);
});

test.each(["json", "md"])("a registry as %s is one document with its topology", async (format) => {
  const result = await runCli(createTestHost(), "acr", "show", "platformimages", ...PLATFORM, "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/show.${format}.txt`);
});

interface Shown {
  exit: number;
  notes: string[];
  json: { storage: unknown; webhooks: unknown; replicas: { region: string; inRouting: unknown }[] };
}

async function shown(change: (world: World) => void): Promise<Shown> {
  const { exit, stdout } = await runCli(await hostWith(change), "acr", "show", "shopregistry", "-o", "json");
  const json = JSON.parse(stdout) as Shown["json"] & { notes: { text: string }[] };
  return { exit, json, notes: json.notes.map(({ text }) => text) };
}

test("shopregistry by itself exits 0", async () => {
  expect((await shown(() => {})).exit).toBe(0);
});

test.each([
  ["listUsages", "storage is unknown: not allowed to read the usages", "storage"],
  ["webhooks", "webhooks are unknown: not allowed to read the webhooks", "webhooks"],
])("%s that may not be read are unknown, and it exits 6", async (path, note, part) => {
  const driver = await openDriver();
  refuse(driver, `/${path}`, 403);

  const view = show.view(await show.run({ registry: "shopregistry" }, driver.ctx));

  expect([view.exit, view.data[part]]).toEqual([6, null]);
  expect(view.notes.map(({ text }) => text)).toContain(note);
});

test.each(["server-error", "throttle", "lost-before"])(
  "usages and webhooks that end in %s are unknown with the reason, and the replicas are shown",
  async (fault) => {
    const host = createTestHost();
    for (const path of ["listUsages", "webhooks"]) {
      await runCli(host, "sandbox", "fault", fault, "--path", path, "--times", "99");
    }

    const { exit, stdout } = await runCli(
      host,
      "acr",
      "show",
      "shopregistry",
      "-o",
      "json",
      "--timeout",
      "20s",
    );

    const { storage, webhooks, replicas, notes } = JSON.parse(stdout);
    expect([exit, storage, webhooks, replicas.length]).toEqual([6, null, null, 3]);
    const texts = notes.map(({ text }: { text: string }) => text).join("\n");
    expect(texts).toMatch(/storage is unknown: the usages: \S[^]*webhooks are unknown: the webhooks: \S/);
  },
);

test("a fault of azwise's own in a read beside the replicas is not called unknown", async () => {
  const driver = await openDriver();
  driver.open.azure.registries.listWebhooks = async () => {
    throw new TypeError("bug");
  };

  await expect(show.run({ registry: "shopregistry" }, driver.ctx)).rejects.toThrow(new TypeError("bug"));
});

test("a home region that is listed is shown with its own state", async () => {
  const { json, notes } = await shown((world) => {
    world.settings.homeReplication = "listed";
  });

  expect(json.replicas[0]).toMatchObject({
    region: "eastus2",
    provisioningState: "Succeeded",
    inRouting: true,
  });
  expect(notes).toEqual([]);
});

test("with two replicas that serve, the load of one on the other is told", async () => {
  const { notes } = await shown((world) => {
    const replication = find(world, REPLICATION, `${SHOP}/replications/westeurope`);
    replication!.properties.regionEndpointEnabled = false;
  });

  expect(notes).toContain(
    "with two regions all the load of one falls on the limits of the other when it fails",
  );
  expect(notes[0]).toMatch(/^out of global routing: westeurope; /);
});

test("a private endpoint that is not approved is warned of", async () => {
  const { notes } = await shown((world) => {
    const { properties } = find(world, REGISTRY, SHOP)!;
    properties.privateEndpointConnections[0]!.properties["privateLinkServiceConnectionState"] = {
      status: "Pending",
    };
  });

  expect(notes).toContain("private endpoint shopregistry-pe-eastus2 is Pending, not Approved");
});

test("a stuck replica without private endpoints has no known remedy", async () => {
  const { notes } = await shown((world) => {
    find(world, REGISTRY, SHOP)!.properties.privateEndpointConnections = [];
    const { properties } = find(world, REPLICATION, `${SHOP}/replications/westeurope`)!;
    properties.provisioningState = "Creating";
    properties.status = { timestamp: "2026-11-21T06:00:00.1234567Z" };
  });

  expect(notes[0]).toBe(
    "westeurope has been Creating for 1 h without a status and may be stuck; without a private endpoint no cause is known, and a large registry takes long to copy",
  );
});

test("without webhooks there is no table of them", async () => {
  const { json } = await shown((world) => {
    for (const { id } of list(world, WEBHOOK)) delete world.resources[id.toLowerCase()];
  });

  expect(json.webhooks).toEqual([]);
});

const NOW = Date.parse("2026-11-21T08:00:00Z");

test.each([
  ["an hour old", { since: "2026-11-21T07:00:00.0000000Z" }, 1],
  ["younger", { since: "2026-11-21T07:00:00.0010000Z" }, undefined],
  ["in words", { since: "2026-11-20T07:00:00Z", status: "Syncing" }, undefined],
  ["ready", { since: "2026-11-20T07:00:00Z", provisioningState: "Succeeded" }, undefined],
  ["without a time", { since: undefined }, undefined],
])("a replica in Creating whose status is %s is stuck for %s hours", (_, change, hours) => {
  const creating = replica("westus", { provisioningState: "Creating", status: undefined, ...change });

  expect(hoursStuck(creating, NOW)).toBe(hours);
});

test("storage is billed for each replica that holds the content, and has no limit where none is told", () => {
  const usages = { value: [{ name: "Size", current: 1000, limit: undefined, unit: "Bytes" }] };
  const replicas = [UNSHOWN_HOME, replica("westus"), replica("centralus", { provisioningState: "Creating" })];

  expect(storageOf({ usages, replicas })).toEqual({
    used: 1000,
    quota: undefined,
    replicas: 2,
    billed: 2000,
  });
  expect(storageOf({ usages: { value: [] }, replicas })).toBeUndefined();
});
