import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestHost, runCli, type CliResult } from "../../harness.ts";

const ROW = {
  TimeGenerated: "2026-11-20T08:00:00Z",
  ContainerAppName: "shop-api",
  RevisionName: "shop-api--1",
  Reason: "ContainerTerminated",
  Log: "Container terminated with exit code '137'",
};

/** Nobody is signed in and no address answers, so that whatever is asked of Azure fails. */
async function ask(flags: readonly string[]): Promise<CliResult> {
  const host = createTestHost({ env: { AZWISE_CLOUD: "public" } });
  writeFileSync(join(host.folder, "ContainerAppSystemLogs.ndjson"), `${JSON.stringify(ROW)}\n`);
  return runCli(host, "kql", "run", "container-restarts", ...flags);
}

const DATA = ["--data", "ContainerAppSystemLogs.ndjson"];

test("a query by name is asked in the flavour that the file is of", async () => {
  const all = await ask([...DATA, "--param", "app=SHOP-API", "-o", "json"]);
  const other = await ask([...DATA, "--param", "app=shop-web"]);

  expect(JSON.parse(all.stdout)).toMatchObject({
    query: { query: "container-restarts", flavour: "azure-monitor", also: [] },
    outcome: "complete",
    rows: [{ Revision: "shop-api--1" }],
  });
  expect(other.stderr).toContain("Asked container-restarts in flavour azure-monitor.");
  expect([all.exit, other.exit, other.stdout]).toEqual([0, 0, ""]);
});

test("files of none of its tables are usage", async () => {
  const { exit, stderr } = await ask(["--data", "Other=ContainerAppSystemLogs.ndjson"]);

  expect(stderr).toContain("container-restarts reads ContainerAppSystemLogs_CL or ContainerAppSystemLogs");
  expect(exit).toBe(2);
});
