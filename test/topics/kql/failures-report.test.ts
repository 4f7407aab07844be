import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, type CliResult } from "../../harness.ts";
import { changeWorld } from "../../plan/saved-plan.ts";
import { fault } from "../../sandbox/azure.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const PLATFORM = ["--workspace", "logs-platform", "--subscription", OTHER_SUBSCRIPTION];

async function report(
  flags: readonly string[],
  { tty = false, change = (): void => {} }: { tty?: boolean; change?: (world: World) => void } = {},
): Promise<CliResult> {
  const host = createTestHost({ tty, columns: 140 });
  await changeWorld(host, change);
  return runCli(host, "kql", "failures", "report", ...PLATFORM, ...flags);
}

test("a day on a terminal, in a pipe and as Markdown", async () => {
  const terminal = await report(["--since", "1d", "--no-color"], { tty: true });
  const pipe = await report(["--since", "24h"]);
  const page = await report(["--since", "1d", "-o", "md"]);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/failures-report.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/failures-report.pipe.txt`);
  await expect(golden(page)).toMatchFileSnapshot(`${GOLDEN}/failures-report.md.txt`);
});

test("where the table has nothing in the period before, nothing is new, gone, more or fewer", async () => {
  const { exit, stdout, stderr } = await report(["-o", "json"]);
  const document = JSON.parse(stdout);

  expect(exit).toBe(0);
  expect(document).toMatchObject({ isComparable: false, failures: { now: 17, before: null } });
  expect(document.days).toHaveLength(7);
  expect(stderr).not.toContain("new errors");
  expect(document.notes.map(({ text }: { text: string }) => text).join()).toContain("cannot be told");
});

test("one environment alone", async () => {
  const { stdout } = await report(["-o", "json", "--environment", "TEST"]);

  expect(JSON.parse(stdout)).toMatchObject({ failures: { now: 3 }, environment: "TEST" });
});

test("where the environment alone has nothing in the period before, nothing of it is new or gone", async () => {
  const prod = await report(["--since", "1d", "-o", "json", "--environment", "prod"]);
  const test = await report(["--since", "1d", "-o", "json", "--environment", "Test"]);

  expect(JSON.parse(prod.stdout)).toMatchObject({ isComparable: true, failures: { now: 9, before: 2 } });
  expect(JSON.parse(test.stdout)).toMatchObject({ isComparable: false, failures: { now: 3, before: null } });
  expect(test.stdout).toContain(
    "the table has no event of environment Test in the period before, so what is new",
  );
});

test("an environment that does not occur says nothing about health: exit 6, with the nearest names", async () => {
  const { exit, stdout, stderr } = await report(["--environment", "prd"]);
  const document = JSON.parse((await report(["--environment", "prd", "-o", "json"])).stdout);

  expect([exit, stdout]).toEqual([6, "prd\tabsent\n"]);
  expect(stderr).toContain(
    "no event of both periods is of environment prd; nearest: prod, test; this says nothing about health",
  );
  expect(document).toMatchObject({ environment: "prd", nearestEnvironments: ["prod", "test"] });
});

test("where it cannot be told whether the environment occurs, no failure of it is no answer: exit 6", async () => {
  const ask = async (environment: string): Promise<CliResult> => {
    // Two probes, then the names.
    const change = (world: World): void =>
      void world.faults.push(fault("gateway-timeout", { match: { path: "/query" }, skip: 2 }));
    return report(["--environment", environment], { change });
  };
  const [typo, known] = [await ask("prd"), await ask("prod")];

  expect(typo.exit).toBe(6);
  expect(typo.stderr).toContain("cannot tell whether environment prd occurs: ");
  expect(known.exit).toBe(0);
});

test("a table that is not there says nothing about health: exit 6", async () => {
  const { exit, stdout, stderr } = await report(["--table", "Others_CL"]);

  expect([exit, stdout]).toEqual([6, "Others_CL\tmissing\n"]);
  expect(stderr).toContain("says nothing about health");
});

test("one query without a whole answer takes its own rows alone: exit 6", async () => {
  const change = (world: World): void => {
    // Two probes, days, datasets, then layers.
    world.faults.push(fault("gateway-timeout", { match: { path: "/query" }, skip: 4 }));
  };
  const { exit, stdout, stderr } = await report(["-o", "json"], { change });
  const { sections, notes } = JSON.parse(stdout) as {
    sections: Record<string, { rows: unknown[]; problem: string | null }>;
    notes: { text: string }[];
  };
  const failed = Object.entries(sections).filter(([, { problem }]) => problem !== null);

  expect(exit).toBe(6);
  expect(failed).toHaveLength(1);
  expect(notes.some(({ text }) => text.includes("are not all that there is"))).toBe(true);
  expect(Object.values(sections).filter(({ rows }) => rows.length > 0)).toHaveLength(6);
  expect(stderr).toContain("target:");
});

test("a query that is answered in part is named: exit 6", async () => {
  const change = (world: World): void => {
    // Two probes, then the queries.
    world.faults.push(fault("partial-answer", { match: { path: "/query" }, skip: 2 }));
  };
  const { exit, stdout } = await report(["-o", "json"], { change });
  const { sections } = JSON.parse(stdout) as { sections: Record<string, { problem: string | null }> };

  expect(exit).toBe(6);
  expect(Object.values(sections).filter(({ problem }) => problem !== null)).toHaveLength(1);
});

test("without an event for the next success the time to resolution cannot be told", async () => {
  const { stdout, stderr } = await report(["--environment", "test"]);

  expect(stdout).toContain("mean time to resolution\tcannot tell");
  expect(stderr).toContain("send an event with PipelineStatus Succeeded");
});

test.each([
  [["--since", "12h"], "a number of days such as 7d"],
  [["--since", "999d"], "180d at most"],
  [["--rule", "x"], "--rule: goes with azwise kql failures send"],
])("%j is refused", async (flags, message) => {
  const { exit, stderr } = await report(flags);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});
