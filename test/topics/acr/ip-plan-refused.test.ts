import { expect, test } from "vitest";
import { createTestHost, OTHER_SUBSCRIPTION, runCli } from "../../harness.ts";

const PLATFORM = ["platformimages", "--subscription", OTHER_SUBSCRIPTION];

test.each([
  [[], "--replicas: say how many there are, or name a registry"],
  [["--replicas", "0"], "--replicas: replicas are a whole number from 1 to 99, the home region counted"],
  [["--replicas", "2", "--add", "uksouth"], "--add: goes with a registry; without one give --replicas"],
  [
    ["--replicas", "2", "--enable", "regional"],
    "--enable: goes with a registry; without one give --regional",
  ],
  [["shopregistry", "--replicas", "3"], "--replicas: a registry tells its own; use --add"],
  [["shopregistry", "--regional"], "--regional: a registry tells it itself; use --enable regional"],
  [["shopregistry", "--enable", "data"], "--enable: only regional can be enabled here"],
  [
    ["shopregistry", "--add", "uk-south"],
    "--add: a region is written like westeurope, without blanks and capitals",
  ],
  [
    ["shopregistry", "--add", "Central US"],
    "--add: a region is written like westeurope, without blanks and capitals",
  ],
  [["shopregistry", "--add", "westeurope"], "westeurope has a replica of shopregistry already"],
  [
    ["shopregistry", "--add", "eastus2"],
    "eastus2 has a replica of shopregistry already: it is the home region",
  ],
  [[...PLATFORM, "--enable", "regional"], "regional endpoints of platformimages are enabled already"],
  [["legacyapp"], "registry legacyapp is Basic: replicas and regional endpoints need Premium"],
])("%j is a usage error", async (argv, message) => {
  const { exit, stdout, stderr } = await runCli(createTestHost(), "acr", "ip-plan", ...argv);

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`error: ${message}\n`);
});
