import { test, expect } from "vitest";
import { openDouble } from "./azure-double.ts";
import { runCli } from "./cli.ts";
test("x", async () => {
  const double = await openDouble();
  const f = await runCli(double, ["odcr", "status", "--verbose"], { env: { AZURE_CLIENT_SECRET: undefined, PATH: double.home } });
  console.error(f, double.connects);
  const t0 = performance.now();
  for (let i = 0; i < 5; i++) await runCli(double, ["odcr", "status", "--no-token-cache"]);
  const t1 = performance.now();
  for (let i = 0; i < 6; i++) await runCli(double, ["odcr", "status"]);
  const t2 = performance.now();
  console.log((t1 - t0) / 5, (t2 - t1) / 6);
  await double.close();
  expect(1).toBe(1);
});
