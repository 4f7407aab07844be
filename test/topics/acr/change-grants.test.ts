import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { find, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { openDriver, OTHER_SUBSCRIPTION, runCli, type Driver } from "../../harness.ts";
import { hostWith } from "../host-with.ts";
import { refuse } from "../refuse.ts";
import { applyChange, having, open, roomy, unseen, type Words } from "./change-world.ts";
import { onlyIn, SHOP } from "./route-world.ts";

const WRITE = "Microsoft.ContainerRegistry/registries/write";
const ADD = "Microsoft.ContainerRegistry/registries/replications/write";
const REMOVE = "Microsoft.ContainerRegistry/registries/replications/delete";
const LINK = "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write";

function removable(world: World): void {
  onlyIn("eastus2", "westeurope")(world);
  open(world);
}

/** What a verb does, and each action that it needs. */
const VERBS: [Words, (world: World) => void, string[]][] = [
  [["regional", "enable"], roomy, [WRITE, LINK]],
  [["regional", "disable"], having(true, true), [WRITE]],
  [["data-endpoints", "enable"], having(false, false), [WRITE]],
  [["data-endpoints", "disable"], open, [WRITE]],
  [["replica", "add", "centralus"], roomy, [ADD, LINK]],
  [["replica", "remove", "westeurope"], removable, [REMOVE]],
];

function argvOf([verb, way, region]: Words): string[] {
  return ["acr", verb, way, "shopregistry", ...(region === undefined ? [] : ["--region", region])];
}

const DENIED = VERBS.flatMap(([words, start, actions]) =>
  actions.map((action): [string, string, Words, typeof start] => [words.join(" "), action, words, start]),
);

test.each(DENIED)(
  "%s: whoever may do all but %s is told so, and exits 4",
  async (_, action, words, start) => {
    const host = await hostWith((world) => {
      start(world);
      world.settings.permissions = [{ scope: "/", actions: ["*"], notActions: [action] }];
    });

    const { exit, stderr } = await runCli(host, ...argvOf(words), "--apply", "--yes");

    expect([exit, stderr]).toEqual([EXIT.auth, expect.stringContaining(`you may not do ${action} at `)]);
  },
);

test.each(VERBS)("%j needs no other action than those", async (words, start, actions) => {
  const driver = await openDriver((world) => {
    start(world);
    world.settings.permissions = [{ scope: "/", actions: ["*/read", ...actions], notActions: [] }];
  });

  expect((await applyChange(driver.ctx, words, { apply: false })).exit).toBe(EXIT.changes);
});

function pathsOf({ open: { requests } }: Driver): string[] {
  return requests.map(({ path }) => path);
}

test.each([
  [["regional", "enable"], { acceptRisk: true }],
  [["replica", "add", "centralus"], { acceptRisk: true }],
] as [Words, object][])("%j asks nothing of a subscription that was not given", async (words, flags) => {
  const driver = await openDriver(unseen);

  await applyChange(driver.ctx, words, { ...flags, apply: false });

  const paths = pathsOf(driver);
  expect(paths.filter((path) => path.includes(OTHER_SUBSCRIPTION))).toEqual([]);
  // Of the registry, of two private endpoints that are there, and of one that may be.
  expect(paths.filter((path) => path.endsWith("/permissions"))).toHaveLength(4);
});

test("no right is asked for at a private endpoint that is gone", async () => {
  const driver = await openDriver((world) => {
    roomy(world);
    const { privateEndpointConnections: connections } = find(world, REGISTRY, SHOP)!.properties;
    const gone = structuredClone(connections[0]!);
    gone.properties["privateLinkServiceConnectionState"] = { status: "Disconnected" };
    gone.properties.privateEndpoint.id += "-gone";
    connections.push(gone);
  });

  const { exit } = await applyChange(driver.ctx, ["regional", "enable"], { apply: false });

  const [read, ...others] = pathsOf(driver).filter((path) => path.includes("-gone"));
  expect([exit, others]).toEqual([EXIT.changes, []]);
  expect(read).toMatch(/-gone$/);
});

test.each([
  [["data-endpoints", "enable"], having(false, false)],
  [["regional", "disable"], having(true, true)],
  [["replica", "remove", "westeurope"], onlyIn("eastus2", "westeurope")],
] as [Words, (world: World) => void][])("%j takes no address, and reads none", async (words, start) => {
  const driver = await openDriver(start);

  const { exit } = await applyChange(driver.ctx, words, { apply: false });

  expect(exit).toBe(EXIT.changes);
  expect(pathsOf(driver).filter((path) => /\/(privateEndpoints|subnets)\//.test(path))).toEqual([]);
});

test("what is there after an addition is only looked at when it was sent", async () => {
  const driver = await openDriver(unseen);
  refuse(driver, "/replications/centralus", 403);
  const flags = { acceptRisk: true };

  const { report } = await applyChange(driver.ctx, ["replica", "add", "centralus"], flags);

  expect(JSON.stringify(report)).toContain("nothing was sent: the state could not be read");
  const reads = pathsOf(driver).filter((path) => path.endsWith("/privateEndpoints/shopregistry-pe-eastus2"));
  expect([driver.open.changes(), reads.length]).toEqual([[], 1]);
});
