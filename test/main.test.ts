import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTestHost, runCli, SUBSCRIPTION } from "./harness.ts";

const UNKNOWN_VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute/virtualMachines/nope`;
const ELSEWHERE =
  "/subscriptions/5a000000-0000-4000-8000-000000000002/resourceGroups/rg-platform-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-nope";

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

describe("bad input gets one line, what to type next, its exit code, and changes nothing:", () => {
  const attach = (...rest: string[]): string[] => ["odcr", "attach", ...rest];
  test.each([
    ["an unknown room", ["odrc"], 2, "error: unknown command 'odrc'\n  next: Did you mean odcr?\n"],
    [
      "an unknown verb",
      ["odcr", "statsu"],
      2,
      "error: unknown command 'statsu'\n  next: Did you mean status?\n",
    ],
    [
      "an unknown verb of a noun that is a verb itself",
      ["login", "contxts"],
      2,
      "error: unknown command 'contxts'\n  next: Did you mean contexts?\n",
    ],
    [
      "a verb behind its noun's own flags",
      ["login", "--tenant", "contoso.com", "whoami"],
      2,
      "error: too many arguments for 'login'. Expected 0 arguments but got 1.\n  next: see azwise login --help\n",
    ],
    [
      "an unknown flag",
      attach("--vmm", "x"),
      2,
      "error: unknown option '--vmm'\n  next: Did you mean --vm?\n",
    ],
    [
      "a missing value",
      attach("--vm"),
      2,
      "error: option '--vm <name|id|->' argument missing\n  next: see azwise odcr attach --help\n",
    ],
    [
      "a missing argument",
      ["runs", "show"],
      2,
      "error: missing required argument 'id'\n  next: see azwise runs show --help\n",
    ],
    [
      "an unknown format",
      ["odcr", "status", "-o", "xml"],
      2,
      'error: unknown output format "xml"\n  next: use -o table|json|yaml|tsv|md\n',
    ],
    [
      "a malformed tag",
      attach("--tag", "web"),
      2,
      'error: --tag: "web" is not key=value\n  next: see azwise odcr attach --help\n',
    ],
    [
      "a malformed zone",
      attach("--zone", "a"),
      2,
      'error: --zone: a zone is a number, or "regional"\n  next: see azwise odcr attach --help\n',
    ],
    [
      "a malformed group",
      attach("--vm", "shop-web-01", "--group", "/subscriptions/x"),
      2,
      'error: --group: "/subscriptions/x" is not the name or id of a capacity reservation group\n  next: see azwise odcr attach --help\n',
    ],
    [
      "a wrong cover",
      attach("--cover", "some"),
      2,
      "error: --cover: use running or all\n  next: see azwise odcr attach --help\n",
    ],
    [
      "a malformed duration",
      attach("--vm", "a", "--timeout", "5"),
      2,
      'error: --timeout "5" is not a duration\n  next: use seconds, minutes or hours: 90s, 30m, 2h\n',
    ],
    [
      "a malformed subscription",
      ["odcr", "status", "--subscription", "prod"],
      2,
      'error: "prod" is not a subscription id\n  next: --subscription takes the GUID; az account show --query id prints it\n',
    ],
    [
      "a malformed tenant",
      ["odcr", "status", "--tenant", "not a tenant"],
      2,
      'error: "not a tenant" is not a tenant id\n  next: --tenant takes a GUID or a domain\n',
    ],
    [
      "an unknown cloud",
      ["odcr", "status", "--cloud", "mars"],
      2,
      'error: unknown cloud "mars"\n  next: use --cloud public|usgov|china|sandbox, or describe it under "clouds" in azwise\'s config.json\n',
    ],
    [
      "a query that does not parse",
      attach("--vm", "shop-web-01", "--apply", "--yes", "--query", "bad["),
      2,
      /^error: .*\n {2}next: .*\n$/,
    ],
    [
      "no VM selected",
      attach(),
      2,
      "error: no VM is selected\n  next: select with --vm, --resource-group, --scale-set, --tag, --zone, --size, or ids on standard input\n",
    ],
    [
      "apply without yes off a terminal",
      attach("--vm", "shop-web-01", "--apply"),
      2,
      "error: applying needs a confirmation, and nobody can be asked here\n  next: look at the plan, then add --yes\n",
    ],
    [
      "an unknown gate",
      ["odcr", "audit", "--fail-on", "bad"],
      2,
      /^error: --fail-on: use none, or any of unprotected,.*\n {2}next: see azwise odcr audit --help\n$/,
    ],
    [
      "a plan file that is not there",
      ["apply", "nope.json", "--yes"],
      2,
      /^error: cannot read the plan nope\.json\n {2}next: .*\n$/,
    ],
    [
      "an unknown run",
      ["runs", "show", "nope"],
      2,
      'error: there is no run "nope"\n  next: azwise runs list\n',
    ],
  ])("%s", async (_, argv, exit, stderr) => {
    const host = createTestHost();

    const result = await runCli(host, ...argv);

    expect({ exit: result.exit, stdout: result.stdout }).toEqual({ exit, stdout: "" });
    expect(result.stderr).toMatch(typeof stderr === "string" ? exactly(stderr) : stderr);
    expect(readdirSync(host.folder)).toEqual([]);
  });

  test.each([
    [
      "an unknown VM name",
      ["--vm", "shop-wob-01"],
      2,
      /there is no VM "shop-wob-01" in this subscription\n {2}next: did you mean shop-/,
    ],
    ["an unknown VM id", ["--vm", UNKNOWN_VM], 2, /there is no VM ".*nope" in this subscription/],
    [
      "an id that is no VM",
      ["--vm", "/subscriptions/x/y"],
      2,
      /"\/subscriptions\/x\/y" is not the id of a virtual machine/,
    ],
    [
      "a VM of another subscription",
      ["--vm", UNKNOWN_VM.replace(SUBSCRIPTION, "5a000000-0000-4000-8000-000000000002")],
      4,
      /use --subscription 5a000000-0000-4000-8000-000000000002/,
    ],
    ["a selection without a match", ["--tag", "tier=none"], 2, /no VM matches the selection/],
    [
      "a subscription of another tenant",
      ["--vm", "a", "--subscription", "5b000000-0000-4000-8000-000000000003"],
      4,
      /InvalidAuthenticationTokenTenant/,
    ],
    [
      "a group of another subscription that is not there",
      ["--vm", "shop-web-01", "--group", ELSEWHERE],
      2,
      /there is no group \S+crg-nope, and none is made in another subscription/,
    ],
    [
      "an unknown tenant",
      ["--vm", "a", "--tenant", "c0000000-0000-4000-8000-00000000000c"],
      4,
      /AADSTS90002/,
    ],
  ])("%s", async (_, flags, exit, stderr) => {
    const result = await runCli(createTestHost(), "odcr", "attach", ...flags, "--apply", "--yes");

    expect({ exit: result.exit, stdout: result.stdout }).toEqual({ exit, stdout: "" });
    expect(result.stderr).toMatch(stderr);
  });

  test("an unwritable state folder", async () => {
    const host = createTestHost();
    await runCli(host, "sandbox", "reset");
    writeFileSync(join(host.state, "runs"), "a file in the place of the folder");

    const result = await runCli(host, "odcr", "attach", "--vm", "shop-web-01", "--apply", "--yes");

    expect(result.exit).toBe(1);
    expect(result.stderr).toMatch(
      /error: cannot write the journal in .*; nothing was changed\n {2}next: set XDG_STATE_HOME to a writable folder\n$/,
    );
    expect((await runCli(host, "odcr", "status", "-o", "json", "--query", "length(groups)")).stdout).toBe(
      "2\n",
    );
  });

  test("a plan that cannot be written", async () => {
    const host = createTestHost();
    mkdirSync(join(host.folder, "taken"));

    const result = await runCli(
      host,
      "odcr",
      "attach",
      "--vm",
      "shop-web-01",
      "--out",
      join(host.folder, "taken"),
    );

    expect({ exit: result.exit, stdout: result.stdout }).toEqual({ exit: 2, stdout: "" });
    expect(result.stderr).toMatch(
      /cannot write the plan to .*taken\n {2}next: give --out a writable path\n$/,
    );
  });
});
