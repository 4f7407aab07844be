import { expect, test } from "vitest";
import { loadParser } from "../../src/kql/official.ts";
import { createTestHost, runCli } from "../harness.ts";

test("only a query that is read loads the official parser", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "sandbox" } });
  await runCli(host, "--version");
  for (const words of [["list"], ["show", "flow-denied"], ["lint", "--help"]])
    await runCli(host, "kql", ...words);
  const audit = await runCli(host, "odcr", "audit", "-o", "json");

  expect(audit.stdout).toContain("machines");
  expect("Kusto" in globalThis).toBe(false);

  await loadParser();
  expect("Kusto" in globalThis).toBe(true);
});
