import { expect, test } from "vitest";
import { createTestHost, runCli, type TestHost } from "../../harness.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const REPORT = ["odcr", "report", "--must-run", "tier=db", "--by-tag", "tier"];

test.each(["md", "table", "tsv", "json"])("the report as %s is as agreed", async (format) => {
  const host = createTestHost(format === "table" ? { tty: true, columns: 140, env: { NO_COLOR: "1" } } : {});

  const { exit, stdout } = await runCli(host, ...REPORT, "-o", format);

  expect(exit).toBe(3);
  await expect(stdout).toMatchFileSnapshot(`${GOLDEN}/report.${format}.txt`);
});

test.each<[string, string[], number, string]>([
  ["nothing is marked", [], 3, "no VM is taken for must-run: --must-run key=value says which are"],
  [
    "nothing has the mark",
    ["--must-run", "tier=nope"],
    3,
    "no VM has a tag of --must-run; check its spelling",
  ],
  ["nothing has the tag", ["--tag", "tier=nope"], 2, "none of the 15 VMs has these tags"],
])("where %s that is said", async (_, flags, exit, said) => {
  const result = await runCli(createTestHost(), "odcr", "report", ...flags);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});

test("the commands of the report are plans that can be made", async () => {
  const { stdout } = await runCli(createTestHost(), ...REPORT, "-o", "json");
  const { fixes } = JSON.parse(stdout) as { fixes: { command: string }[] };

  for (const { command } of fixes) {
    const { exit } = await runCli(createTestHost(), ...command.split(" ").slice(1));
    expect([command, exit]).toEqual([command, 3]);
  }
});

async function commandsOf(host: TestHost, ...flags: string[]): Promise<string[]> {
  const { stdout } = await runCli(host, "odcr", "report", ...flags, "-o", "json");
  return (JSON.parse(stdout) as { fixes: { command: string }[] }).fixes.map(({ command }) => command);
}

test("the command for an overallocated reservation raises it, and mends it", async () => {
  const host = createTestHost();
  const lower = ["odcr", "resize", "crg-shop", "--quantity", "1", "--release"];
  await runCli(host, ...lower, "--apply", "--yes");

  const made = (await commandsOf(host)).filter((command) => command.startsWith("azwise odcr resize"));
  const [command = ""] = made;
  const { exit } = await runCli(host, ...command.split(" ").slice(1), "--apply", "--yes");

  expect(made).toHaveLength(1);
  expect(exit).toBe(0);
  expect((await commandsOf(host)).join()).not.toContain("resize");
});

test("the commands of a report of one tag reach VMs with that tag only", async () => {
  const [command = ""] = await commandsOf(createTestHost(), "--tag", "tier=db");
  const { stdout } = await runCli(createTestHost(), ...command.split(" ").slice(1), "-o", "json");

  expect(command).toContain(" --tag tier=db");
  expect(stdout).toContain("shop-db");
  expect(stdout).not.toContain("shop-web");
});
