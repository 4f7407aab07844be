import { expect, test } from "vitest";
import { verbs } from "../../../src/topics/acr/room.ts";
import { NEEDS, type Need } from "../../../src/topics/acr/tools.ts";
import { planAdvice, type Advice, type Asked } from "../../../src/topics/acr/plan-advice.ts";
import { cite } from "../../../src/docs/cite.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { golden } from "../golden.ts";
import { ENDPOINT, hosts, registry, replica, UNSHOWN_HOME } from "./builders.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const WHERE = `--subscription ${SUBSCRIPTION}`;
const REPLICAS = [UNSHOWN_HOME, replica("westus")];
const READY = registry({
  regionalEndpoints: true,
  dataEndpoints: true,
  regionalHosts: hosts("geo", "eastus2", "westus"),
});

function advised(need: Need, change: Partial<Asked> = {}): Advice {
  return planAdvice({ registry: registry(), replicas: REPLICAS, cloud: "public", need, ...change });
}

function commands({ steps }: Advice): (string | undefined)[] {
  return steps.map(({ command }) => command);
}

function inTheWay({ obstacles }: Advice): string[] {
  return obstacles.map(({ text }) => text);
}

test.each<[Need, string[]]>([
  ["affinity", ["regional endpoints"]],
  ["routing", ["regional endpoints", "replica in or out of routing"]],
  ["consistency", ["regional endpoints"]],
  ["troubleshooting", ["regional endpoints", "replica in or out of routing"]],
  ["failover", ["health-aware failover", "regional endpoints"]],
  ["capacity", ["regional endpoints"]],
  ["none", ["health-aware failover"]],
])("for %s: %j", (need, tools) => {
  const { tools: told, limits } = advised(need);

  expect(told.map(({ tool }) => tool)).toEqual(tools);
  expect([...new Set(limits.map(({ tool }) => tool))]).toEqual(tools);
});

test("what is missing is enabled first, then every replica is signed in to", () => {
  expect(commands(advised("affinity"))).toEqual([
    `azwise acr endpoints shopimages --subscription ${SUBSCRIPTION} --firewall --after regional,data`,
    `azwise acr regional enable shopimages --subscription ${SUBSCRIPTION}`,
    `azwise acr data-endpoints enable shopimages --subscription ${SUBSCRIPTION}`,
    `azwise acr endpoints shopimages --subscription ${SUBSCRIPTION}`,
    `azwise acr login shopimages ${WHERE} --region eastus2`,
    `azwise acr login shopimages ${WHERE} --region westus`,
  ]);
});

test("what is on is not enabled again, and a replica that is being created is not signed in to", () => {
  const replicas = [...REPLICAS, replica("centralus", { provisioningState: "Creating", status: undefined })];

  expect(commands(advised("capacity", { registry: READY, replicas }))).toEqual([
    `azwise acr endpoints shopimages --subscription ${SUBSCRIPTION}`,
    `azwise acr login shopimages ${WHERE} --region eastus2`,
    `azwise acr login shopimages ${WHERE} --region westus`,
  ]);
});

const route = (region: string, isIn: boolean): string =>
  `azwise acr route ${isIn ? "in" : "out"} shopimages --subscription ${SUBSCRIPTION} --region ${region}`;

function routes(replicas: Asked["replicas"]): (string | undefined)[] {
  return commands(advised("routing", { registry: READY, replicas })).filter((each) =>
    each?.startsWith("azwise acr route"),
  );
}

test("a replica is taken out or put back, but never the last one, nor one that is being created", () => {
  const three = [...REPLICAS, replica("centralus", { inRouting: false })];
  // One step: done one after the other, they would be no advice.
  expect(routes(three)).toEqual([route("westus", false)]);
  expect(advised("routing", { replicas: three }).steps.at(-1)?.text).toBe(
    "either take westus out, or put centralus back: the command is for the first",
  );
  expect(routes([UNSHOWN_HOME, replica("centralus", { inRouting: false })])).toEqual([
    route("centralus", true),
  ]);
  expect(routes([replica("eastus2", { inRouting: false }), replica("westus")])).toEqual([]);
  expect(routes([UNSHOWN_HOME, replica("westus", { provisioningState: "Creating" })])).toEqual([]);
});

test.each<[string, Partial<Asked>, string[]]>([
  ["nothing", { registry: READY }, []],
  [
    "content trust",
    { registry: registry({ contentTrust: true }) },
    ["content trust is on, and az refuses to enable regional endpoints with it"],
  ],
  ["no content trust once they are on", { registry: { ...READY, contentTrust: true } }, []],
  [
    "addresses",
    { registry: registry({ privateEndpoints: [ENDPOINT] }) },
    ["each of 1 private endpoints needs 2 more addresses; whether its subnet has them was not looked at"],
  ],
  [
    "the cloud",
    { cloud: "china" },
    ["regional endpoints are only known of in the public cloud, and this is china"],
  ],
  [
    "a single replica",
    { registry: READY, replicas: [UNSHOWN_HOME] },
    ["there is one replica only: nothing to choose between and nowhere to fail over to"],
  ],
  [
    "a single one in routing",
    { registry: READY, replicas: [UNSHOWN_HOME, replica("westus", { inRouting: false })] },
    ["only eastus2 can serve the global endpoint, so there is nowhere to fail over to"],
  ],
  [
    "nothing that is not told",
    { registry: READY, replicas: [UNSHOWN_HOME, replica("westus", { inRouting: undefined })] },
    [],
  ],
])("in the way is %s", (_, change, texts) => {
  expect(inTheWay(advised("affinity", change))).toEqual(texts);
});

test("below Premium the SKU comes first, unless nothing is needed", () => {
  const basic = { registry: registry({ sku: "Basic" }), replicas: [UNSHOWN_HOME] };
  const [first] = commands(advised("failover", basic));

  expect(first).toBe(`az acr update --name shopimages --resource-group rg-shop ${WHERE} --sku Premium`);
  expect(inTheWay(advised("failover", basic))[0]).toBe(
    "the SKU is Basic, and regional endpoints need Premium",
  );
  expect(inTheWay(advised("none", basic))[0]).toBe("the SKU is Basic, and replicas need Premium");
  expect(commands(advised("none", basic))).toEqual([
    `azwise acr show shopimages --subscription ${SUBSCRIPTION}`,
  ]);
});

test("a region for a further replica is the owner's choice", () => {
  const { steps } = advised("failover", { replicas: [UNSHOWN_HOME] });

  expect(steps[0]).toMatchObject({ tool: "health-aware failover", command: undefined });
});

test.each(NEEDS)("for %s every azwise command exists, and so does every fact", (need) => {
  const replicas = [...REPLICAS, replica("centralus", { inRouting: false })];
  const advice = advised(need, { replicas });
  const typed = commands(advice).flatMap((each) => /^azwise acr (\S+)/.exec(each ?? "")?.[1] ?? []);
  const { tools, limits, obstacles, steps } = advice;

  expect(typed.filter((name) => !verbs.some((each) => each.name === name))).toEqual([]);
  for (const { because } of [...tools, ...limits, ...obstacles, ...steps]) {
    expect(because.map((id) => cite(id).id)).toEqual(because);
    expect(because).not.toEqual([]);
  }
});

test.each([
  ["advise-affinity", ["shopregistry", "--need", "affinity"]],
  ["advise-routing", ["platformimages", "--subscription", OTHER_SUBSCRIPTION, "--need", "routing"]],
  ["advise-failover", ["legacyapp", "--need", "failover"]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(createTestHost(TERMINAL), "acr", "advise", ...argv);
  const pipe = await runCli(createTestHost(), "acr", "advise", ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("advice as %s is one document", async (format) => {
  const argv = ["acr", "advise", "shopregistry", "--need", "consistency", "-o", format];

  await expect(golden(await runCli(createTestHost(), ...argv))).toMatchFileSnapshot(
    `${GOLDEN}/advise.${format}.txt`,
  );
});

test.each([[[]], [["--need", "speed"]]])("%j is a usage error that names the needs", async (flags) => {
  const { exit, stderr } = await runCli(createTestHost(), "acr", "advise", "shopregistry", ...flags);

  expect(exit).toBe(2);
  expect(stderr).toContain(
    "say what is needed: --need affinity|routing|consistency|troubleshooting|failover|capacity|none",
  );
});
