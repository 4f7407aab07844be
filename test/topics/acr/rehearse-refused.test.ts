import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { runCli } from "../../harness.ts";
import { hostWith } from "../host-with.ts";
import { COMMAND, replication, unseen } from "./rehearse-world.ts";

const TWO = (world: World): void => {
  replication(world, "northeurope").properties.regionEndpointEnabled = false;
};

test.each<[string, (world: World) => void, string[], number, string]>([
  [
    "two replicas that can serve",
    TWO,
    [],
    2,
    "fewer than 3 replicas of shopregistry can serve (eastus2, westeurope)",
  ],
  ["two, accepted", TWO, ["--accept-risk"], 3, "only eastus2 is left in routing"],
  ["no data endpoints", unseen, [], 6, "cannot tell which region answers: dedicated data endpoints are off"],
  ["no data endpoints, accepted", unseen, ["--accept-risk"], 3, "only the control plane is believed"],
  ["no image", (world) => void (world.images = {}), [], 6, "no repository has a tag"],
  [
    "nobody let in",
    (world) => Object.assign(world.settings, { clientIsPrivate: false, clientAddress: "198.51.100.7" }),
    [],
    6,
    "client with IP '198.51.100.7' is not allowed access",
  ],
  [
    "a replica that is out",
    (world) => void (replication(world, "westeurope").properties.regionEndpointEnabled = false),
    [],
    2,
    "the replica in westeurope is not known to be in global routing",
  ],
  ["an unknown region", () => {}, ["--region", "westus"], 2, "--region is given twice"],
  ["no hold", () => {}, ["--hold", "0s"], 2, "--hold: use seconds, minutes or hours"],
  ["a wait without a unit", () => {}, ["--within", "5"], 2, "--within: use seconds, minutes or hours"],
  ["nobody to ask", () => {}, ["--apply"], 2, "applying needs a confirmation"],
])("%s: nothing is changed", async (_, change, flags, exit, said) => {
  const host = await hostWith(change);

  const result = await runCli(host, ...COMMAND, ...flags);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});

test.each([
  ["westus", "registry shopregistry has no replica in westus"],
  ["eastus2", "eastus2 is the home region of shopregistry and no replication"],
])("%s is refused as in acr route", async (region, said) => {
  const { exit, stderr } = await runCli(
    await hostWith(() => {}),
    "acr",
    "rehearse",
    "shopregistry",
    "--region",
    region,
  );

  expect([exit, stderr]).toEqual([EXIT.usage, expect.stringContaining(said)]);
});
