// Prints ratios measured in this one run, for the budgets of the design. It is not a test and never fails on time.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const folder = mkdtempSync(join(tmpdir(), "azwise-bench-"));
const env = {
  ...process.env,
  HOME: folder,
  XDG_STATE_HOME: folder,
  XDG_CONFIG_HOME: folder,
  AZWISE_CLOUD: "sandbox",
  NO_COLOR: "1",
};
const ROUNDS = 21;

function time(args) {
  const started = performance.now();
  spawnSync(process.execPath, args, { env });
  return performance.now() - started;
}

function median(values) {
  return values.sort((left, right) => left - right)[Math.floor(values.length / 2)];
}

const azwise = (...args) => ["bin/azwise.js", ...args];
const cases = [
  { name: "node -e 0", args: ["-e", "0"], budget: undefined },
  { name: "azwise --version", args: azwise("--version"), budget: 1.25 },
  { name: "azwise --help", args: azwise("--help"), budget: 1.25 },
  { name: "azwise odcr status", args: azwise("odcr", "status"), budget: 2 },
  { name: "azwise odcr audit", args: azwise("odcr", "audit"), budget: 2 },
  { name: "azwise odcr attach (plan)", args: azwise("odcr", "attach", "--resource-group", "rg-shop-prod") },
];

// A rehearsal begins with this; without it each command would check the world it comes with anew.
spawnSync(process.execPath, azwise("sandbox", "reset"), { env });

// Rounds are interleaved, so that a busy moment of the machine hits every case alike.
const times = cases.map(() => []);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [index, { args }] of cases.entries()) times[index].push(time(args));
}
const base = median(times[0]);
console.log(`start-up, median of ${ROUNDS} interleaved rounds on Node ${process.version}`);
for (const [index, { name, budget }] of cases.entries()) {
  const ratio = (median(times[index]) / base).toFixed(2);
  console.log(`  ${name.padEnd(28)} ${ratio} x node${budget === undefined ? "" : `   (budget ${budget})`}`);
}

function verboseRequests(...args) {
  const options = { env, encoding: "utf8", maxBuffer: 2 ** 28 };
  const { stderr } = spawnSync(process.execPath, azwise(...args, "--verbose"), options);
  return stderr.split("\n").filter((line) => /^(GET|POST|PUT|PATCH|DELETE) /.test(line));
}

const audit = verboseRequests("odcr", "audit");
const graph = audit.filter((line) => line.includes("/Microsoft.ResourceGraph/")).length;
console.log(`\nrequests`);
console.log(`  odcr audit of 15 VMs: ${graph} Resource Graph, ${audit.length} in all`);
const attach = ["odcr", "attach", "--resource-group", "rg-shop-prod"];
console.log(`  odcr attach, plan of 15 VMs: ${verboseRequests(...attach).length}`);

/** Puts the subscriptions of world fleet, with so many VMs in each, where the double's application may read. */
function settleFleet(world, fleet) {
  const [{ tenantId }] = world.tenants;
  const [{ quotaId }] = world.subscriptions;
  world.subscriptions = fleet.subscriptions.map((each) => ({ ...each, tenantId, quotaId }));
  world.resources = fleet.resources;
  world.sizes = fleet.sizes;
  world.settings.pageSize = fleet.settings.pageSize;
}

/** A TypeScript module as JavaScript that Node runs. */
async function load(entry, name) {
  const outfile = `node_modules/.cache/azwise/${name}.mjs`;
  const options = { bundle: true, packages: "external", platform: "node", format: "esm" };
  await build({ entryPoints: [entry], outfile, ...options });
  return import(`../${outfile}`);
}

/** Collects garbage at once instead of letting it pile up, so that peak memory tells what is kept. */
const TIDY = ["--max-old-space-size=50", "--max-semi-space-size=2"];

/** Runs azwise as a process of its own and returns its peak memory in MiB. */
function peakMemory(args, doubleEnv, nodeFlags) {
  const script = `import { start } from "./dist/main.js";
    process.exitCode = await start(process);
    process.send(process.resourceUsage().maxRSS / 1024);`;
  const argv = [...nodeFlags, "--input-type=module", "-e", script, "--", "azwise", ...args];
  const child = spawn(process.execPath, argv, {
    env: doubleEnv,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve) => child.once("message", (memory) => (child.disconnect(), resolve(memory))));
}

// A TLS server, so that the client's memory is measured apart from the world's.
const { openDouble } = await load("test/e2e/azure-double.ts", "azure-double");
const { makeFleet } = await load("src/sandbox/fleet.ts", "fleet");
const memories = [];
const kept = [];
const fleetSize = makeFleet(1).subscriptions.length;
console.log("\nodcr audit of world fleet over TLS with a service principal, 200 subscriptions");
for (const machinesEach of [5, 50, 99]) {
  const fleet = makeFleet(machinesEach);
  const machines = machinesEach * fleet.subscriptions.length;
  const double = await openDouble({ edit: (world) => settleFleet(world, fleet) });
  const flags = fleet.subscriptions.flatMap(({ subscriptionId }) => ["--subscription", subscriptionId]);
  const audit = ["odcr", "audit", "--fail-on", "none", "-o", "tsv", ...flags];
  const env = { ...double.env, AZURE_SUBSCRIPTION_ID: fleet.subscriptions[0].subscriptionId };
  memories.push(await peakMemory(audit, env, []));
  const count = (pattern) =>
    double.seen.filter(({ path, status }) => pattern.test(path) && status === 200).length;
  const graph = count(/\/Microsoft\.ResourceGraph\//);
  const perThousand = (graph / (machines / 1000)).toFixed(2);
  const compute = count(/\/Microsoft\.Compute\//);
  const signIn = `${count(/\/oauth2\//)} token and ${count(/^\/subscriptions\/[^/]+$/)} subscription request to sign in`;
  console.log(
    `  ${machines} VMs: ${graph} Resource Graph requests, ${perThousand} per 1,000 VMs (budget 1 and a constant); ${compute} Compute; ${signIn} (budget 1 + 1)`,
  );
  kept.push(await peakMemory(audit, env, TIDY));
  await double.close();
}
const growth = (values, large, small) => `${(values[large] / values[small]).toFixed(2)} x`;
console.log(
  `  peak memory with 20 pages, of that with 11: ${growth(memories, 2, 1)} (budget: flat); garbage collected early: ${growth(kept, 2, 1)}`,
);
console.log(
  `  with 11 pages, of that with 2, before V8's young generation has its full size: ${growth(memories, 1, 0)}; garbage collected early: ${growth(kept, 1, 0)}`,
);
const each = ((kept[2] - kept[0]) * 1024) / (94 * fleetSize);
console.log(
  `  kept for each VM: ${each.toFixed(1)} KiB (its row of the result, which is sorted before it is printed)`,
);

/** An answer of the log query service with so many rows of about 200 bytes. */
function logAnswer(rows) {
  const columns = ["TimeGenerated", "App", "Log"].map((name) => ({ name, type: "string" }));
  const row = JSON.stringify(["2026-11-21T07:00:00.1234567Z", "shop-api", "a line of a log ".repeat(9)]);
  const body = `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns)},"rows":[${Array(rows).fill(row).join(",")}]}]}`;
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

console.log("\nkql run -o ndjson over TLS");
const streamed = [];
for (const rows of [20_000, 500_000]) {
  const before = async ({ url }) => (url.endsWith("/query") ? logAnswer(rows) : undefined);
  const double = await openDouble({ before });
  const query = `${folder}/query.kql`;
  writeFileSync(query, "T");
  const run = ["kql", "run", "-f", query, "--workspace", "logs-shop", "-o", "ndjson"];
  const started = performance.now();
  streamed.push(await peakMemory(run, double.env, TIDY));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`  ${rows} rows: ${streamed.at(-1).toFixed(0)} MiB at most, ${seconds} s`);
  await double.close();
}
console.log(`  peak memory with 500,000 rows, of that with 20,000: ${growth(streamed, 1, 0)} (budget: flat)`);

/** World time, which the sandbox's clock tells, so that waiting for operations counts. */
function worldSeconds(concurrency) {
  const clock = () => {
    const { stdout } = spawnSync(process.execPath, azwise("sandbox", "show", "-o", "json"), {
      env,
      encoding: "utf8",
    });
    return Date.parse(JSON.parse(stdout).clock);
  };
  spawnSync(process.execPath, azwise("sandbox", "reset"), { env });
  const before = clock();
  spawnSync(process.execPath, azwise(...attach, "--apply", "--yes", "--concurrency", String(concurrency)), {
    env,
  });
  return (clock() - before) / 1000;
}

console.log("\nattach --apply of 9 VMs in 5 slots, in the sandbox's time, relative to --concurrency 1");
const alone = worldSeconds(1);
for (const concurrency of [1, 2, 4, 8]) {
  const ratio = (worldSeconds(concurrency) / alone).toFixed(2);
  console.log(`  --concurrency ${concurrency}: ${ratio}`);
}
rmSync(folder, { recursive: true, force: true });
