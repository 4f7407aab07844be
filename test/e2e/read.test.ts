import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import type { World } from "../../src/sandbox/world.ts";
import { openDouble, PRICES, type Double, type DoubleOptions } from "./azure-double.ts";
import { runCli } from "./cli.ts";

const STATUS = ["odcr", "status"];
const BULK = "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop-prod";

async function open({ onTestFinished }: TestContext, options: DoubleOptions = {}): Promise<Double> {
  const double = await openDouble(options);
  onTestFinished(() => double.close());
  return double;
}

/** Copies of a VM, so that its list has several pages. */
function addMachines(world: World, count: number): void {
  const sample = Object.values(world.resources).find((each) => each.id.endsWith("/shop-web-03"))!;
  for (let index = 0; index < count; index += 1) {
    const name = `bulk-${index}`;
    const id = `${BULK}/providers/Microsoft.Compute/virtualMachines/${name}`;
    world.resources[id.toLowerCase()] = { ...structuredClone(sample), id, name, tags: { bulk: "yes" } };
  }
}

test.concurrent("status is one token request and reads, nothing else", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const finished = await runCli(double, STATUS);

  expect(finished.exit).toBe(0);
  expect(finished.stdout.split("\n").map((line) => line.split("\t")[0])).toEqual([
    "crg-shop",
    "crg-platform (shared)",
    "",
  ]);
  expect(double.seen.slice(0, 2).map(({ method, host, path }) => `${method} ${host}${path}`)).toEqual([
    "POST login.microsoftonline.com/a0000000-0000-4000-8000-00000000000a/oauth2/v2.0/token",
    "GET management.azure.com/subscriptions/5a000000-0000-4000-8000-000000000001",
  ]);
  expect(double.seen.filter(({ host }) => host !== "management.azure.com")).toHaveLength(1);
  expect(double.seen.slice(1).every(({ method }) => method === "GET")).toBe(true);
});

test.concurrent.each<[string, string[], number]>([
  ["check", ["odcr", "check", "--resource-group", "rg-shop-prod"], 0],
  ["report", ["odcr", "report"], 3],
  ["show", ["acr", "show", "shopregistry"], 0],
  ["doctor", ["acr", "doctor", "shopregistry"], 3],
  ["ip-plan", ["acr", "ip-plan", "shopregistry", "--add", "centralus"], 3],
  ["the plan of detach", ["odcr", "detach", "--group", "crg-shop", "--release", "--delete-empty"], 3],
  ["the plan of resize", ["odcr", "resize", "crg-shop", "--quantity", "5"], 3],
  ["share", ["odcr", "share", "crg-platform"], 0],
  ["the plan of route", ["acr", "route", "out", "shopregistry", "--region", "westeurope"], 3],
  ["the plan of replica", ["acr", "replica", "remove", "shopregistry", "--region", "westeurope"], 3],
])("%s works in the bundle, and changes nothing", async (_, args, wanted) => {
  const { expect } = await import("vitest");
  const double = await openDouble();

  const { exit, stdout, stderr } = await runCli(double, args);

  expect({ exit, isEmpty: stdout === "", stderr }).toMatchObject({ exit: wanted, isEmpty: false });
  expect(double.seen.filter(({ method }) => /PUT|PATCH|DELETE/.test(method))).toEqual([]);
  await double.close();
});

test.concurrent("ip-plan from numbers asks nobody, the sign-in included", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const { exit, stdout } = await runCli(double, ["acr", "ip-plan", "--replicas", "3", "--regional"]);

  expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^3\tyes\t1\t3\t3\t7\t/) });
  expect([double.seen, double.connects]).toEqual([[], []]);
});

test.concurrent("kql run --data asks nobody, and draws, in the bundle", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const rows = [1, 4, 8].map((n) => ({ TimeGenerated: `2026-11-20T0${n}:00:00Z`, n }));
  await writeFile(join(double.home, "T.ndjson"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await writeFile(join(double.home, "query.kql"), "T | where TimeGenerated > ago(1d)");
  const words = ["kql", "run", "-f", join(double.home, "query.kql")];
  const data = ["--data", join(double.home, "T.ndjson"), "--until", "2026-11-20T09:00Z"];

  const drawn = await runCli(double, [...words, ...data, "--chart", "-o", "table"]);
  const streamed = await runCli(double, [...words, ...data, "-o", "ndjson"]);

  expect(drawn.stdout).toContain("one step is 1h; heights: n 0 to 8");
  expect(
    streamed.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(rows);
  expect([drawn.exit, streamed.exit, double.seen]).toEqual([0, 0, []]);
});

test.concurrent("kql list and kql show ask nobody, and have the texts in the bundle", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const listed = await runCli(double, ["kql", "list"]);
  const shown = await runCli(double, ["kql", "show", "container-restarts", "--param", 'app=a"b']);

  expect(listed).toMatchObject({ exit: 0, stdout: expect.stringContaining("\nflow-denied\t") });
  expect(shown).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining(String.raw`ContainerAppName_s =~ "a\"b"`),
  });
  expect([double.seen, double.connects]).toEqual([[], []]);
});

test.concurrent(
  "kql lint has the parser in the bundle, and asks nobody without --schema-from",
  async (context) => {
    const { expect } = context;
    const double = await open(context);
    await writeFile(join(double.home, "q.kql"), "AppRequests\r\n| where Nam == 1 | take 1");

    const linted = await runCli(double, ["kql", "lint", "q.kql", "-o", "github"]);
    const asked = double.seen.length;
    const held = await runCli(double, ["kql", "lint", "-", "--schema-from", "logs-shop"], {
      stdin: "AppRequests | where Nam == 1 | count",
    });

    expect(linted).toMatchObject({
      exit: 3,
      stdout: expect.stringContaining("::warning file=q.kql,line=2,endLine=2,col=9,endColumn=12,title="),
    });
    expect([asked, double.connects.length > 0]).toEqual([0, true]);
    expect(held).toMatchObject({ exit: 3, stdout: expect.stringContaining("\terror\tunknown-column\t") });
  },
);

test.concurrent(
  "pin writes a file in the bundle, and gives its bytes back without asking anybody",
  async (context) => {
    const { expect } = context;
    const double = await open(context);
    const file = join(double.home, "values.yaml");
    const text = "image: platformimages-g3a9dfh2c5e7b6hk.azurecr.io/app:1 # kept\r\n";
    await writeFile(file, text);
    const target = ["--subscription", "5a000000-0000-4000-8000-000000000002"];
    const where = ["--registry", "platformimages", "--region", "westeurope", ...target];

    const pinned = await runCli(double, ["acr", "pin", "values.yaml", ...where, "--apply", "--yes"]);
    const written = await readFile(file, "utf8");
    const asked = double.seen.length;
    const undone = await runCli(double, ["acr", "pin", "values.yaml", "--undo", "--apply", "--yes"]);

    expect({ exit: pinned.exit, stderr: pinned.stderr }).toMatchObject({ exit: 0 });
    expect(written).toBe(text.replace(".azurecr", ".westeurope.geo.azurecr"));
    expect([undone.exit, await readFile(file, "utf8"), double.seen.length]).toEqual([0, text, asked]);
    expect(double.seen.filter(({ method }) => /PUT|PATCH|DELETE/.test(method))).toEqual([]);
  },
);

test.concurrent("cost asks the price list through the proxy, without a token", async (context) => {
  const { expect } = context;
  const authorizations: (string | undefined)[] = [];
  const double = await open(context, {
    before: async ({ url, headers }) => {
      if (url.includes(PRICES)) authorizations.push(headers["authorization"]);
    },
  });

  const { exit, stdout, stderr } = await runCli(double, ["odcr", "cost", "-o", "json"]);

  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ prices: { source: PRICES }, total: { idle: 2, perHour: 1.12 } });
  expect(double.connects).toContain(PRICES);
  expect(authorizations).toEqual([undefined]);
  expect(double.seen.filter(({ method }) => /PUT|PATCH|DELETE/.test(method))).toEqual([]);
});

test.concurrent("cost asks nobody but Azure Resource Manager with --no-prices", async (context) => {
  const { expect } = context;
  const double = await open(context);

  expect(await runCli(double, ["odcr", "cost", "--no-prices"])).toMatchObject({ exit: 0 });
  expect(double.connects).not.toContain(PRICES);
});

test.concurrent("audit asks Resource Graph once", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const finished = await runCli(double, ["odcr", "audit"]);

  expect(finished.exit).toBe(3);
  expect(double.seen.filter(({ path }) => path.includes("ResourceGraph"))).toHaveLength(1);
});

test.concurrent("a list of 120 VMs is read in pages of 50", async (context) => {
  const { expect } = context;
  const double = await open(context, { edit: (world) => addMachines(world, 120) });

  const finished = await runCli(double, ["odcr", "attach", "--tag", "bulk=yes", "--cover", "all"]);

  expect(finished.exit).toBe(3);
  const lists = double.seen.filter(({ path }) => path.endsWith("/Microsoft.Compute/virtualMachines"));
  expect(lists).toHaveLength(3);
  expect(finished.stdout.match(/bulk-\d+/g)).toHaveLength(120);
});

test.concurrent("a next link on a foreign host is refused; nothing goes there", async (context) => {
  const { expect } = context;
  const nextLink = "https://attacker.example/subscriptions?$skipToken=1";
  const double = await open(context, {
    before: async ({ url }) => {
      if (!url.includes("/virtualMachines?")) return;
      return {
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ value: [], nextLink }),
      };
    },
  });

  const finished = await runCli(double, ["odcr", "attach", "--vm", "shop-web-01"]);

  expect(finished.exit).toBe(1);
  expect(finished.stderr).toContain("refused to send credentials to https://attacker.example (ForeignHost)");
  expect(double.attacks).toBe(0);
  expect(double.connects).not.toContain("attacker.example");
});

test.concurrent("answers may come in chunks over connections that close", async (context) => {
  const { expect } = context;
  const double = await open(context, { wire: "chunked-close" });

  expect(await runCli(double, STATUS)).toMatchObject({ exit: 0 });
});

test.concurrent("ids may be given in capitals", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const env = {
    AZURE_TENANT_ID: double.env["AZURE_TENANT_ID"]!.toUpperCase(),
    AZURE_SUBSCRIPTION_ID: double.env["AZURE_SUBSCRIPTION_ID"]!.toUpperCase(),
  };

  const finished = await runCli(double, STATUS, { env });

  expect(finished).toMatchObject({ exit: 0 });
  expect(finished.stderr).toContain(`tenant ${double.env["AZURE_TENANT_ID"]} · subscription 5a000000-`);
});

test.concurrent("a custom cloud is reached through the proxy, or past it by NO_PROXY", async (context) => {
  const { expect } = context;
  const double = await open(context);
  const url = `https://localhost:${double.port}`;
  const folder = join(double.home, ".config", "azwise");
  const clouds = { rig: { resourceManager: url, authority: url } };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), JSON.stringify({ clouds }));

  const proxied = await runCli(double, [...STATUS, "--cloud", "rig"]);
  const connects = double.connects.splice(0);
  const direct = await runCli(double, [...STATUS, "--cloud", "rig"], { env: { NO_PROXY: "localhost" } });

  expect([proxied.exit, direct.exit]).toEqual([0, 0]);
  expect(new Set(connects)).toEqual(new Set(["localhost"]));
  expect(double.connects).toEqual([]);
  expect(direct.stdout).toBe(proxied.stdout);
});
