import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import type { Azure } from "../../../src/azure/ports.ts";
import { find, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { doctor } from "../../../src/topics/acr/doctor.ts";
import type { View } from "../../../src/output/view.ts";
import {
  createTestHost,
  openDriver,
  OTHER_SUBSCRIPTION,
  runCli,
  type CliResult,
  type Driver,
} from "../../harness.ts";
import { openDnsServer } from "../../names/dns-server.ts";
import { enableRegional } from "../../sandbox/registry-data.ts";
import { leaveFree, PLATFORMIMAGES, SHOPREGISTRY } from "../../sandbox/registries.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { makeDynamic } from "./endpoint-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const PLATFORM = ["--subscription", OTHER_SUBSCRIPTION];

test.each([
  ["shopregistry", []],
  ["platformimages", PLATFORM],
  ["legacyapp", []],
])("%s looks right on a terminal and in a pipe", async (name, flags) => {
  const terminal = await runCli(createTestHost(TERMINAL), "acr", "doctor", name, ...flags);
  const pipe = await runCli(createTestHost(), "acr", "doctor", name, ...flags);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/doctor-${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/doctor-${name}.pipe.txt`);
});

test.each(["json", "md"])("findings as %s are one document", async (format) => {
  const result = await runCli(createTestHost(), "acr", "doctor", "platformimages", ...PLATFORM, "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/doctor.${format}.txt`);
});

interface Printed {
  counts: Record<string, number>;
  findings: { id: string; severity: string; title: string; evidence: string }[];
}

async function runJson(
  change: (world: World) => void,
  ...argv: string[]
): Promise<CliResult & { json: Printed }> {
  const result = await runCli(await hostWith(change), "acr", "doctor", "-o", "json", ...argv);
  return { ...result, json: JSON.parse(result.stdout) as Printed };
}

function ids({ findings }: Printed): string[] {
  return findings.map(({ id }) => id);
}

test.each([
  ["platformimages", "error", 3],
  ["platformimages", "none", 6],
  ["shopregistry", "error", 6],
  ["shopregistry", "warning", 3],
  ["shopregistry", "info", 3],
])("%s with --fail-on %s exits %d", async (name, failOn, exit) => {
  const flags = name === "platformimages" ? PLATFORM : [];

  expect(await runCli(createTestHost(), "acr", "doctor", name, "--fail-on", failOn, ...flags)).toMatchObject({
    exit,
  });
});

test("without --fail-on a warning exits 3, and no warning does not", async () => {
  expect((await runJson(() => {}, "shopregistry")).exit).toBe(3);
  expect((await runJson(makeDynamic, "shopregistry")).exit).toBe(6);
});

test.each([
  ["the old word for a severity", ["shopregistry", "--fail-on", "high"], "use error, warning, info or none"],
  ["no registry", [], "missing required argument 'registry'"],
  ["an unknown registry", ["nosuchregistry"], 'there is no container registry "nosuchregistry"'],
  ["what is no name", ["shop!"], "is not the name, id or host of a container registry"],
])("%s is one line, exit 2", async (_, argv, message) => {
  const { exit, stdout, stderr } = await runCli(createTestHost(), "acr", "doctor", ...argv);

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test("a subnet without addresses for regional endpoints that are on is told from what is read", async () => {
  const { json } = await runJson((world) => {
    enableRegional(world);
    makeDynamic(world);
    leaveFree(world, 0);
  }, "shopregistry");

  expect(ids(json)).toContain("subnet-short");
});

test("clusters are asked for in one query of all given subscriptions, only with regional endpoints", async () => {
  const off = await openDriver();
  const on = await openDriver(enableRegional);
  const asked = async ({ ctx, open }: Driver): Promise<number> => {
    await doctor.run(doctor.input.parse({ registry: "shopregistry" }), ctx);
    return open.requests.filter(({ body }) => JSON.stringify(body ?? "").includes("managedclusters")).length;
  };

  expect([await asked(off), await asked(on)]).toEqual([0, 1]);
});

test("nothing is changed and no key of the registry asked for", async () => {
  const { ctx, open } = await openDriver(enableRegional);

  await doctor.run(doctor.input.parse({ registry: "shopregistry" }), ctx);

  expect(open.changes()).toEqual([]);
  expect(open.requests.filter(({ path }) => /listCredentials|oauth2/i.test(path))).toEqual([]);
});

test("whoever may read only some clusters is told so", async () => {
  const { json } = await runJson(
    (world) => {
      world.settings.permissions = [
        { scope: "/", actions: ["*"], notActions: ["Microsoft.ContainerService/*"] },
      ];
    },
    "platformimages",
    ...PLATFORM,
  );

  expect(json.findings).toContainEqual(
    expect.objectContaining({
      id: "clusters-unknown",
      evidence: `subscription ${OTHER_SUBSCRIPTION}: no role of yours grants Microsoft.ContainerService/managedClusters/read for all of it`,
    }),
  );
});

test("a vault that is in no given subscription has a region that cannot be told", async () => {
  const { json } = await runJson(
    (world) => {
      const key = Object.keys(world.resources).find((each) => each.endsWith("/vaults/contoso-platform"));
      delete world.resources[key!];
    },
    "platformimages",
    ...PLATFORM,
  );

  expect(json.findings.filter(({ id }) => /key/.test(id))).toMatchObject([
    {
      id: "own-key",
      evidence: expect.stringMatching(/^every replica needs contoso-platform\.vault\.azure\.net: /),
    },
    { id: "key-region-unknown", severity: "cannot tell" },
  ]);
});

test("Docker's credentials for some hosts of the registry are told, without them", async () => {
  const host = await hostWith(enableRegional);
  const secret = Buffer.from("someone:a-password-of-docker").toString("base64");
  mkdirSync(join(host.folder, ".docker"));
  const auths = { "shopregistry.azurecr.io": { auth: secret } };
  writeFileSync(join(host.folder, ".docker", "config.json"), JSON.stringify({ auths }), { mode: 0o600 });

  const { stdout, stderr } = await runCli(host, "acr", "doctor", "shopregistry");

  expect(stdout).toMatch(/docker-partly\t.*shopregistry\.azurecr\.io in its file; none for shopregistry\./);
  expect(stdout + stderr).not.toContain(secret);
});

/** As if the sandbox were a cloud whose names exist. */
function asPublic({ ctx }: Driver): Driver["ctx"] {
  const azure = async (): Promise<Azure> => {
    const found = await ctx.azure();
    return { ...found, target: { ...found.target, cloud: "public" } };
  };
  return { ...ctx, azure };
}

async function viewOf(ctx: Driver["ctx"], registry: string): Promise<View> {
  return doctor.view(await doctor.run(doctor.input.parse({ registry }), ctx));
}

test("where names exist this machine is asked how it finds the login server", async () => {
  const { address, asked } = await openDnsServer(
    { addresses: ["20.61.97.1"], ttl: 900 },
    { addresses: ["20.61.97.1"], ttl: 899 },
  );
  const host = createTestHost({ machine: { nameServers: [address] } });
  mkdirSync(join(host.machine.root, "etc"), { recursive: true });
  writeFileSync(join(host.machine.root, "etc/hosts"), "20.61.97.1 shopregistry.azurecr.io\n");

  const { data } = await viewOf(asPublic(await openDriver(() => {}, { host })), "shopregistry");

  const found = (data as unknown as Printed).findings.filter(({ id }) => id.startsWith("name"));
  expect(found.map(({ id, severity }) => [id, severity])).toEqual([
    ["name-in-hosts", "warning"],
    ["name-kept", "warning"],
  ]);
  expect(found[1]?.evidence).toContain("with lifetimes of 900, 899, 899 s, which differ");
  expect(asked).toEqual(Array(3).fill("shopregistry.azurecr.io"));
});

test("with everything denied but the registry itself, each check cannot be told, and it exits 6", async () => {
  const host = createTestHost();
  mkdirSync(join(host.folder, ".docker", "config.json"), { recursive: true });
  const driver = await openDriver(
    (world) => {
      enableRegional(world);
      const { properties } = find(world, REGISTRY, SHOPREGISTRY)!;
      properties["encryption"] = find(world, REGISTRY, PLATFORMIMAGES)!.properties["encryption"];
    },
    { host },
  );
  refuseAllBut(driver, /\/registries(\/shopregistry)?$/);

  const input = doctor.input.parse({ registry: "shopregistry", failOn: "error" });
  const { data, exit } = doctor.view(await doctor.run(input, driver.ctx));

  const { findings } = data as unknown as Printed;
  expect(exit).toBe(6);
  expect(findings.map(({ id, severity }) => [id, severity])).toEqual([
    ["own-key", "warning"],
    ["replicas-unknown", "cannot tell"],
    ["addresses-unknown", "cannot tell"],
    ["key-region-unknown", "cannot tell"],
    ["webhooks-unknown", "cannot tell"],
    ["clusters-unknown", "cannot tell"],
    ["names-unknown", "cannot tell"],
    ["docker-unknown", "cannot tell"],
  ]);
  expect(findings.slice(1, 6).map(({ evidence }) => evidence)).toEqual([
    "not allowed to read the replicas",
    "not allowed to read the replicas",
    "not allowed to read the key vault",
    "not allowed to read the webhooks",
    "not allowed to read the AKS clusters",
  ]);
});

/** Whatever else is asked for of Azure Resource Manager may not be read. */
function refuseAllBut({ open }: Driver, allowed: RegExp): void {
  const bodyAsText = JSON.stringify({ error: { code: "AuthorizationFailed", message: "no" } });
  open.intercept(async (request, pass) =>
    allowed.test(new URL(request.url).pathname)
      ? pass(request)
      : { request, status: 403, headers: createHttpHeaders(), bodyAsText },
  );
}

/** Each of the reads beside the registry itself, by its path or query, and the row that stands where it was. */
const SIDE_READS = [
  ["/replications?", "replicas-unknown"],
  ["/webhooks?", "webhooks-unknown"],
  ["/permissions?", "clusters-unknown"],
  ["microsoft.containerservice/managedclusters", "clusters-unknown"],
  ["microsoft.keyvault/vaults", "key-region-unknown"],
] as const;

test.each([503, 429].flatMap((status) => SIDE_READS.map((read) => [status, ...read] as const)))(
  "HTTP %i for %s takes no other finding away",
  async (status, asked, id) => {
    const driver = await openDriver((world) => {
      enableRegional(world);
      const { properties } = find(world, REGISTRY, SHOPREGISTRY)!;
      properties["encryption"] = find(world, REGISTRY, PLATFORMIMAGES)!.properties["encryption"];
    });
    driver.open.intercept(async (request, pass) =>
      `${request.url} ${String(request.body)}`.toLowerCase().includes(asked)
        ? { request, status, headers: createHttpHeaders(), bodyAsText: "{}" }
        : pass(request),
    );

    const { data } = await viewOf(driver.ctx, "shopregistry");

    const { findings } = data as unknown as Printed;
    expect(findings.find((each) => each.id === id)?.evidence).toContain(`HTTP ${status}`);
    expect(findings.map((each) => each.id)).toContain("own-key");
  },
);

test("a registry that may not be read at all exits 4", async () => {
  const driver = await openDriver();
  refuseAllBut(driver, /\/registries$/);

  await expect(viewOf(driver.ctx, "shopregistry")).rejects.toMatchObject({ kind: "auth" });
});

test("an id names the registry as well", async () => {
  expect((await runJson(() => {}, SHOPREGISTRY)).json.counts).toMatchObject({ error: 0, warning: 1 });
});
