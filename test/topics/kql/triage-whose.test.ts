import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { CONTAINER_APP, type Resource } from "../../../src/sandbox/bodies.ts";
import { keyOf } from "../../../src/sandbox/ids.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { triage } from "../../../src/topics/kql/triage.ts";
import { keepOwn, type Rows } from "../../../src/topics/kql/triage/read-rows.ts";
import { whoseRows, whoseUsage, type Marks, type Wanted } from "../../../src/topics/kql/triage/whose-rows.ts";
import { openDriver } from "../../harness.ts";
import { ask, GROUP, SHOP, type Printed } from "./triage-ask.ts";

const APPS = "/subscriptions/s/resourceGroups/rg-prod/providers/Microsoft.App/containerApps";
const PROD = `${APPS}/api`;
const DEV = PROD.replace("rg-prod", "rg-dev");
const ENVIRONMENT = "/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.App/managedEnvironments/env";
const OTHER_ENVIRONMENT = `${ENVIRONMENT}-dev`;
const JOB = PROD.replace("containerApps", "jobs");
const RESOURCE = { id: PROD, kind: "app", environmentId: ENVIRONMENT } as const;

function row(resourceId: string, environment = "", isJob = false): Marks {
  return { resourceId, environment, isJob };
}

function wanted(change: Partial<Wanted> = {}): Wanted {
  return {
    name: "api",
    resource: RESOURCE,
    environments: ["env", "happyfield-1"],
    resourceGroup: undefined,
    elsewhere: [],
    job: false,
    ...change,
  };
}

test.each<[string, Marks, boolean]>([
  ["its id, in any casing", row(PROD.toUpperCase()), true],
  ["the id of one of the same name", row(DEV), false],
  ["the id of its environment", row(ENVIRONMENT.toLowerCase()), true],
  ["the id of another environment", row(OTHER_ENVIRONMENT), false],
  ["the name of its environment alone", row("", "env"), true],
  ["the first part of its environment's domain", row("", "happyfield-1"), true],
  ["another name of an environment", row("", "calmsea-2"), false],
  ["a job of the same name", row(JOB, "env", true), false],
  ["its own id in an environment that is called otherwise", row(PROD, "calmsea-2"), true],
])("a row with %s is the app's: %s, %s", (_, marks, isOwn) => {
  const { rows, others, gap } = whoseRows([marks], wanted());

  expect([rows.length, others.length, gap]).toEqual([isOwn ? 1 : 0, isOwn ? 0 : 1, undefined]);
});

test.each([
  ["neither id nor environment", row(""), wanted()],
  ["an environment whose names are not all known", row("", "env"), wanted({ environments: undefined })],
  [
    "an environment's id where that of the app's is not known",
    row(ENVIRONMENT),
    wanted({ resource: { ...RESOURCE, environmentId: undefined } }),
  ],
  [
    "no id, of an app that is no more",
    row("", "env"),
    wanted({ resource: undefined, environments: undefined }),
  ],
])("a row with %s stays, and that it may be another's is said", (_, marks, whom) => {
  const { rows, gap } = whoseRows([marks], whom);

  expect(rows).toEqual([marks]);
  expect(gap).toContain("do not say of which api they are, so another one's may be among them");
});

const GONE = wanted({ resource: undefined, environments: undefined });

test("rows of several apps are refused where nothing chooses, and chosen by the typed group", () => {
  const both = [row(PROD), row(DEV)];

  expect(() => whoseRows(both, GONE)).toThrow(/several named api: .*rg-prod.* and .*rg-dev/);
  expect(whoseRows(both, { ...GONE, resourceGroup: "RG-DEV" })).toMatchObject({
    rows: [both[1]],
    resourceId: DEV,
    others: ["app api in rg-prod"],
  });
  expect(() => whoseRows([row(ENVIRONMENT), row(OTHER_ENVIRONMENT)], GONE)).toThrow(/several named api/);
});

test("rows that do not say whose they are are not taken for one that nobody knows, where another is known", () => {
  const whom = { ...GONE, resourceGroup: "rg-dev", elsewhere: ["rg-prod"] };

  expect(() => whoseRows([row("", "env")], whom)).toThrow(
    "there is none in resource group rg-dev that may be seen, but in rg-prod",
  );
  expect(whoseRows([row("", "env")], { ...whom, elsewhere: [] }).rows).toHaveLength(1);
  expect(whoseRows([row("", "env"), row(DEV)], whom).rows).toHaveLength(2);
});

test("an environment's id is none of the app's", () => {
  expect(whoseRows([row(ENVIRONMENT)], GONE)).toMatchObject({ kind: "app", resourceId: undefined });
});

test("where nobody knows the kind, rows of apps go before rows of jobs", () => {
  expect(whoseRows([row(JOB, "", true), row(PROD)], GONE)).toMatchObject({
    kind: "app",
    rows: [row(PROD)],
    others: ["job api in rg-prod"],
  });
  expect(whoseRows([row(JOB, "", true)], GONE).kind).toBe("job");
  expect(whoseRows([], GONE).kind).toBe("app");
});

test("metrics are its own by its id, by the typed group, or not at all where they are of several", () => {
  const both = [{ resourceId: PROD.toLowerCase() }, { resourceId: DEV.toLowerCase() }];

  expect(whoseUsage(both, wanted(), undefined)).toEqual([both[0]]);
  expect(whoseUsage(both, GONE, DEV)).toEqual([both[1]]);
  expect(whoseUsage(both, { ...GONE, resourceGroup: "rg-prod" }, undefined)).toEqual([both[0]]);
  expect(whoseUsage(both, GONE, undefined)).toBeUndefined();
});

/** Lines of both, in turn, as they are read. */
function linesOfBoth(count: number, cutAt: number | undefined): Rows {
  const line = {
    time: "",
    revision: "",
    replica: "",
    text: "",
    environment: "",
    container: "",
    isJob: false,
  };
  const lines = Array.from({ length: count }, (_, at) => ({
    ...line,
    at,
    resourceId: at % 2 === 0 ? PROD : DEV,
  }));
  const part = {
    what: "console lines",
    table: "T",
    rows: count,
    gap: cutAt && "only the newest",
    cutAt,
  } as const;
  return { lines, events: [], usage: [], parts: [{ ...part, gap: part.gap || undefined }], tables: TABLES };
}
const TABLES = { console: "T", system: "T", metrics: "T" };

test("where a limit was met with rows of others in it, how many are its own is said", () => {
  const { parts, ownOfLast } = keepOwn(linesOfBoth(2000, 2000), wanted());

  expect(parts[0]).toMatchObject({
    rows: 1000,
    gap: "only the newest 2000 of all of the name are looked at, 1000 of them its own; a shorter --since has more of its own",
  });
  expect(ownOfLast).toBe(25);
});

test("fewer lines than are taken leave nothing out, and one's own limit is its own", () => {
  const few = keepOwn(linesOfBoth(49, undefined), wanted());
  const own = linesOfBoth(2000, 2000);
  const alone = keepOwn(
    { ...own, lines: own.lines.map((each) => ({ ...each, resourceId: PROD })) },
    wanted(),
  );

  expect([few.ownOfLast, few.parts[0]?.gap]).toEqual([undefined, undefined]);
  expect([alone.ownOfLast, alone.parts[0]?.gap]).toEqual([undefined, "only the newest"]);
});

const API = `${GROUP}/${CONTAINER_APP}/shop-api`;
const API_DEV = API.replace("rg-shop-prod", "rg-shop-dev");

function withDev(world: World): void {
  const body = structuredClone(world.resources[keyOf(API)]) as Resource;
  world.resources[keyOf(API_DEV)] = { ...body, id: API_DEV };
}

test("an app is not blamed for the rows of another one of its name", async () => {
  const dev = await ask(["shop-api", ...SHOP, "--resource-group", "rg-shop-dev"], withDev);
  const prod = await ask(["shop-api", ...SHOP, "--resource-group", "rg-shop-prod"], withDev);

  expect(dev.exit).toBe(6);
  expect(dev.json).toMatchObject({ id: API_DEV, causes: [], starts: [] });
  expect(dev.json.lookedAt.map(({ rows }) => rows)).toEqual([0, 0, 0]);
  expect(dev.json.lookedAt[2]?.cannotTell).toContain("no metrics of it");
  expect(dev.json.notes.map(({ text }) => text)).toContain(
    "Left out are rows of app shop-api in rg-shop-prod.",
  );
  expect(prod.json.notes.map(({ text }) => text).join()).not.toContain("Left out are rows");
  expect(prod.json).toMatchObject({ id: API, causes: [{ id: "unresolved-service" }] });
  expect(prod.json.lookedAt.every(({ rows }) => rows > 0)).toBe(true);
});

test("a group without such an app is refused with the group that has the rows", async () => {
  const { exit, stderr } = await ask(["shop-api", ...SHOP, "--resource-group", "nope"]);

  expect(exit).toBe(2);
  expect(stderr).toContain("no row of the window is of shop-api in resource group nope");
  expect(stderr).toContain("--resource-group rg-shop-prod");
});

test("with --job an app's name is refused, also where it has not written", async () => {
  for (const since of ["24h", "1m"]) {
    const { exit, stderr } = await ask(["shop-api", ...SHOP, "--job", "--since", since]);

    expect(exit).toBe(2);
    expect(stderr).toContain("shop-api is an app");
    expect(stderr).toContain("leave --job out");
  }
});

/** What triage says of shop-api when every row of it has this id and environment. */
async function marked(id: string, environment: string, resourceGroup?: string): Promise<Printed> {
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    const body = JSON.parse(response.bodyAsText ?? "null") as {
      tables?: { columns: { name: string }[]; rows: unknown[][] }[];
    } | null;
    const [table] = body?.tables ?? [];
    const at = (name: string): number => table?.columns.findIndex((each) => each.name === name) ?? -1;
    if (!body || !table || at("Environment") < 0) return response;
    for (const cells of table.rows) {
      cells[at("ResourceId")] = id;
      cells[at("Environment")] = environment;
    }
    const headers = createHttpHeaders({ "content-type": "application/json" });
    return { request, status: 200, headers, bodyAsText: JSON.stringify(body) };
  });
  const input = triage.input.parse({
    what: "containerapp",
    name: "shop-api",
    workspace: "logs-shop",
    resourceGroup,
  });
  return triage.view(await triage.run(input, ctx)).data as unknown as Printed;
}

test.each([
  ["", "happyfield-5a01c0de"],
  [`${GROUP}/Microsoft.App/managedEnvironments/env-shop`.toLowerCase(), ""],
])(
  "rows as the service sends them, with id '%s' and environment '%s', are its own",
  async (id, environment) => {
    const { causes, cannotTell } = await marked(id, environment);

    expect(causes.map((each) => each.id)).toEqual(["unresolved-service"]);
    expect(cannotTell).toEqual([]);
  },
);

test("rows of an environment of another domain are left out", async () => {
  const { causes, lookedAt } = await marked("", "calmsea-5a02c0de");

  expect(causes).toEqual([]);
  expect(lookedAt[0]?.rows).toBe(0);
});

test("rows that say nothing of whose they are stay, and that is said", async () => {
  const { causes, cannotTell } = await marked("", "");

  expect(causes.map((each) => each.id)).toEqual(["unresolved-service"]);
  expect(cannotTell[0]).toMatch(/^\d+ rows do not say of which shop-api they are/);
});

test("a group without such an app is refused also where rows do not say whose they are", async () => {
  await expect(marked("", "happyfield-5a01c0de", "nope")).rejects.toMatchObject({
    kind: "usage",
    hint: "--resource-group rg-shop-prod",
  });
});
