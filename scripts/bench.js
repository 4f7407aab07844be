// Prints ratios measured in this one run, for the budgets of the design. It is not a test and never fails on time.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

/** A world in which one VM of contoso stands there many times, spread over many subscriptions. */
function writeFleet(machines, subscriptions) {
  const world = JSON.parse(readFileSync("fixtures/worlds/contoso.json", "utf8"));
  const [owner] = world.subscriptions;
  const template = Object.values(world.resources).find(({ name }) => name === "shop-web-01");
  const ids = Array.from(
    { length: subscriptions },
    (_, index) => `5c000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  );
  world.subscriptions = ids.map((subscriptionId) => ({
    ...owner,
    subscriptionId,
    displayName: subscriptionId,
  }));
  world.resources = {};
  for (let index = 0; index < machines; index += 1) {
    const name = `vm-${index}`;
    const place = `/subscriptions/${ids[index % subscriptions]}/resourceGroups/rg-fleet`;
    const id = `${place}/providers/Microsoft.Compute/virtualMachines/${name}`;
    world.resources[id.toLowerCase()] = { ...template, id, name };
  }
  mkdirSync(join(folder, "azwise", "sandbox"), { recursive: true });
  writeFileSync(join(folder, "azwise", "sandbox", "world.json"), JSON.stringify(world));
  return ids.flatMap((id) => ["--subscription", id]);
}

for (const machines of [1000, 10_000]) {
  const flags = writeFleet(machines, 200);
  const lines = verboseRequests("odcr", "audit", "--fail-on", "none", "-o", "tsv", ...flags);
  const pages = lines.filter(
    (line) => line.includes("/Microsoft.ResourceGraph/") && line.includes(" 200 "),
  ).length;
  const perThousand = (pages / (machines / 1000)).toFixed(2);
  console.log(
    `  odcr audit of ${machines} VMs in 200 subscriptions: ${perThousand} Resource Graph requests per 1,000 VMs (budget 1), ${lines.length} in all`,
  );
}

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
