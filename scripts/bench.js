// Prints ratios measured in this one run, for the budgets of the design. It is not a test and never fails on time.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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

/** Puts one VM of contoso into the world many times, spread over many subscriptions. */
function makeFleet(world, machines, subscriptions) {
  const [owner] = world.subscriptions;
  const template = Object.values(world.resources).find(({ name }) => name === "shop-web-01");
  const ids = Array.from(
    { length: subscriptions - 1 },
    (_, index) => `5c000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  );
  world.subscriptions = [owner, ...ids.map((id) => ({ ...owner, subscriptionId: id, displayName: id }))];
  const all = world.subscriptions.map(({ subscriptionId }) => subscriptionId);
  world.resources = {};
  for (let index = 0; index < machines; index += 1) {
    const name = `vm-${index}`;
    const place = `/subscriptions/${all[index % subscriptions]}/resourceGroups/rg-fleet`;
    const id = `${place}/providers/Microsoft.Compute/virtualMachines/${name}`;
    world.resources[id.toLowerCase()] = { ...template, id, name };
  }
}

/** The TLS server of the end-to-end tests, so that the client's memory is measured apart from the world's. */
async function loadDouble() {
  const outfile = "node_modules/.cache/azwise/azure-double.mjs";
  const entryPoints = ["test/e2e/azure-double.ts"];
  await build({ entryPoints, outfile, bundle: true, packages: "external", platform: "node", format: "esm" });
  return (await import(`../${outfile}`)).openDouble;
}

/** Runs azwise as a process of its own and returns its peak memory in MiB. */
function peakMemory(args, doubleEnv) {
  const script = `import { start } from "./dist/main.js";
    process.exitCode = await start(process);
    process.send(process.resourceUsage().maxRSS / 1024);`;
  const argv = ["--input-type=module", "-e", script, "--", "azwise", ...args];
  const child = spawn(process.execPath, argv, {
    env: doubleEnv,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve) => child.once("message", (memory) => (child.disconnect(), resolve(memory))));
}

const openDouble = await loadDouble();
const memories = [];
console.log("\nodcr audit over TLS with a service principal, 200 subscriptions");
for (const machines of [1000, 10_000]) {
  const double = await openDouble({ edit: (world) => makeFleet(world, machines, 200) });
  const flags = double.world.subscriptions.flatMap(({ subscriptionId }) => [
    "--subscription",
    subscriptionId,
  ]);
  const audit = ["odcr", "audit", "--fail-on", "none", "-o", "tsv", ...flags];
  memories.push(await peakMemory(audit, double.env));
  const count = (pattern) =>
    double.seen.filter(({ path, status }) => pattern.test(path) && status === 200).length;
  const perThousand = (count(/\/Microsoft\.ResourceGraph\//) / (machines / 1000)).toFixed(2);
  const signIn = `${count(/\/oauth2\//)} token and ${count(/^\/subscriptions\/[^/]+$/)} subscription request to sign in`;
  console.log(
    `  ${machines} VMs: ${perThousand} Resource Graph requests per 1,000 VMs (budget 1), ${signIn} (budget 1 + 1)`,
  );
  await double.close();
}
const growth = (memories[1] / memories[0]).toFixed(2);
console.log(`  peak memory with 10,000 VMs (10 pages): ${growth} x that with 1,000 (1 page)`);

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
