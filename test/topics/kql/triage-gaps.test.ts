import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { find, CONTAINER_ENVIRONMENT } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { triage } from "../../../src/topics/kql/triage.ts";
import { createTestHost, openDriver, runCli, type Driver } from "../../harness.ts";
import { fault } from "../../sandbox/azure.ts";
import { ask, commandsIn, GROUP, PLATFORM, SHOP, type Printed } from "./triage-ask.ts";

test.each([
  [{ destination: "none" }, "environment env-shop keeps no logs: its log destination is none"],
  [
    {
      destination: "log-analytics",
      logAnalyticsConfiguration: { customerId: "7c000000-0000-4000-8000-000000000009" },
    },
    "environment env-shop sends its logs to another workspace: ask --workspace 7c000000-0000-4000-8000-000000000009",
  ],
])("an environment with logs %j: %s", async (appLogsConfiguration, text) => {
  const { json } = await ask(["shop-web", ...SHOP], (world) => {
    const environment = find(world, CONTAINER_ENVIRONMENT, `${GROUP}/${CONTAINER_ENVIRONMENT}/env-shop`)!;
    Object.assign(environment.properties, { appLogsConfiguration });
  });

  expect(json.logsOfEnvironment).toEqual([text]);
});

/** A world where the environment of platform-worker sends these categories to logs-platform, and no more. */
function sending(categories: readonly string[]) {
  return (world: World): void => {
    for (const each of Object.values(world.resources)) {
      if (!/diagnosticsettings/i.test(each.type) || !/env-platform/i.test(each.id)) continue;
      each.properties["logs"] = categories.map((category) => ({ category, enabled: true }));
    }
  };
}

test("a category that no setting sends here is told, with what would send it, where it has no row", async () => {
  const change = (world: World): void => {
    sending(["ContainerAppConsoleLogs"])(world);
    world.logs = {};
  };

  const { exit, json } = await ask(["platform-worker", ...PLATFORM], change);
  const text =
    "no diagnostic setting of env-platform sends category ContainerAppSystemLogs to this workspace";

  expect(exit).toBe(6);
  expect(json.logsOfEnvironment).toEqual([expect.stringContaining("sends ContainerAppConsoleLogs"), text]);
  expect(json.cannotTell).toContain(text);
  expect(commandsIn(json)).toEqual([
    expect.stringMatching(
      /^az monitor diagnostic-settings create --name to-log-analytics .*--logs '\[\{"category":"ContainerAppSystemLogs","enabled":true\}\]'$/,
    ),
  ]);
});

test("a category that no setting sends any more is no gap where it has rows", async () => {
  const { json } = await ask(["platform-worker", ...PLATFORM], sending(["ContainerAppConsoleLogs"]));

  expect(json.logsOfEnvironment?.[1]).toContain("sends category ContainerAppSystemLogs to this workspace");
  expect(json.cannotTell.join()).not.toContain("diagnostic setting of env-platform");
});

test("settings that cannot be read leave it untold where logs go, as with kql run", async () => {
  const { json } = await ask(["platform-worker", ...PLATFORM], (world) => {
    world.faults.push(fault("not-json", { match: { path: "/diagnosticSettings" }, times: 9 }));
  });

  expect(json.logsOfEnvironment).toEqual([
    expect.stringMatching(/^cannot tell whether logs are sent here: .*settings of env-platform/),
  ]);
  expect(json.cannotTell).toContain(json.logsOfEnvironment?.[0]);
});

test("a workspace that never had data leaves nothing to be told, and says so", async () => {
  const { exit, json } = await ask(["shop-web", ...SHOP], (world) => void (world.logs = {}));

  expect(exit).toBe(6);
  expect(json.lookedAt.map(({ cannotTell }) => cannotTell)).toEqual(
    Array(3).fill("this workspace never had any data"),
  );
});

test("a workspace of other tables says which are missing", async () => {
  const { exit, json } = await ask(["shop-web", ...SHOP], (world) => {
    const [shop = "", platform = ""] = Object.keys(world.logs);
    world.logs = { [shop]: "logs-platform", [platform]: "logs-platform" };
  });

  expect(exit).toBe(6);
  expect(json.lookedAt[0]).toMatchObject({ table: "ContainerAppConsoleLogs", rows: 0, cannotTell: null });
  expect(json.lookedAt[2]?.cannotTell).toContain("no metrics of it");
});

test.each(["partial-answer", "empty-answer", "gateway-timeout"] as const)(
  "with fault %s at one question the rest is told, and that it is not all",
  async (name) => {
    // The four tables of both flavours are asked for first, at the same time as the metrics.
    const spoil = (world: World): void =>
      void world.faults.push(fault(name, { match: { path: "/query" }, skip: 5 }));
    const { exit, json } = await ask(["shop-web", ...SHOP], spoil);

    expect(exit).toBe(6);
    expect(json.lookedAt.filter(({ cannotTell }) => cannotTell !== null)).toHaveLength(1);
  },
);

test("who may not ask the workspace is refused as everywhere", async () => {
  const { exit, stderr } = await ask(["shop-web", ...SHOP], (world) => {
    world.settings.permissions = [{ scope: "/", actions: ["Microsoft.App/*"], notActions: [] }];
  });

  expect(exit).toBe(4);
  expect(stderr).toContain("Log Analytics Reader");
});

test.each([
  [["triage", "vm", "shop-web", ...SHOP], "say what: azwise kql triage containerapp NAME"],
  [["triage", "containerapp", "shop-web"], "give the workspace of its logs"],
  [["triage", "containerapp", "a b", ...SHOP], "the name of a container app or job is expected"],
  [["triage", "containerapp", 'x" or true', ...SHOP], "the name of a container app or job is expected"],
  [["triage", "containerapp", "shop-web", ...SHOP, "--since", "P30M"], "30 minutes"],
])("wrong words are refused: %j", async (words, message) => {
  const { exit, stderr } = await runCli(createTestHost(), "kql", ...words);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});

const COLUMNS = [
  "TimeGenerated",
  "Revision",
  "Replica",
  "Container",
  "Message",
  "IsJob",
  "ResourceId",
  "Environment",
];

/** One line of shop-web instead of those that there are; what else is asked stays. */
async function write(text: string): Promise<Driver> {
  const driver = await openDriver();
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    const isLines = String(request.body).includes("let Lines");
    if (!isLines) return response;
    const rows = [
      ["2026-11-21T07:59:00Z", "shop-web--v8", "shop-web--v8-x", "shop-web", text, false, "", "env-shop"],
    ];
    const columns = COLUMNS.map((name) => ({ name, type: "string" }));
    const bodyAsText = JSON.stringify({ tables: [{ name: "PrimaryResult", columns, rows }] });
    return {
      request,
      status: 200,
      headers: createHttpHeaders({ "content-type": "application/json" }),
      bodyAsText,
    };
  });
  return driver;
}

test("a line is shown without its secrets", async () => {
  const { ctx } = await write(
    "System.Net.Sockets.SocketException: Connection refused for Server=tcp:sql,1433;User Id=sa;Password=must-not-be-seen;",
  );
  const input = triage.input.parse({ what: "containerapp", name: "shop-web", workspace: "logs-shop" });

  const view = triage.view(await triage.run(input, ctx));

  expect(JSON.stringify(view)).toContain("Password=***");
  expect(JSON.stringify(view)).not.toContain("must-not-be-seen");
});

test("resources that may not be read leave the logs to tell", async () => {
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    if (!/\/Microsoft\.App\//.test(request.url)) return pass(request);
    const bodyAsText = JSON.stringify({ error: { code: "AuthorizationFailed", message: "no" } });
    return {
      request,
      status: 403,
      headers: createHttpHeaders({ "content-type": "application/json" }),
      bodyAsText,
    };
  });
  const input = triage.input.parse({ what: "containerapp", name: "shop-api", workspace: "logs-shop" });

  const { data, exit } = triage.view(await triage.run(input, ctx));

  expect(exit).toBe(3);
  expect(data).toMatchObject({
    resourceUnknown: "not allowed to read the container apps; not allowed to read the container app jobs",
    causes: [{ id: "unresolved-service" }],
  });
});

/** Answers the questions that have this in their text with these rows. */
async function answering(
  part: string,
  columns: readonly string[],
  rows: readonly unknown[][],
): Promise<Printed> {
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    if (!String(request.body).includes(part)) return pass(request);
    const table = { name: "PrimaryResult", columns: columns.map((name) => ({ name, type: "string" })), rows };
    const bodyAsText = JSON.stringify({ tables: [table] });
    return {
      request,
      status: 200,
      headers: createHttpHeaders({ "content-type": "application/json" }),
      bodyAsText,
    };
  });
  const input = triage.input.parse({ what: "containerapp", name: "shop-web", workspace: "logs-shop" });
  const { data, notes } = triage.view(await triage.run(input, ctx));
  return { ...(data as unknown as Printed), notes: [...notes] };
}

test("last lines that are not its own are told beside whose they are", async () => {
  const rows = Array.from({ length: 60 }, (_, index) => [
    new Date(Date.parse("2026-11-21T07:00:00Z") + index).toISOString(),
    "shop-web--v8",
    "shop-web--v8-x",
    "shop-web",
    "hello",
    false,
    "",
    index % 5 === 0 ? "happyfield-5a01c0de" : "calmsea-5a02c0de",
  ]);

  const { notes } = await answering("let Lines", COLUMNS, rows);

  expect(notes.map(({ text }) => text)).toContain(
    "Left out are rows of app shop-web in environment calmsea-5a02c0de; of the last 50 lines 10 are its own.",
  );
});

test("more lines than are looked at are said to be more", async () => {
  const rows = Array.from({ length: 2000 }, (_, index) => [
    new Date(Date.parse("2026-11-21T07:00:00Z") + index).toISOString(),
    "shop-web--v8",
    "shop-web--v8-x",
    "shop-web",
    "hello",
    false,
    "",
    "happyfield-5a01c0de",
  ]);

  const { cannotTell } = await answering("let Lines", COLUMNS, rows);

  expect(cannotTell).toEqual([
    "console lines: only the newest 2000 are looked at; a shorter --since has all of its own",
  ]);
});

test("rows in the tables of the other flavour, too, are said not to be looked at", async () => {
  const probe = "ContainerAppSystemLogs\\n| summarize Rows";

  const { cannotTell } = await answering(probe, ["Rows", "Last"], [["5", "2026-11-21T06:00:00Z"]]);

  expect(cannotTell).toEqual([
    "system events: rows of this window are in the tables of azure-monitor, too, and not looked at",
  ]);
});
