import { expect, test } from "vitest";
import { createTestHost, runCli, type CliResult } from "../../harness.ts";

const GOLDEN = "../../../fixtures/golden/odcr";

const PROGRESS = new RegExp(`\\r[^\\r\\n]*?${String.fromCodePoint(27)}\\[K`, "g");

/** Run ids are random on purpose; progress is rewritten in place and leaves nothing on the screen. */
function golden({ exit, stdout, stderr }: CliResult): string {
  const text = `exit ${exit}\n--- stdout\n${stdout}--- stderr\n${stderr}`;
  return text.replaceAll(PROGRESS, "").replace(/\d{8}T\d{6}-[0-9a-f]{8}/g, "<run>");
}

const ATTACH = ["odcr", "attach", "--resource-group", "rg-shop-prod"];

test.each([
  ["attach-plan", ATTACH],
  ["attach-plan-restart", [...ATTACH, "--zone", "regional", "--allow-restart"]],
  ["attach-minimum", ["odcr", "attach", "--tag", "tier=web", "--allow-restart", "--minimum", "3"]],
  ["attach-move", ["odcr", "attach", "--vm", "shop-search-01", "--move", "--allow-restart"]],
  ["status", ["odcr", "status"]],
  ["status-group", ["odcr", "status", "crg-shop"]],
  ["audit", ["odcr", "audit"]],
  ["audit-tag", ["odcr", "audit", "--tag", "tier=db", "--fail-on", "unprotected"]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } }), ...argv);
  const pipe = await runCli(createTestHost(), ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "yaml", "md"])("status as %s is one document", async (format) => {
  const result = await runCli(createTestHost(), "odcr", "status", "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/status.${format}.txt`);
});

test("attach --apply covers the slots, and running it again plans nothing", async () => {
  const host = createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } });

  const applied = await runCli(host, ...ATTACH, "--apply", "--yes");
  const again = await runCli(host, ...ATTACH);

  await expect(golden(applied)).toMatchFileSnapshot(`${GOLDEN}/attach-applied.tty.txt`);
  await expect(golden(again)).toMatchFileSnapshot(`${GOLDEN}/attach-again.tty.txt`);
});

test("a minimum leaves its slots overallocated, as asked, and running it again plans nothing", async () => {
  const host = createTestHost();
  const minimum = ["odcr", "attach", "--tag", "tier=web", "--minimum", "1"];

  const applied = await runCli(host, ...minimum, "--apply", "--yes");
  const again = await runCli(host, ...minimum);

  expect([applied.exit, again.exit]).toEqual([0, 0]);
  expect(applied.stderr).not.toContain("is overallocated by");
});

test("a refused raise is partial, leaves what runs alone, and prints the article's options", async () => {
  const host = createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } });
  await runCli(host, "sandbox", "reset");
  await runCli(
    host,
    "sandbox",
    "fault",
    "zonal-allocation-failed",
    "--method",
    "PATCH",
    "--path",
    "/capacityReservations/",
  );

  const result = await runCli(host, "odcr", "attach", "--vm", "shop-web-01", "--apply", "--yes");

  expect(result.exit).toBe(6);
  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/attach-refused.tty.txt`);
});

test("the plan is shown before the question, and a no changes nothing", async () => {
  const host = createTestHost({ tty: true, columns: 140, stdin: "n\n", env: { NO_COLOR: "1" } });

  const declined = await runCli(host, "odcr", "attach", "--vm", "shop-web-01", "--apply");
  const after = await runCli(host, "odcr", "attach", "--vm", "shop-web-01");

  expect(declined.exit).toBe(5);
  expect(declined.stdout).toBe("");
  expect(declined.stderr).toContain("Raise Zone1_D4s_v5 from 0 to 1");
  expect(declined.stderr).toContain("Run these 4 steps? [y/N] ");
  expect(declined.stderr).toContain("error: declined; nothing was changed");
  expect(after.exit).toBe(3);
});

test("a yes at the question applies", async () => {
  const host = createTestHost({ tty: true, columns: 140, stdin: "y\n" });

  const { exit } = await runCli(host, "odcr", "attach", "--vm", "shop-web-01", "--apply");

  expect(exit).toBe(0);
});

test("ids and names are read from standard input when nothing else selects", async () => {
  const host = createTestHost({ stdin: "shop-web-01\n\n  shop-web-02\r\n" });

  const { exit, stdout } = await runCli(
    host,
    "odcr",
    "attach",
    "-o",
    "json",
    "--query",
    "slots[].machines[].name",
  );

  expect(exit).toBe(3);
  expect(JSON.parse(stdout)).toEqual(["shop-web-01", "shop-web-02"]);
});

test("a table that is piped on keeps every line free of escape codes", async () => {
  const { stdout, stderr } = await runCli(createTestHost(), ...ATTACH, "-o", "table");

  expect(stdout + stderr).not.toContain("\u001b");
});

test("audit exits 3 by its gate only, and 0 when the gate is none", async () => {
  const host = createTestHost();

  expect((await runCli(host, "odcr", "audit")).exit).toBe(3);
  expect((await runCli(host, "odcr", "audit", "--fail-on", "none")).exit).toBe(0);
  expect((await runCli(host, "odcr", "audit", "--fail-on", "overallocated")).exit).toBe(0);
});

test("audit says which subscription it cannot speak for, and exits partial", async () => {
  const other = "5b000000-0000-4000-8000-000000000003";
  const own = "5a000000-0000-4000-8000-000000000001";

  const { exit, stderr } = await runCli(
    createTestHost(),
    "odcr",
    "audit",
    "--subscription",
    own,
    "--subscription",
    other,
  );

  expect(exit).toBe(6);
  expect(stderr).toContain(`nothing can be said about subscription ${other}`);
});

test("--vm - reads ids from standard input beside other selectors, and a named VM never vanishes", async () => {
  const host = createTestHost({ stdin: "shop-web-01\nshop-web-02\n" });

  const both = await runCli(
    host,
    "odcr",
    "attach",
    "--vm",
    "-",
    "-o",
    "json",
    "--query",
    "slots[].machines[].name",
  );
  const ruledOut = await runCli(host, "odcr", "attach", "--vm", "-", "--zone", "1");

  expect(JSON.parse(both.stdout)).toEqual(["shop-web-01", "shop-web-02"]);
  expect({ exit: ruledOut.exit, stdout: ruledOut.stdout }).toEqual({ exit: 2, stdout: "" });
  expect(ruledOut.stderr).toContain("error: the other selectors rule out shop-web-02\n");
});

test("a tag that no VM has is a mistake, not a clean audit", async () => {
  const { exit, stderr } = await runCli(createTestHost(), "odcr", "audit", "--tag", "nosuch=x");

  expect(exit).toBe(2);
  expect(stderr).toContain("error: none of the 15 VMs has these tags");
});

test.each([
  ["0", "--minimum: a minimum is a whole number of VMs, 1 or more"],
  ["1.5", "--minimum: a minimum is a whole number of VMs, 1 or more"],
  ["3", "--minimum 3 is more than the 2 selected VMs"],
])("--minimum %s of two VMs is refused", async (minimum, message) => {
  const vms = ["--vm", "shop-web-01", "--vm", "shop-web-02"];

  const { exit, stderr } = await runCli(createTestHost(), "odcr", "attach", ...vms, "--minimum", minimum);

  expect(exit).toBe(2);
  expect(stderr).toContain(`error: ${message}\n`);
});

test("--minimum and --cover all contradict each other", async () => {
  const { exit, stderr } = await runCli(createTestHost(), ...ATTACH, "--minimum", "2", "--cover", "all");

  expect(exit).toBe(2);
  expect(stderr).toContain("error: --minimum: it cannot be used with --cover all\n");
});

test("attach works in one subscription and that of its group, and says so", async () => {
  const flags = [
    "--subscription",
    "5a000000-0000-4000-8000-000000000001",
    "--subscription",
    "5a000000-0000-4000-8000-000000000002",
  ];

  const { exit, stderr } = await runCli(createTestHost(), "odcr", "attach", "--vm", "shop-web-01", ...flags);

  expect(exit).toBe(2);
  expect(stderr).toContain("error: this command works in one subscription");
});
