import { expect, test } from "vitest";
import type { Container, Variable } from "../../../src/azure/container-ports.ts";
import type { Examined, Fix } from "../../../src/topics/kql/triage/seen.ts";
import { app, causes, ended, event, job, line, started } from "./triage-case.ts";

function fixes(change: Partial<Examined>): Fix[] {
  return causes(change)[0]?.fixes ?? [];
}

/** Of what refused: who, and the variables that there are. */
function refused(
  variables: readonly Variable[],
  texts: readonly string[],
  kind: "app" | "job" = "app",
): Fix[] {
  const lines = texts.map((text, index) => line(100 - index / 10, text));
  const resource = kind === "job" ? job() : app();
  const containers = resource.containers.map((each) => ({ ...each, variables: [...variables] }));
  return fixes({ kind, resource: { ...resource, containers }, lines });
}

const SQL = [
  "An error occurred using the connection to database 'jobs' on server 'sql-shop.example'.",
  "System.Net.Sockets.SocketException (111): Connection refused",
];
const ADDRESS = ["Error: connect ECONNREFUSED 10.0.0.4:5432"];
const TELEMETRY = { name: "APPLICATIONINSIGHTS_CONNECTION_STRING", secret: "telemetry" };
const STORAGE = { name: "AZURE_STORAGE_CONNECTION_STRING", secret: "storage" };
const DATABASE = { name: "DATABASE_URL", secret: "database" };
const REDIS = { name: "REDIS_URL", secret: "redis" };
const JOBS = { name: "ConnectionStrings__Jobs", secret: "c1" };
const BY_SECRET = { name: "ConnectionStrings__Default", secret: "sql-shop-connection" };

test.each<[string, Variable[], string[], string]>([
  ["telemetry is no server", [TELEMETRY, STORAGE, DATABASE], ADDRESS, "database"],
  ["the database's name", [DATABASE, JOBS], SQL, "c1"],
  ["the server's name, in the secret's", [DATABASE, BY_SECRET], SQL, "sql-shop-connection"],
  [
    "the server's name",
    [DATABASE, REDIS],
    ["Error 111 connecting to redis:6379. Connection refused."],
    "redis",
  ],
  ["what is beside an address", [DATABASE, { name: "DB_PASSWORD", secret: "p" }], ADDRESS, "database"],
])("the secret of a refused connection is the one meant: %s", (_, variables, texts, secret) => {
  const commands = refused(variables, texts).map(({ command }) => command);

  expect(commands[0]).toContain(` secret show `);
  expect(commands[0]).toContain(` --secret-name ${secret} --query value -o tsv`);
  expect(commands[1]).toContain(` --secrets ${secret}=VALUE`);
});

test("no secret is set where several may be the one, and all of them are named", () => {
  const all = refused([TELEMETRY, DATABASE, REDIS, { name: "DB_HOST", secret: undefined }], ADDRESS);

  expect(all.map(({ text }) => text).at(-1)).toBe(
    "put the address right that is in one of DATABASE_URL (secret database), REDIS_URL (secret redis), DB_HOST",
  );
  expect(all.map(({ command }) => command)).toEqual([
    expect.stringMatching(/ show .* --query 'properties\.template\.containers\[\]\.env\[\]' -o table$/),
    undefined,
  ]);
});

test("telemetry alone is not touched", () => {
  const commands = refused([TELEMETRY], ADDRESS).map(({ command }) => command);

  expect(commands[1]).toMatch(/ --set-env-vars NAME=secretref:SECRET$/);
  expect(commands.join()).not.toContain("telemetry");
});

test("a job's secret is asked for as a job's", () => {
  expect(refused([DATABASE], ADDRESS, "job")[0]?.command).toMatch(/^az containerapp job secret show /);
});

const FQDN = "app.happyfield.eastus2.azurecontainerapps.io";

function hosts(...headers: string[]): Fix[] {
  return fixes({
    lines: headers.map((each) => line(100, `DisallowedHost: Invalid HTTP_HOST header: '${each}'.`)),
  });
}

test.each([
  [FQDN, FQDN],
  [`${FQDN}:443`, FQDN],
  ["app", `${FQDN},app`],
  ["localhost:8000", `${FQDN},localhost`],
  ["127.0.0.1:8000", `${FQDN},127.0.0.1`],
])("a name that was refused is among those to allow: %s", (header, value) => {
  const [fix, another] = hosts(header);

  expect(fix?.command?.endsWith(` ALLOWED_HOSTS=${value}`)).toBe(true);
  expect(another).toBeUndefined();
});

test("a replica's address is not to be allowed: the probe is to ask by a name", () => {
  const [save, change, another] = hosts("100.100.0.57:8000");

  expect(save?.command).toMatch(/ show .* -o yaml > app\.yaml$/);
  expect(change?.text).toContain("probes ask by the replica's address");
  expect(change?.text).toContain(`set Host to a name that ALLOWED_HOSTS has, such as ${FQDN}`);
  expect(change?.command).toMatch(/ update .* --yaml app\.yaml$/);
  expect(another).toBeUndefined();
  expect(hosts("100.100.0.57:8000", "app")).toHaveLength(3);
});

test("a header that a stranger made is no part of a command", () => {
  expect(hosts("app.$(reboot).azurecontainerapps.io")[0]?.command).toMatch(/ ALLOWED_HOSTS=HOST$/);
});

const SIDE: Container = {
  ...app().containers[0]!,
  name: "side",
  image: "shopregistry.azurecr.io/side:2",
  cpu: 1,
};
const TWO = app({ containers: [...app().containers, SIDE] });
const OF_SIDE = { container: "side" };

test.each<[string, Partial<Examined>, RegExp]>([
  [
    "a line of the second",
    { lines: [{ ...line(100, "KeyError: 'SECRET_KEY'"), ...OF_SIDE }] },
    / update .* --container-name side --set-env-vars SECRET_KEY=/,
  ],
  [
    "a container that is there no more",
    { lines: [{ ...line(100, "KeyError: 'SECRET_KEY'"), container: "old" }] },
    / update .* --container-name CONTAINER --set-env-vars /,
  ],
  [
    "static files, and its image",
    { lines: [{ ...line(100, "ValueError: Missing staticfiles manifest entry for 'a'"), ...OF_SIDE }] },
    / update .* --container-name side --image shopregistry\.azurecr\.io\/side:TAG$/,
  ],
  [
    "an end for memory, as its event says",
    {
      events: [
        started(200),
        event(
          100,
          "ContainerTerminated",
          "Container 'side' was terminated with exit code '137' and reason 'OOMKilled'",
        ),
      ],
    },
    / update .* --container-name side --cpu 2 --memory 4Gi$/,
  ],
  [
    "an end that does not say whose",
    { events: [started(200), event(100, "OOMKilled", "out of memory, exit code 137")] },
    / update .* --container-name CONTAINER --cpu CORES --memory MEMORY$/,
  ],
  [
    "an image that cannot be pulled",
    { events: [event(100, "ErrImagePull", `Failed to pull image '${SIDE.image}': manifest unknown`)] },
    / update .* --container-name side --image shopregistry\.azurecr\.io\/side:TAG$/,
  ],
  [
    "an address inside it",
    { lines: [{ ...line(100, "INFO: Uvicorn running on http://127.0.0.1:8080 (Press)"), ...OF_SIDE }] },
    / update .* --container-name side --set-env-vars UVICORN_HOST=0\.0\.0\.0$/,
  ],
  [
    "a name that Django refuses",
    { lines: [{ ...line(100, "DisallowedHost: Invalid HTTP_HOST header: 'app'."), ...OF_SIDE }] },
    / update .* --container-name side --set-env-vars ALLOWED_HOSTS=/,
  ],
  [
    "a refused connection",
    { lines: [{ ...line(100, ADDRESS[0]!), ...OF_SIDE }] },
    / update .* --container-name side --set-env-vars NAME=secretref:SECRET$/,
  ],
  [
    "a service that .NET cannot make",
    {
      lines: [
        {
          ...line(
            100,
            "System.InvalidOperationException: Unable to resolve service for type 'A.ShopDbContext'",
          ),
          ...OF_SIDE,
        },
      ],
    },
    / update .* --container-name side --set-env-vars ConnectionStrings__/,
  ],
])("of two containers the one is named: %s", (_, change, expected) => {
  const all = fixes({ resource: TWO, ...change });
  const one = fixes({ ...change });

  expect(all.map(({ command = "" }) => command).find((each) => each.includes(" update "))).toMatch(expected);
  expect(one.length).toBeGreaterThan(0);
  expect(one.map(({ command = "" }) => command).join()).not.toContain("--container-name");
});

test("how much memory the only container has is not asked for by its name", () => {
  const [fix] = fixes({ events: [started(200), ended(100, 137, "OOMKilled")] });

  expect(fix?.command).toMatch(/--cpu 1 --memory 2Gi$/);
});
