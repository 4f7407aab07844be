import { expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { connected, ENDPOINT, replica, UNSHOWN_HOME } from "./builders.ts";
import {
  type Change,
  docker,
  entry,
  findingsOf,
  images,
  kept,
  lifetimes,
  LOGIN,
  NEW,
  OLD,
  REGIONAL,
  REPLICAS,
  registryOf,
  replicas,
  seen,
  vault,
  webhook,
  west,
  WEST,
  withEndpoint,
} from "./examined.ts";

/** Each finding: its severity, what it takes, what it says, and what is near to it without being it. */
const FINDINGS: [id: string, severity: string, change: Change, evidence: string, other: Change][] = [
  [
    "not-premium",
    "warning",
    registryOf({ sku: "Standard" }),
    "the SKU is Standard, and they need Premium, at another price",
    registryOf({ sku: "premium" }),
  ],
  [
    "nowhere-to-go",
    "error",
    replicas(UNSHOWN_HOME),
    "eastus2 has the only replica; another region is yours to choose",
    replicas(UNSHOWN_HOME, replica("westeurope")),
  ],
  [
    "nowhere-to-go",
    "error",
    replicas(UNSHOWN_HOME, replica("westeurope", { inRouting: false })),
    "only eastus2 of eastus2, westeurope can serve the global endpoint",
    replicas(UNSHOWN_HOME, replica("westeurope")),
  ],
  [
    "two-regions",
    "warning",
    replicas(UNSHOWN_HOME, replica("westeurope")),
    "only eastus2, westeurope can serve the global endpoint; the article plans for two or three that are left",
    replicas(...REPLICAS),
  ],
  [
    "out-of-routing",
    "warning",
    west({ inRouting: false }),
    "on purpose or forgotten: since when the service does not tell; its status is of 2026-11-01T08:00:00Z, which may be another time; it is billed all the same",
    west({ inRouting: true }),
  ],
  [
    "replica-failed",
    "error",
    west({ provisioningState: "Failed" }),
    "its status is Ready; the cause is not told either, and the activity log may know it",
    west({ provisioningState: "Updating" }),
  ],
  [
    "replica-stuck",
    "error",
    west({ provisioningState: "Creating", status: undefined, since: "2026-11-21T05:00:00Z" }),
    "Creating for 3 h without a status; without a private endpoint no cause is known, and a large registry takes long to copy",
    west({ provisioningState: "Creating", status: undefined, since: "2026-11-21T07:30:00Z" }),
  ],
  [
    "canary-in-routing",
    "warning",
    replicas(...REPLICAS, replica("eastus2euap")),
    "one that was degraded stayed in routing until it was taken out by hand",
    replicas(...REPLICAS, replica("eastus2euap", { inRouting: false })),
  ],
  [
    "no-data-endpoints",
    "warning",
    registryOf({ dataEndpoints: false, dataHosts: [] }),
    "dedicated data endpoints are off: firewalls have to open *.blob.core.windows.net, and its names tell no region",
    registryOf({ dataEndpoints: false, privateEndpoints: [ENDPOINT] }),
  ],
  [
    "regional-blocked",
    "info",
    registryOf({ contentTrust: true }),
    "content trust is on, and az refuses to enable regional endpoints with it",
    registryOf({ contentTrust: true, ...REGIONAL }),
  ],
  [
    "own-key",
    "warning",
    vault("eastus2"),
    "every replica needs shop-keys.vault.azure.net, which is in eastus2, the registry's home region: when the vault is not available none can encrypt or decrypt; see that it is redundant, too",
    registryOf({}),
  ],
  [
    "own-key",
    "warning",
    vault("uksouth"),
    "every replica needs shop-keys.vault.azure.net, which is in uksouth: when the vault is not available none can encrypt or decrypt; see that it is redundant, too",
    registryOf({}),
  ],
  [
    "webhooks",
    "info",
    { webhooks: { value: [webhook(), webhook({ name: "off", enabled: false })] } },
    "up to 3 events, for whoever listens to deploy: they have to drop what they know",
    { webhooks: { value: [webhook({ enabled: false })] } },
  ],
  [
    "endpoint-not-approved",
    "warning",
    registryOf({ privateEndpoints: [{ ...ENDPOINT, status: "Pending" }] }),
    "its connection is Pending",
    registryOf({ privateEndpoints: [ENDPOINT] }),
  ],
  [
    "subnet-short",
    "error",
    withEndpoint(connected({ free: 0 })),
    "subnet shop-vnet/private is short by 1: 1 more needed, 0 free",
    withEndpoint(connected({ free: 1 })),
  ],
  [
    "static-address",
    "warning",
    withEndpoint(connected({ isStatic: true })),
    "it stands in the way of new replicas",
    withEndpoint(connected()),
  ],
  [
    "node-image-old",
    "warning",
    images(OLD, NEW),
    `before 202607.29: pool1 (${OLD}); whether it pulls from this registry is not told`,
    images(NEW),
  ],
  [
    "name-in-hosts",
    "warning",
    entry("20.61.97.9"),
    "/etc/hosts line 3: 20.61.97.9; neither failover nor routing changes that",
    seen({}),
  ],
  [
    "name-in-hosts",
    "info",
    entry("10.1.0.4"),
    "/etc/hosts line 3: 10.1.0.4 (private, so of a private endpoint as it seems, whose address need not change with routing); neither failover nor routing changes that",
    seen({}),
  ],
  [
    "name-kept",
    "warning",
    seen(lifetimes("20.61.97.1", 301, 301, 301)),
    "10.0.0.53 answers 20.61.97.1 with lifetimes of 301, 301, 301 s",
    seen(lifetimes("20.61.97.1", 300, 300, 300)),
  ],
  [
    "name-kept",
    "info",
    seen(lifetimes("172.16.0.4", 3600, 3599, 3598)),
    "10.0.0.53 answers 172.16.0.4 (private, so of a private endpoint as it seems, whose address need not change with routing) with lifetimes of 3600, 3599, 3598 s, which differ and so come from a cache",
    seen(lifetimes("172.16.0.4", 10, 9, 8)),
  ],
  [
    "name-cached",
    "info",
    seen(lifetimes("20.61.97.1", 25, 24, 60)),
    "10.0.0.53 answers 20.61.97.1 with lifetimes of 25, 24, 60 s, which differ and so come from a cache",
    seen(lifetimes("20.61.97.1", 60, 60)),
  ],
  [
    "name-cached",
    "info",
    seen({ ...lifetimes("20.61.97.1", 25, 24), servers: ["127.0.0.53", "10.0.0.53"] }),
    "127.0.0.53 (systemd-resolved of this machine), 10.0.0.53 answer 20.61.97.1 with lifetimes of 25, 24 s, which differ and so come from a cache",
    seen({ servers: ["127.0.0.53"] }),
  ],
  [
    "name-kept",
    "warning",
    kept("dnsmasq", 900),
    "/etc/its.conf, if it is what answers at 127.0.0.1 (this machine)",
    kept("dnsmasq", 900, ["10.0.0.53"]),
  ],
  [
    "name-cached",
    "info",
    kept("nscd", 3600),
    "/etc/its.conf; an answer's own lifetime may come first",
    seen({ servers: ["127.0.0.1"] }),
  ],
  [
    "docker-partly",
    "info",
    { docker: { value: [docker(LOGIN, "its file"), docker(WEST, undefined)] } },
    `for ${LOGIN} in its file; none for ${WEST}`,
    { docker: { value: [docker(LOGIN, undefined), docker(WEST, undefined)] } },
  ],
];

test.each(FINDINGS)(
  "%s is %s where it is so (%#), and not otherwise",
  (id, severity, change, evidence, other) => {
    const found = findingsOf(change).filter((each) => each.id === id);

    expect(found.map((each) => [each.severity, each.evidence])).toEqual([[severity, evidence]]);
    expect(findingsOf(other).map((each) => each.id)).not.toContain(id);
  },
);

test("nothing wrong and everything told is said in one row, which worth-knowing does not change", () => {
  expect(findingsOf({}).map(({ id }) => id)).toEqual(["healthy"]);
  expect(findingsOf({ webhooks: { value: [webhook()] } }).map(({ id }) => id)).toEqual([
    "webhooks",
    "healthy",
  ]);
});

test("the worst comes first, and what cannot be told before what is only worth knowing", () => {
  const findings = findingsOf({
    ...west({ inRouting: false, provisioningState: "Failed" }),
    webhooks: { value: [webhook()] },
    names: { unknown: "sandbox" },
  });

  expect(findings.map(({ severity }) => severity)).toEqual(["error", "warning", "cannot tell", "info"]);
});

test("every finding cites facts that exist", () => {
  const changes = FINDINGS.map(([, , change]) => change);
  const cited = changes.flatMap(findingsOf).flatMap(({ because }) => because);

  expect(cited.filter((id) => cite(id).text === "")).toEqual([]);
});

test.each<[string, Change, string | undefined]>([
  ["not-premium", registryOf({ sku: "Basic" }), "az acr update --name shopimages"],
  ["out-of-routing", west({ inRouting: false }), "azwise acr route in shopimages"],
  ["no-data-endpoints", registryOf({ dataEndpoints: false }), "azwise acr data-endpoints enable shopimages"],
  ["subnet-short", withEndpoint(connected({ free: 0 })), "azwise acr ip-plan shopimages"],
  [
    "docker-partly",
    { docker: { value: [docker(LOGIN, "x"), docker(WEST, undefined)] } },
    "azwise acr login shopimages",
  ],
  ["node-image-old", images(OLD), "az aks nodepool upgrade --cluster-name aks-shop --name pool1"],
  ["node-image-old", images(OLD, OLD), "az aks upgrade --name aks-shop --resource-group rg-aks"],
  ["nowhere-to-go", replicas(UNSHOWN_HOME), undefined],
])("%s comes with what to type (%#)", (id, change, command) => {
  const found = findingsOf(change).find((each) => each.id === id);

  expect(found).toBeDefined();
  expect(found?.command?.slice(0, command?.length)).toBe(command);
});

test("two regions are a finding by the facts for each thing that is said of them", () => {
  const two = findingsOf(replicas(UNSHOWN_HOME, replica("westeurope"))).find(
    ({ id }) => id === "two-regions",
  );

  expect(two?.because).toContain("acr-geo-operations/fewer-replicas-more-load");
});

test("a stuck replica is removed by a command only where a private endpoint may be the cause", () => {
  const stuck = west({ provisioningState: "Creating", status: undefined, since: "2026-11-21T05:00:00Z" });
  const commandOf = (change: Change): string | undefined =>
    findingsOf(change).find(({ id }) => id === "replica-stuck")?.command;

  expect(commandOf(stuck)).toBeUndefined();
  expect(commandOf({ ...stuck, ...registryOf({ privateEndpoints: [ENDPOINT] }) })).toMatch(
    /^azwise acr replica remove shopimages .*--region westeurope$/,
  );
  const [found] = findingsOf({ ...stuck, ...registryOf({ privateEndpoints: [ENDPOINT] }) }).filter(
    ({ id }) => id === "replica-stuck",
  );
  expect(found?.evidence).toMatch(/: remove it, see that /);
});

test("a registry below Premium has no more to be said of its replicas, switches and webhooks", () => {
  const findings = findingsOf({
    ...registryOf({ sku: "Basic", dataEndpoints: false, dataHosts: [], contentTrust: true }),
    ...replicas(UNSHOWN_HOME),
    webhooks: { value: [webhook()] },
  });

  expect(findings.map(({ id }) => id)).toEqual(["not-premium"]);
});
