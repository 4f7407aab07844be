import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { SUBSCRIPTION } from "../../harness.ts";
import { fault } from "../../sandbox/azure.ts";
import { BOTH, PLATFORM, run, runIn, SHOP, told, type Told } from "./ask-named.ts";

const SHOP_GUID = "7c000000-0000-4000-8000-000000000001";

async function first(...words: string[]): Promise<Told["workspaces"][number] & { exit: number }> {
  const result = await run(...words, "-o", "json");
  return { exit: result.exit, ...told(result).workspaces[0]! };
}

test("the name occurs and nothing matches: quiet, exit 0", async () => {
  const quiet = await first("container-image-pulls", ...SHOP, "--param", "app=SHOP-WEB");

  expect(quiet).toMatchObject({ exit: 0, outcome: "quiet", nameSeen: { state: "there" }, source: null });
});

test("the name does not occur: the nearest that do, exit 6", async () => {
  const absent = await first("container-restarts", ...SHOP, "--param", "app=shop-apy");

  expect(absent).toMatchObject({ exit: 6, outcome: "no-name", nameSeen: { state: "absent" } });
  expect(absent.nameSeen?.nearest?.[0]).toBe("shop-api");
  expect(absent.source?.text).toContain("cannot tell whether logs are sent here: no container app or job");
});

test.each([
  ["container-console-errors", SHOP, "nightly-invoices", "10d"],
  ["container-image-pulls", SHOP, "nightly-invoices", "10d"],
])("%s knows a job by its name, although its rows have no app", async (query, where, app, since) => {
  const words = ["-o", "json", "--since", since];
  const { exit, stdout } = await run(query, ...where, "--param", `app=${app}`, ...words);

  expect({ exit, nameSeen: JSON.parse(stdout).workspaces[0].nameSeen }).toMatchObject({
    exit: 0,
    nameSeen: { state: "there" },
  });
});

test("names in capitals are the same names", async () => {
  const params = ["--param", "server=pg-shop"];
  const quiet = await first("postgres-tls-failures", ...SHOP, "--since", "1m", ...params);
  const there = await run("postgres-tls-failures", ...SHOP, "--since", "12h", ...params);

  expect(quiet.outcome).not.toBe("no-name");
  expect(there.exit).toBe(0);
});

test("a chosen flavour without rows names the other one that has some, and the command works", async () => {
  const words = ["container-console-errors", ...SHOP, "--param", "app=shop-admin"];
  const wrong = await run(...words, "--flavour", "azure-monitor");
  const { workspaces } = told(await run(...words, "--flavour", "azure-monitor", "-o", "json"));

  expect(wrong.exit).toBe(6);
  expect(workspaces[0]).toMatchObject({
    outcome: "other-flavour",
    flavour: { name: "azure-monitor", why: "chosen" },
    otherFlavours: [{ flavour: "log-analytics", matching: 6 }],
  });
  expect(wrong.stderr).not.toContain("and none matches");
  const [, command = ""] = /has 6 rows that match: azwise kql run (.*?) \(/.exec(wrong.stderr) ?? [];
  const right = await run(...command.split(" "));
  expect([right.exit, right.stdout.trimEnd().split("\n").length]).toEqual([0, 6]);
});

test("a chosen flavour whose table is not there, where the other has nothing that matches: no table", async () => {
  const params = ["--param", "app=shop-nothing", "--flavour", "azure-monitor"];
  const none = await first("container-console-errors", ...SHOP, ...params);

  expect(none).toMatchObject({ exit: 6, outcome: "no-table", otherFlavours: [{ matching: 0 }] });
});

test("no table of any flavour: each says what it needs", async () => {
  const { exit, stderr } = await run("flow-denied", ...SHOP);

  expect(exit).toBe(6);
  expect(stderr).toContain("there is no table NTANetAnalytics here");
  expect(stderr).toContain("there is no table AzureNetworkAnalytics_CL here");
  expect(stderr).toContain("flavour flow-logs needs: virtual network flow logs");
});

test("rows older than the window: when the last one came", async () => {
  const older = await run("request-durations", ...SHOP, "--since", "1s");
  const silent = await run("request-durations", ...SHOP, "--since", "1h", "--until", "2h");

  expect([older.exit, silent.exit]).toEqual([6, 6]);
  expect(older.stderr).toMatch(/AppRequests has no row in the window, the last one before it is of \S+;/);
  expect(silent.stderr).toContain("AppRequests has no row of the 90 days up to the end of the window");
});

test("an app whose environment logs elsewhere: to which workspace, or what would send it here", async () => {
  const worker = await first(
    "container-restarts",
    ...BOTH.slice(0, 4),
    ...SHOP,
    "--param",
    "app=platform-worker",
  );
  const web = await run("container-restarts", ...BOTH, "--param", "app=shop-web", "-o", "json");

  expect(worker.source).toMatchObject({ state: "elsewhere" });
  expect(worker.source?.text).toContain("sends it to logs-platform");
  expect(worker.source?.commands[0]).toMatch(
    /^az monitor diagnostic-settings create .*\/env-platform --workspace .*\/logs-shop --logs '\[\{"category":"ContainerAppConsoleLogs","enabled":true\},\{"category":"ContainerAppSystemLogs"/,
  );
  expect(told(web).workspaces[0]?.source?.text).toContain(`ask --workspace ${SHOP_GUID}`);
});

test("metrics that nobody sends: the setting that would, also where a GUID names the workspace", async () => {
  const { source } = await first(
    "container-resources",
    "--workspace",
    SHOP_GUID,
    "--param",
    "app=shop-admin",
  );

  expect(source?.text).toBe(
    "no diagnostic setting of shop-admin sends category AllMetrics to this workspace",
  );
  expect(source?.commands[0]).toMatch(/ --workspace \S+\/workspaces\/logs-shop --metrics/);
  expect(source?.commands[0]).toContain(`--metrics '[{"category":"AllMetrics","enabled":true}]'`);
});

test("diagnostic settings that may not be read are no failure of the run", async () => {
  const match = { path: "/diagnosticSettings" };
  const change = (world: World): void => void world.faults.push(fault("not-json", { match, times: 9 }));
  const words = ["container-resources", ...SHOP, "--param", "app=shop-admin"];
  const { exit, stderr } = await runIn(change, words);

  expect(exit).toBe(6);
  expect(stderr).toContain("cannot tell whether logs are sent here: the diagnostic settings of shop-admin: ");
});

test("a query that may not be asked is exit 4, with the permission", async () => {
  const change = (world: World): void => {
    const scope = `/subscriptions/${SUBSCRIPTION}`;
    world.settings.permissions = [{ scope, actions: ["*"], notActions: ["*/query/read"] }];
  };
  const { exit, stderr } = await runIn(change, ["container-restarts", ...SHOP]);

  expect(exit).toBe(4);
  expect(stderr).toContain("Microsoft.OperationalInsights/workspaces/query/read");
});

test.each(["10.9.9.9", "rg-shop/vm-nope"])(
  "the address or machine %s does not occur: no health",
  async (ip) => {
    const absent = await first("flow-denied", ...PLATFORM, "--param", `ip=${ip}`);

    expect(absent).toMatchObject({ exit: 6, outcome: "no-name", nameSeen: { state: "absent" } });
  },
);

test.each(["10.30.2.5", "10.30.1.9"])("the address %s occurs, as source or as destination", async (ip) => {
  const { exit, outcome } = await first("flow-denied", ...PLATFORM, "--param", `ip=${ip}`);

  expect([exit, outcome]).toEqual([0, "complete"]);
});

test("ndjson explains no rows, too, and has nothing on stdout", async () => {
  const words = ["container-restarts", ...PLATFORM, "--param", "app=platform-wrker", "-o", "ndjson"];
  const { exit, stdout, stderr } = await run(...words);

  expect({ exit, stdout }).toEqual({ exit: 6, stdout: "" });
  expect(stderr).toMatch(/^warning: .*nearest: platform-worker/m);
});

test("ndjson shows no rows of a flavour that was not asked", async () => {
  const words = ["container-console-errors", ...SHOP, "--flavour", "azure-monitor", "-o", "ndjson"];
  const { exit, stdout, stderr } = await run(...words);

  expect({ exit, stdout }).toEqual({ exit: 6, stdout: "" });
  expect(stderr).toMatch(/ContainerAppConsoleLogs_CL has \d+ rows that match/);
});

test("a table of one's own that is not there: those that are", async () => {
  const words = ["pipeline-failures-by-error", ...PLATFORM, "--param", "table=DataDomain_Errors_CL"];
  const { exit, stderr } = await run(...words);

  expect(exit).toBe(6);
  expect(stderr).toContain("--param table=DataDomain_SynapsePipelineErrors_CL");
  expect((await run("pipeline-failures-by-error", ...SHOP)).stderr).not.toContain("tables of one's own");
});

test("no line of a container in azure-monitor: that lines of crashes may be missing there", async () => {
  const { exit, stderr } = await run(
    "container-console-errors",
    ...PLATFORM,
    "--param",
    "app=platform-gateway",
  );

  expect(exit).toBe(0);
  expect(stderr).toContain("look at container-restarts, too (azure-wire/crash-lines-missing)");
});
