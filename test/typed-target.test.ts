import { expect, test } from "vitest";
import { completeCommands } from "../src/typed-target.ts";
import { createTestHost, runCli, SUBSCRIPTION } from "./harness.ts";

const typed = { cloud: "sandbox", tenant: "contoso.com", subscriptions: ["s1", "s2"] };

test.each([
  [
    "go on with: azwise runs resume R",
    "azwise runs resume --cloud sandbox --tenant contoso.com --subscription s1 --subscription s2 R",
  ],
  [
    "azwise acr show shop --subscription s9",
    "azwise acr show --cloud sandbox --tenant contoso.com shop --subscription s9",
  ],
  [
    "azwise apply plan.json --cloud=public",
    "azwise apply --tenant contoso.com --subscription s1 --subscription s2 plan.json --cloud=public",
  ],
  [
    "azwise docs show x; azwise login use y; azwise runs list",
    "azwise docs show x; azwise login use y; azwise runs list",
  ],
])("%s is completed", (text, completed) => {
  expect(completeCommands(text, typed)).toContain(completed);
});

test("nothing is added where nothing was typed", () => {
  const text = "azwise acr show shop";

  expect(completeCommands(text, { cloud: undefined, tenant: undefined, subscriptions: [] })).toBe(text);
});

test("hints, notes and commands of a table name the cloud that was typed as a flag", async () => {
  const env = { AZWISE_CLOUD: "" };
  const cloud = ["--cloud", "sandbox"];
  const refused = await runCli(
    createTestHost({ env }),
    "acr",
    "route",
    "out",
    "shopregistry",
    "--region",
    "eastus2",
    ...cloud,
  );
  const advised = await runCli(
    createTestHost({ env, tty: true, columns: 80 }),
    "acr",
    "advise",
    "shopregistry",
    "--need",
    "affinity",
    ...cloud,
  );

  const doctor = await runCli(
    createTestHost({ env, tty: true, columns: 80 }),
    "acr",
    "doctor",
    "shopregistry",
    ...cloud,
  );

  expect(doctor.stdout).toContain(
    `azwise acr ip-plan --cloud sandbox shopregistry --subscription ${SUBSCRIPTION}\n`,
  );
  expect(refused.stderr).toContain(
    `azwise acr show --cloud sandbox shopregistry --subscription ${SUBSCRIPTION}\n`,
  );
  expect(advised.stdout).toContain(
    `azwise acr regional --cloud sandbox enable shopregistry --subscription ${SUBSCRIPTION}\n`,
  );
});
