import { expect, test } from "vitest";
import type { Registry, Replica } from "../../../src/azure/registry-ports.ts";
import { automaticOf } from "../../../src/topics/acr/automatic.ts";
import { hosts, registry, replica, UNSHOWN_HOME } from "./builders.ts";

function told(replicas: Replica[], change: Partial<Registry> = {}): Record<string, [string, string]> {
  const scenarios = automaticOf({ registry: registry(change), replicas });
  return Object.fromEntries(
    scenarios.map(({ scenario, automatic, detail }) => [scenario, [automatic, detail]] as const),
  );
}

const FAILS = "the registry in one region fails";
const BACK = "that region recovers";
const THROTTLES = "a replica throttles (429)";
const PINNED = "the region of a pinned client fails";
const OUT = "a replica is out of routing";
const HOME = "the home region eastus2 fails";

test("with two replicas in routing failover and failback are automatic, the control plane is not", () => {
  expect(told([UNSHOWN_HOME, replica("westus")])).toEqual({
    [FAILS]: ["yes", "the global endpoint moves to one of eastus2, westus within minutes"],
    [BACK]: ["yes", "it is used again at once, without a cooldown"],
    [THROTTLES]: ["no", "clients stay there; spread the load over regional hosts, which are not enabled"],
    [PINNED]: ["no", "no client can be pinned: regional endpoints are off"],
    [HOME]: [
      "in part",
      "pulls and pushes go on at westus; replicas and network rules cannot be changed until it is back",
    ],
  });
});

test.each<[string, Replica[], string]>([
  ["alone", [UNSHOWN_HOME], "only eastus2 can serve the global endpoint, so there is nowhere to go"],
  [
    "with the other one out of routing",
    [UNSHOWN_HOME, replica("westus", { inRouting: false })],
    "only eastus2 can serve the global endpoint, so there is nowhere to go",
  ],
  [
    "with the other one still being created",
    [UNSHOWN_HOME, replica("westus", { provisioningState: "Creating" })],
    "only eastus2 can serve the global endpoint, so there is nowhere to go",
  ],
  [
    "with all out of routing",
    [replica("eastus2", { inRouting: false })],
    "no replica can serve the global endpoint, so there is nowhere to go",
  ],
])("a replica %s has nowhere to fail over to", (_, replicas, detail) => {
  const scenarios = told(replicas);

  expect(scenarios[FAILS]).toEqual(["no", detail]);
  expect(scenarios[BACK]?.[0]).toBe("no");
  expect(scenarios[HOME]?.[0]).toBe("no");
});

test("routing that is not told is no answer", () => {
  const scenarios = told([UNSHOWN_HOME, replica("westus", { inRouting: undefined })]);

  expect([scenarios[FAILS]?.[0], scenarios[BACK]?.[0], scenarios[HOME]?.[0]]).toEqual([
    "cannot tell",
    "cannot tell",
    "cannot tell",
  ]);
});

test("a replica out of routing stays out, and one alone has nothing to spread over", () => {
  expect(told([UNSHOWN_HOME, replica("westus", { inRouting: false })])[OUT]).toEqual([
    "no",
    "out until the owner puts it back: westus",
  ]);
  expect(told([UNSHOWN_HOME])[THROTTLES]?.[1]).toContain("there is no other replica");
});

test.each([
  [
    true,
    "no",
    "a client of a regional host stays with it; it has to change the host and sign in again by itself",
  ],
  [undefined, "cannot tell", "the service does not tell whether regional endpoints are on"],
] as const)("with regional endpoints %s a pinned client: %s", (regionalEndpoints, automatic, detail) => {
  expect(told([UNSHOWN_HOME], { regionalEndpoints })[PINNED]).toEqual([automatic, detail]);
});

test("when the home region fails, clients can pull from the regional host of a ready replica out of routing", () => {
  const replicas = [
    UNSHOWN_HOME,
    replica("westus", { inRouting: false }),
    replica("centralus", { inRouting: false }),
  ];
  const regionalHosts = hosts("geo", "eastus2", "westus");
  const home = (change: Partial<Registry>): string => told(replicas, change)[HOME]?.[1] ?? "";

  expect(home({ regionalHosts })).toContain(
    "; clients can pull from the regional host of westus, out of routing as it is; replicas and",
  );
  expect(home({})).not.toContain("regional host");
});
