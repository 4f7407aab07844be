import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failureColumns } from "../../../src/topics/kql/failures/columns.ts";
import { ruleNameFor } from "../../../src/topics/kql/failures/rule-name.ts";
import { pipelineErrors } from "../../../src/topics/kql/schemas/pipelines.ts";
import { createTestHost, runCli, type CliResult, type TestHost } from "../../harness.ts";
import { golden } from "../golden.ts";
import { readBicep, type BicepRead } from "./read-bicep.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const PRINCIPAL = "11111111-2222-4333-8444-555555555555";
const ID =
  "/subscriptions/5a000000-0000-4000-8000-000000000002/resourceGroups/rg-platform-images/providers/Microsoft.OperationalInsights/workspaces/logs-platform";

/** The reader knows calls with one text at most, so the others become their names. */
function read(text: string): BicepRead {
  return readBicep(text.replaceAll(/\b(format|guid|subscriptionResourceId)\([^()\n]*\)$/gm, "$1"));
}

async function setup(host: TestHost, ...flags: string[]): Promise<CliResult> {
  return runCli(host, "kql", "failures", "setup", ...flags);
}

test("the file has the table with every field of the event, a rule of kind Direct, and the role on it", async () => {
  const host = createTestHost();
  const { exit } = await setup(
    host,
    "--out",
    "f.bicep",
    "--workspace",
    "logs-data",
    "--principal",
    PRINCIPAL,
  );
  const bicep = read(readFileSync(join(host.folder, "f.bicep"), "utf8"));
  const columns = (time: string): object[] =>
    failureColumns.columns.map(({ name, type }) => ({ name, type: type === "datetime" ? time : type }));

  expect(exit).toBe(0);
  expect(bicep.parameters["workspaceName"]).toMatchObject({ type: "string", otherwise: "logs-data" });
  expect(bicep.parameters["ruleName"]).toMatchObject({
    otherwise: "dcr-datadomain-synapsep-5ec181",
    decorators: { minLength: 3, maxLength: 30 },
  });
  expect(bicep.parameters["principalId"]).toMatchObject({ otherwise: PRINCIPAL });
  expect(bicep.resources["workspace"]).toMatchObject({ isExisting: true });
  expect(bicep.resources["table"]?.body).toMatchObject({
    parent: { code: "workspace" },
    properties: { schema: { name: { code: "tableName" }, columns: columns("dateTime") } },
  });
  expect(bicep.resources["rule"]?.body).toMatchObject({
    kind: "Direct",
    dependsOn: [{ code: "table" }],
    properties: {
      streamDeclarations: { [`Custom-${pipelineErrors.name}`]: { columns: columns("datetime") } },
      dataFlows: [
        {
          transformKql: "source",
          outputStream: { code: "format" },
          streams: [`Custom-${pipelineErrors.name}`],
        },
      ],
    },
  });
  expect(bicep.resources["publisher"]?.body).toMatchObject({
    scope: { code: "rule" },
    properties: { principalId: { code: "principalId" } },
  });
  expect(Object.keys(bicep.outputs)).toEqual(["ruleName", "immutableId", "endpoint", "stream"]);
});

test("a rule is called after its table, and what is cut stays one of its own", () => {
  const long = "DataDomain_SynapsePipeline";
  const names = [`${long}Errors_CL`, `${long}Warnings_CL`, `${"A".repeat(18)}__${"b".repeat(30)}_CL`];
  const cut = names.map(ruleNameFor);

  expect(["Ours_CL", "A___CL", `${"a".repeat(26)}_CL`].map(ruleNameFor)).toEqual([
    "dcr-ours",
    "dcr-a",
    `dcr-${"a".repeat(26)}`,
  ]);
  expect(new Set(cut).size).toBe(names.length);
  for (const name of cut) expect(name).toMatch(/^dcr-[a-z-]*[a-z]-[\da-f]{6}$/);
  expect(Math.max(...cut.map(({ length }) => length))).toBe(30);
});

test("what it is, how to deploy it and what comes next", async () => {
  const host = createTestHost({ tty: true, columns: 140 });
  const result = await setup(host, "--out", "f.bicep", "--workspace", ID, "--table", "Ours_CL", "--no-color");

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/failures-setup.tty.txt`);
  await expect(readFileSync(join(host.folder, "f.bicep"), "utf8")).toMatchFileSnapshot(
    `${GOLDEN}/failures-setup.bicep`,
  );
});

test("the same wish gives the same bytes, in a file and in a pipe, and asks no Azure", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "public" } });
  const wish = ["--workspace", "logs-data", "--location", "westeurope"];

  const pipe = await setup(host, "--out", "-", ...wish);
  await setup(host, "--out", "f.bicep", ...wish);

  expect(pipe.stdout).toBe(readFileSync(join(host.folder, "f.bicep"), "utf8"));
  expect(pipe.stderr).not.toContain("target");
  expect(read(pipe.stdout).parameters["location"]).toMatchObject({ otherwise: "westeurope" });
});

test("a file that is there stays, unless --force says otherwise", async () => {
  const host = createTestHost();
  const file = join(host.folder, "f.bicep");
  writeFileSync(file, "mine");

  const refused = await setup(host, "--out", "f.bicep", "--workspace", "logs-data");
  const kept = readFileSync(file, "utf8");
  const forced = await setup(host, "--out", "f.bicep", "--workspace", "logs-data", "--force");

  expect([refused.exit, kept, forced.exit]).toEqual([2, "mine", 0]);
  expect(refused.stderr).toContain("--force");
  expect(readFileSync(file, "utf8")).toContain("resource rule ");
});

test.each([
  [["--workspace", "logs-data"], "say where to: --out FILE"],
  [["--out", "-"], "say for which workspace"],
  [["--out", "-", "--workspace", "7c000000-0000-4000-8000-000000000001"], "name or resource id"],
  [["--out", "-", "--workspace", "a'b"], "name or resource id"],
  [["--out", "-", "--workspace", "logs-data", "--table", "x'y_CL"], "ends in _CL"],
  [["--out", "-", "--workspace", "logs-data", "--table", "Failures"], "ends in _CL"],
  [["--out", "-", "--workspace", "logs-data", "--principal", "me"], "is a GUID"],
  [["--out", "-", "--workspace", "logs-data", "--dry-run"], "goes with azwise kql failures send"],
])("%j: exit 2, with what to type", async (flags, message) => {
  const { exit, stdout, stderr } = await setup(createTestHost(), ...flags);

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test("the columns are those of the article's example event and of its list, each once", () => {
  const listed =
    "TimeGenerated PipelineName PipelineRunId ActivityName ActivityType Status ErrorCode ErrorMessage Severity Environment Layer DatasetName PartitionDate WorkspaceName CorrelationId";
  const names = failureColumns.columns.map(({ name }) => name);

  expect([...names].sort()).toEqual(
    [...new Set([...listed.split(" "), ...pipelineErrors.columns.map(({ name }) => name)])].sort(),
  );
});
