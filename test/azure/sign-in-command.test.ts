import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { signInCommand, withClaims } from "../../src/azure/sign-in-command.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const CLAIMS = "eyJhY2Nlc3NfdG9rZW4iOnt9fQ==";
const RIG = { rig: { resourceManager: "https://arm.rig.test", authority: "https://login.rig.test" } };

test.each([
  ["cli", "public", `az login --tenant ${TENANT}`],
  ["cli", "usgov", `az cloud set --name AzureUSGovernment && az login --tenant ${TENANT}`],
  ["cli", "china", `az cloud set --name AzureChinaCloud && az login --tenant ${TENANT}`],
  ["cli", "rig", `az cloud set --name rig && az login --tenant ${TENANT}`],
  ["device", "public", `azwise login --tenant ${TENANT} --auth device`],
  ["browser", "usgov", `azwise login --tenant ${TENANT} --auth browser --cloud usgov`],
  ["sandbox", "sandbox", `azwise login --tenant ${TENANT} --cloud sandbox`],
  ["environment", "public", undefined],
  ["workload", "public", undefined],
  ["pipelines", "public", undefined],
  ["managed", "public", undefined],
] as const)("signing in as %s in %s is %s", (kind, cloud, command) => {
  expect(signInCommand({ kind, tenantId: TENANT, cloud: findCloud(cloud, RIG) })).toBe(command);
});

test("a cloud of any name is one word for the shell", () => {
  const cloud = findCloud("our; rig", { "our; rig": RIG.rig });

  expect(signInCommand({ kind: "cli", tenantId: TENANT, cloud })).toBe(
    `az cloud set --name 'our; rig' && az login --tenant ${TENANT}`,
  );
});

test("claims are part of the command as the service sent them, with what az needs beside them", () => {
  const target = { tenantId: TENANT, cloud: findCloud("public", {}), claims: CLAIMS };

  expect(signInCommand({ ...target, kind: "device" })).toBe(
    `azwise login --tenant ${TENANT} --auth device --claims-challenge ${CLAIMS}`,
  );
  expect(signInCommand({ ...target, kind: "cli" })).toBe(
    `az login --tenant ${TENANT} --claims-challenge ${CLAIMS} --scope https://management.azure.com/.default`,
  );
  expect(signInCommand({ ...target, kind: "cli", scope: "https://vault.azure.net/.default" })).toBe(
    `az login --tenant ${TENANT} --claims-challenge ${CLAIMS} --scope https://vault.azure.net/.default`,
  );
});

test("claims that were decoded for Entra are encoded as they were", () => {
  const target = { kind: "device", tenantId: TENANT, cloud: findCloud("public", {}) } as const;

  const decoded = Buffer.from(CLAIMS, "base64").toString("utf8");

  expect(withClaims(target, decoded)).toEqual({ ...target, claims: CLAIMS });
  expect(withClaims(target, undefined)).toEqual(target);
});
