import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { find, REGISTRY, REPLICATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { loadWorld, runCli } from "../../harness.ts";
import { changeWorld } from "../../plan/saved-plan.ts";
import { hostWith } from "../host-with.ts";
import { having, open, roomy } from "./change-world.ts";
import { onlyIn, SHOP } from "./route-world.ts";

type Change = (world: World) => void;

const contoso = await loadWorld();

function addEndpoint(world: World): void {
  const [sample] = find(contoso, REGISTRY, SHOP)!.properties.privateEndpointConnections;
  find(world, REGISTRY, SHOP)!.properties.privateEndpointConnections.push(structuredClone(sample!));
}

function set(name: "regionalEndpoints" | "dataEndpointEnabled", value: string | boolean): Change {
  return (world) => Object.assign(find(world, REGISTRY, SHOP)!.properties, { [name]: value });
}

/** West Europe, which comes to be so. */
function west(properties: object): Change {
  return (world) => {
    Object.assign(find(world, REPLICATION, `${SHOP}/replications/westeurope`)!.properties, properties);
  };
}

/** The command line, what happens after its plan is saved, what is there before that, and what is told. */
const MOVED: [string, string, Change, Change, string][] = [
  ["regional enable", "a private endpoint more", roomy, addEndpoint, "privateEndpointConnections"],
  ["regional disable", "a private endpoint more", having(true, true), addEndpoint, "privateEndpoint"],
  ["data-endpoints enable", "a private endpoint more", having(false, false), addEndpoint, "privateEndpoint"],
  ["data-endpoints disable", "a first private endpoint", open, addEndpoint, "privateEndpointConnections"],
  ["replica add", "a private endpoint more", roomy, addEndpoint, "privateEndpointConnections"],
  ["replica remove", "a private endpoint more", having(false, true), addEndpoint, "privateEndpoint"],
  [
    "data-endpoints enable",
    "regional endpoints on",
    having(false, false),
    set("regionalEndpoints", "Enabled"),
    "properties.regionalEndpoints was",
  ],
  [
    "replica add",
    "regional endpoints on",
    roomy,
    set("regionalEndpoints", "Enabled"),
    "properties.regionalEndpoints was",
  ],
  [
    "replica remove",
    "regional endpoints on",
    having(false, true),
    set("regionalEndpoints", "Enabled"),
    "properties.regionalEndpoints was",
  ],
  [
    "data-endpoints enable",
    "the same by another hand",
    having(false, false),
    set("dataEndpointEnabled", true),
    "properties.dataEndpointEnabled",
  ],
  [
    "route in",
    "one that is in already",
    onlyIn("eastus2"),
    west({ regionEndpointEnabled: true }),
    "properties.regionEndpointEnabled was false",
  ],
  [
    "route in",
    "one that failed",
    onlyIn("eastus2"),
    west({ provisioningState: "Failed" }),
    'properties.provisioningState was "Succeeded"',
  ],
  [
    "route out",
    "one that failed",
    onlyIn("eastus2", "westeurope"),
    west({ provisioningState: "Failed" }),
    'properties.provisioningState was "Succeeded"',
  ],
  [
    "replica remove",
    "one that went out",
    onlyIn("eastus2", "westeurope"),
    west({ regionEndpointEnabled: false }),
    "properties.regionEndpointEnabled was true",
  ],
];

const REGIONS: Record<string, string[]> = {
  "replica add": ["--region", "centralus"],
  "replica remove": ["--region", "westeurope"],
  "route in": ["--region", "westeurope"],
  "route out": ["--region", "westeurope"],
};

test.each(MOVED)(
  "a saved plan of %s is refused when there is meanwhile: %s",
  async (verb, _, start, change, told) => {
    const host = await hostWith(start);
    const argv = ["acr", ...verb.split(" "), "shopregistry", ...(REGIONS[verb] ?? [])];
    const { exit: planned } = await runCli(host, ...argv, "--out", "plan.json");
    const before = await changeWorld(host, change);

    const { exit, stderr } = await runCli(host, "apply", "plan.json", "--yes");

    expect([planned, exit]).toEqual([EXIT.changes, EXIT.changes]);
    expect(stderr).toContain("the plan no longer fits: ");
    expect(stderr).toContain(told);
    expect((await changeWorld(host, () => {})).resources).toEqual(before.resources);
  },
);
