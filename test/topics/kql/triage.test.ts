import { expect, test } from "vitest";
import { CONTAINER_APP, CONTAINER_JOB, type Resource } from "../../../src/sandbox/bodies.ts";
import { keyOf } from "../../../src/sandbox/ids.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli } from "../../harness.ts";
import { golden } from "../golden.ts";
import { ask, commandsIn, GROUP, PLATFORM, SHOP } from "./triage-ask.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };

test.each([
  ["shop-api", SHOP, 3, ["unresolved-service likely"]],
  ["shop-admin", SHOP, 3, ["missing-secret-key likely"]],
  ["shop-catalog", SHOP, 3, ["image-pull likely"]],
  ["nightly-invoices", SHOP, 3, ["replica-timeout likely"]],
  ["platform-worker", PLATFORM, 3, ["connection-refused likely", "probe-killed-before-start likely"]],
  ["shop-web", SHOP, 0, []],
  ["platform-gateway", PLATFORM, 6, []],
])("%s looks right on a terminal, and its causes are told", async (name, flags, exit, causes) => {
  const terminal = await runCli(createTestHost(TERMINAL), "kql", "triage", "containerapp", name, ...flags);
  const { json } = await ask([name, ...flags]);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/triage-${name}.tty.txt`);
  expect(terminal.exit).toBe(exit);
  expect(json.causes.map(({ id, certainty }) => `${id} ${certainty}`)).toEqual(causes);
});

test.each(["json", "md", "tsv", "yaml"])("as %s it is one document", async (format) => {
  const words = ["kql", "triage", "containerapp", "platform-worker", ...PLATFORM, "-o", format];

  await expect(golden(await runCli(createTestHost(), ...words))).toMatchFileSnapshot(
    `${GOLDEN}/triage.${format}.txt`,
  );
});

test("a well app is said to have none of the known causes, and never to be healthy", async () => {
  const { json, stdout } = await ask(["shop-web", ...SHOP]);

  expect(json.notes.map(({ text }) => text).join("\n")).toContain("Nothing of the known causes was seen");
  expect(stdout).toContain("not the same as health");
  expect(stdout).not.toMatch(/\bhealthy\b/i);
  expect(json.starts[0]).toMatchObject({
    pull: "3.02s for 100 MiB",
    largestGap: { from: "started", to: "listening", seconds: 4.5 },
  });
});

test("shop-api has the last restart beside the first start, which was assigned and pulled", async () => {
  const { json } = await ask(["shop-api", ...SHOP]);

  expect(json.starts).toMatchObject([
    { isRestart: true, assigned: null, pulled: null, started: "2026-11-21T07:57:07.500Z", ready: null },
    {
      isRestart: false,
      assigned: "2026-11-21T07:19:51.000Z",
      largestGap: { from: "assigned", to: "pulled" },
    },
  ]);
});

test("a job is found by its name, in any casing, and its commands are those of jobs", async () => {
  const { json } = await ask(["Nightly-Invoices", ...SHOP]);

  expect(json).toMatchObject({ kind: "job", id: `${GROUP}/Microsoft.App/jobs/nightly-invoices` });
  expect(json.causes[0]?.fixes[0]?.command).toBe(
    "az containerapp job update --name nightly-invoices --resource-group rg-shop-prod --subscription 5a000000-0000-4000-8000-000000000001 --replica-timeout 3600",
  );
});

function copy(world: World, id: string, { to, type }: { to: string; type: string }): void {
  const body = structuredClone(world.resources[keyOf(id)]) as Resource;
  world.resources[keyOf(to)] = { ...body, id: to, name: to.split("/").at(-1) ?? "", type };
}

const INVOICES = `${GROUP}/${CONTAINER_JOB}/nightly-invoices`;
const API = `${GROUP}/${CONTAINER_APP}/shop-api`;

test("where an app and a job have the name, the app is taken and --job takes the other", async () => {
  const twin = (world: World): void =>
    copy(world, API, { to: INVOICES.replace(CONTAINER_JOB, CONTAINER_APP), type: CONTAINER_APP });

  const app = await ask(["nightly-invoices", ...SHOP], twin);
  const job = await ask(["nightly-invoices", ...SHOP, "--job"], twin);

  expect(app.json.kind).toBe("app");
  expect(app.json.notes.map(({ text }) => text)).toContain(
    "There is a job nightly-invoices, too; --job looks at it.",
  );
  expect(job.json.kind).toBe("job");
});

test("several apps of a name are told apart by their resource group", async () => {
  const other = API.replace("rg-shop-prod", "rg-capacity");
  const twice = (world: World): void => copy(world, API, { to: other, type: CONTAINER_APP });

  const several = await ask(["shop-api", ...SHOP], twice);
  const one = await ask(["shop-api", ...SHOP, "--resource-group", "RG-CAPACITY"], twice);

  expect(several.exit).toBe(2);
  expect(several.stderr).toContain("there are several named shop-api, in rg-capacity and rg-shop-prod");
  expect(several.stderr).toContain("--resource-group rg-capacity");
  expect(one.json.id).toBe(other);
});

test("an app that is no more is told from its logs alone, which know its resource group", async () => {
  const { exit, json } = await ask(["shop-api", ...SHOP], (world) => void delete world.resources[keyOf(API)]);

  expect(exit).toBe(3);
  expect(json).toMatchObject({ id: null, kind: "app", causes: [{ id: "unresolved-service" }] });
  expect(json.cannotTell[0]).toBe(
    "the resource: there is no app or job shop-api in these subscriptions that may be seen",
  );
  expect(json.causes[0]?.fixes[0]?.command).toContain("--name shop-api --resource-group rg-shop-prod");
});

test("a job that is no more is known for one by its logs", async () => {
  const { json } = await ask(
    ["nightly-invoices", ...SHOP],
    (world) => void delete world.resources[keyOf(INVOICES)],
  );

  expect(json).toMatchObject({ kind: "job", id: null, causes: [{ id: "replica-timeout" }] });
});

test("a name that neither logs nor resources have is wrong usage, with the nearest ones", async () => {
  const { exit, stderr } = await ask(["shop-apii", ...SHOP]);

  expect(exit).toBe(2);
  expect(stderr).toContain("no row of the window is of shop-apii");
  expect(stderr).toContain("did you mean shop-api");
});

test("an app that has written nothing in the window cannot be told anything of", async () => {
  const { exit, json } = await ask(["shop-web", ...SHOP, "--since", "10m"]);

  expect(exit).toBe(6);
  expect(json.cannotTell).toContain(
    "shop-web has neither a line nor an event in the window, so nothing can be told of it",
  );
});

test("an app that exists, with its logs elsewhere, is told where they go", async () => {
  const { exit, json } = await ask([
    "platform-gateway",
    "--workspace",
    "logs-shop",
    "--subscription",
    "5a000000-0000-4000-8000-000000000001",
    "--subscription",
    OTHER_SUBSCRIPTION,
  ]);

  expect(exit).toBe(6);
  expect(json.cannotTell).toEqual(
    expect.arrayContaining([
      expect.stringContaining(
        "sends category ContainerAppConsoleLogs to this workspace, but one sends it to logs-platform",
      ),
      expect.stringContaining(
        "sends category ContainerAppSystemLogs to this workspace, but one sends it to logs-platform",
      ),
    ]),
  );
  expect(commandsIn(json)).toHaveLength(1);
  expect(json.nearest.length).toBeGreaterThan(0);
});
