import { expect, test } from "vitest";
import { createTestHost, runCli } from "../../harness.ts";

const WEST = "platformimages-g3a9dfh2c5e7b6hk.westeurope.geo.azurecr.io";

test("a pushed image gets to the other replicas later, where acr wait finds it", async () => {
  const host = createTestHost();
  const pushed = await runCli(host, "sandbox", "push", "platformimages/base/python:3.15", "--layer", "new");
  const [, region, digest] = pushed.stdout.trim().split("\t");
  const argv = ["--subscription", "5a000000-0000-4000-8000-000000000002"];

  const waited = await runCli(host, "acr", "wait", `${WEST}/base/python@${digest}`, ...argv);

  expect([pushed.exit, region]).toEqual([0, "westeurope"]);
  expect(pushed.stderr).toContain(`azwise acr wait platformimages/base/python@${digest}`);
  expect([waited.exit, waited.stdout]).toEqual([
    0,
    "westeurope\tcan be pulled\t\t\neastus2\tcan be pulled\t60\t5\n",
  ]);
});

test.each([
  [["nowhere/app:1"], "the sandbox has no registry nowhere"],
  [["legacyapp/app"], "image: write REGISTRY/REPO:TAG"],
  [["legacyapp/app:8", "--region", "westeurope"], "registry legacyapp has no replica in westeurope"],
])("%j is refused", async (argv, message) => {
  const { exit, stderr } = await runCli(createTestHost(), "sandbox", "push", ...argv);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});
