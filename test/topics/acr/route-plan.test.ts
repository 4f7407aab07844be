import fc from "fast-check";
import { expect, test } from "vitest";
import type { Replica } from "../../../src/azure/registry-ports.ts";
import { REGISTRY_API } from "../../../src/azure/registries.ts";
import { AppError } from "../../../src/errors.ts";
import type { Step } from "../../../src/plan/plan.ts";
import { nameOf } from "../../../src/resource-id.ts";
import { planRoute, type RoutePlan, type Way } from "../../../src/topics/acr/route-plan.ts";
import { refusal } from "../refusal.ts";
import { registry, replica, UNSHOWN_HOME } from "./builders.ts";

const SHOP = registry().id;
const WEST = `${SHOP}/replications/westeurope`;

function plan(replicas: Replica[], regions: Record<string, Way>, canaries: string[] = []): RoutePlan {
  return planRoute({ registry: registry(), replicas }, { regions, canaries });
}

function ids({ steps }: RoutePlan): string[] {
  return steps.map(({ id }) => id);
}

test("a replica is taken out by one change, which the home region that cannot leave is needed for", () => {
  const { steps } = plan([UNSHOWN_HOME, replica("westeurope")], { westeurope: "out" });

  expect(steps).toMatchObject([
    {
      id: "route out westeurope",
      resource: WEST,
      request: {
        method: "PATCH",
        path: WEST,
        apiVersion: REGISTRY_API,
        body: { properties: { regionEndpointEnabled: false } },
      },
      saw: [
        { path: WEST, fields: { "properties.regionEndpointEnabled": true } },
        { path: `${SHOP}/replications/eastus2`, exists: false },
      ],
      needs: { path: `${SHOP}/replications/eastus2`, exists: false },
      expect: { path: WEST, fields: { "properties.regionEndpointEnabled": false } },
      lags: { codes: ["RegistryStatusConflict"] },
      dependsOn: [],
    },
  ]);
});

test("where the one that stays can leave as well, the replica is put back should that happen", () => {
  const { steps } = plan([replica("eastus2"), replica("westeurope")], { westeurope: "out" });

  const home = {
    path: `${SHOP}/replications/eastus2`,
    exists: true,
    fields: { "properties.regionEndpointEnabled": true, "properties.provisioningState": "Succeeded" },
  };
  expect(steps).toMatchObject([
    { id: "route out westeurope", needs: home },
    {
      id: "put back westeurope",
      request: { path: WEST, body: { properties: { regionEndpointEnabled: true } } },
      unless: home,
      mustFollow: "route out westeurope",
      dependsOn: ["route out westeurope"],
    },
  ]);
});

test("a swap puts in before it takes out, one step after the other", () => {
  const replicas = [UNSHOWN_HOME, replica("northeurope", { inRouting: false }), replica("westeurope")];

  const swap = plan(replicas, { westeurope: "out", northeurope: "in" });

  expect(ids(swap)).toEqual(["route in northeurope", "route out westeurope"]);
  expect(swap.steps.map(({ dependsOn }) => dependsOn)).toEqual([[], ["route in northeurope"]]);
});

test("who is to stay is the home region, then the others, last a canary", () => {
  const stays = (replicas: Replica[], canaries: string[] = []): string | undefined =>
    plan([...replicas, replica("westus")], { westus: "out" }, canaries)
      .steps[0]?.needs?.path.split("/")
      .at(-1);

  expect(stays([replica("australiaeast"), replica("eastus2")])).toBe("eastus2");
  expect(stays([replica("centraluseuap"), replica("japaneast")])).toBe("japaneast");
  expect(stays([replica("brazilsouth"), replica("japaneast")], ["brazilsouth"])).toBe("japaneast");
  expect(stays([replica("centraluseuap")])).toBe("centraluseuap");
});

test("nothing is planned for what is so already", () => {
  const replicas = [UNSHOWN_HOME, replica("westeurope", { inRouting: false }), replica("northeurope")];

  const { steps, warnings, unnamed } = plan(replicas, { westeurope: "out", eastus2: "in" });

  expect([steps, warnings, unnamed]).toEqual([[], [], ["northeurope"]]);
});

test.each<[string, Replica[], Record<string, Way>, string[]]>([
  [
    "the last one",
    [replica("eastus2", { inRouting: false }), replica("westeurope")],
    { westeurope: "out" },
    ["usage", "no replica of shopimages beside westeurope is known to be ready and in global routing"],
  ],
  [
    "all at once",
    [replica("eastus2"), replica("westeurope")],
    { westeurope: "out", eastus2: "out" },
    [
      "usage",
      "no replica of shopimages beside westeurope, eastus2 is known to be ready and in global routing",
    ],
  ],
  [
    "the last one that is ready",
    [replica("eastus2", { provisioningState: "Creating" }), replica("westeurope")],
    { westeurope: "out" },
    ["usage", "no replica of shopimages beside westeurope is known to be ready and in global routing"],
  ],
  [
    "the last one of which it is told",
    [replica("eastus2", { inRouting: undefined }), replica("westeurope")],
    { westeurope: "out" },
    ["usage", "no replica of shopimages beside westeurope is known to be ready and in global routing"],
  ],
  [
    "a home region that is no replication",
    [UNSHOWN_HOME, replica("westeurope")],
    { eastus2: "out" },
    ["usage", "eastus2 is the home region of shopimages and no replication, so it cannot be taken out"],
  ],
  [
    "a region without a replica",
    [UNSHOWN_HOME, replica("westeurope")],
    { westus: "in" },
    ["usage", "registry shopimages has no replica in westus"],
  ],
  [
    "a replica that is being made",
    [UNSHOWN_HOME, replica("westeurope", { provisioningState: "Creating" })],
    { westeurope: "out" },
    ["changes", "the replica in westeurope is Creating"],
  ],
])("%s is refused", (_, replicas, regions, said) => {
  expect(refusal(() => plan(replicas, regions))).toEqual(said);
});

test("a registry that is not Premium is refused", () => {
  const basic = { registry: registry({ sku: "Basic" }), replicas: [UNSHOWN_HOME] };

  expect(refusal(() => planRoute(basic, { regions: { eastus2: "in" }, canaries: [] }))).toEqual([
    "usage",
    "registry shopimages is Basic: replicas need Premium",
  ]);
});

test("going out is warned of: load, canaries, what still happens there, DNS and the home region", () => {
  const hosts = [{ region: "westeurope", host: "shop-h4sh.westeurope.geo.azurecr.io" }];
  const replicas = [UNSHOWN_HOME, replica("centraluseuap"), replica("westus"), replica("westeurope")];

  const { warnings } = planRoute(
    { registry: registry({ regionalHosts: hosts }), replicas },
    { regions: { westeurope: "out" }, canaries: ["westus"] },
  );

  expect(warnings.map(({ subject, text }) => `${subject}: ${text}`)).toEqual([
    "shopimages: 3 replicas are left in routing and ready (eastus2, centraluseuap, westus) and share the load, each with its own throttling limits",
    "centraluseuap: a canary region is in routing: it has been left there degraded until somebody took it out by hand",
    "westus: a canary region is in routing: it has been left there degraded until somebody took it out by hand",
    "westeurope: out of routing it still syncs both ways, shop-h4sh.westeurope.geo.azurecr.io still answers, and is billed like any other",
    "shopimages: clients behind a long-lived DNS cache stay where they are; ACR drops its own records right away",
    "shopimages: routing is changed in the control plane of the home region: while eastus2 is down, nothing can be put back",
  ]);
});

test("one left in routing is warned of twice over: its limits, and that nothing is left to fail over to", () => {
  const { warnings } = plan([UNSHOWN_HOME, replica("westeurope")], { westeurope: "out" });

  expect(warnings.slice(0, 2).map(({ text }) => text)).toEqual([
    "only eastus2 is left in routing and ready: all load falls on the throttling limits of one replica",
    "if eastus2 fails there is no other replica that the global endpoint could move to",
  ]);
});

test("going in, only canaries are warned of", () => {
  const away = replica("centraluseuap", { inRouting: false });

  const { warnings } = plan([UNSHOWN_HOME, away, replica("westus")], { centraluseuap: "in" });

  expect(warnings.map(({ subject }) => subject)).toEqual(["centraluseuap"]);
});

const REGIONS = ["eastus2", "westeurope", "northeurope", "westus"];

/** Any pool, home shown or not, and any wish. */
const anyCase = fc.record({
  unshown: fc.boolean(),
  routed: fc.array(fc.constantFrom(true, false, undefined), { minLength: 4, maxLength: 4 }),
  states: fc.array(fc.constantFrom("Succeeded", "Succeeded", "Failed"), { minLength: 4, maxLength: 4 }),
  regions: fc.dictionary(fc.constantFrom(...REGIONS), fc.constantFrom<Way>("in", "out")),
});

/** What a plan takes out while the one that it relies on is not in routing; a refused wish has no plan. */
function wrongSteps(replicas: Replica[], regions: Record<string, Way>): string[] {
  let steps: Step[];
  try {
    ({ steps } = plan(replicas, regions));
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
  const isIn = ({ id, inRouting, provisioningState }: Replica): boolean =>
    id === undefined || (inRouting === true && provisioningState === "Succeeded");
  const pool = new Set(replicas.filter(isIn).map(({ region }) => region));
  const wrong: string[] = [];
  for (const { id, needs } of steps.filter(({ unless }) => unless === undefined)) {
    const [, way, region = ""] = id.split(" ");
    if (way === "in") pool.add(region);
    else pool.delete(region);
    if (needs && !pool.has(nameOf(needs.path))) wrong.push(id);
  }
  return wrong;
}

test("whatever is asked for: after each step of a plan the replica that it relies on is in routing", () => {
  fc.assert(
    fc.property(anyCase, ({ unshown, routed, states, regions }) => {
      const replicas = REGIONS.map((region, index) =>
        unshown && index === 0
          ? UNSHOWN_HOME
          : replica(region, { inRouting: routed[index], provisioningState: states[index] ?? "" }),
      );

      expect(wrongSteps(replicas, { ...regions })).toEqual([]);
    }),
  );
});
