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
  expect(JSON.parse(all.stdout).query.next[0]).toContain("--workspace W --param app=SHOP-API");
  expect(other.stderr).toContain("Asked container-restarts in flavour azure-monitor.");
  expect([all.exit, other.exit, other.stdout]).toEqual([0, 6, ""]);
});

test("rows of a query by name say what a row is and what to do next", async () => {
  const { stdout } = await ask([...DATA, "-o", "md"]);

  expect(stdout).toContain("| a row is ");
  expect(stdout).toContain("azwise kql run container-console-errors --workspace W");
});

test("a name that no row has is told with the nearest, and one that has nothing to match is quiet", async () => {
  const absent = await ask([...DATA, "--param", "app=shop-apy", "-o", "json"]);
  const there = await ask([...DATA, "--param", "app=shop-api", "--param", "least=2", "-o", "json"]);

  expect(absent.exit).toBe(6);
  expect(JSON.parse(absent.stdout)).toMatchObject({
    outcome: "no-name",
    nameSeen: { state: "absent", nearest: ["shop-api"] },
  });
  expect(absent.stdout).toContain("no row of the window is of app shop-apy; nearest: shop-api");
  expect(there.exit).toBe(0);
  expect(JSON.parse(there.stdout)).toMatchObject({ outcome: "quiet", nameSeen: { state: "there", rows: 1 } });
});

test("files of none of its tables are usage", async () => {
  const { exit, stderr } = await ask(["--data", "Other=ContainerAppSystemLogs.ndjson"]);

  expect(stderr).toContain("container-restarts reads ContainerAppSystemLogs_CL or ContainerAppSystemLogs");
  expect(exit).toBe(2);
});
