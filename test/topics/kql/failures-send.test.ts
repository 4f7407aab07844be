import { expect, test } from "vitest";
import { COLLECTION_RULE, list } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { changeWorld } from "../../plan/saved-plan.ts";
import { golden } from "../golden.ts";
import { ARTICLE, line, lines, PLATFORM, RULE, runsIn, send } from "./failures-sending.ts";

const GOLDEN = "../../../fixtures/golden/kql";

test("the article's event goes to a rule that has all its columns, and can be queried some minutes later", async () => {
  const { exit, stdout, world, host } = await send(ARTICLE, RULE);
  await changeWorld(host, (changed) => void (changed.clockOffsetMs += 240_000));
  const query =
    "DataDomain_SynapsePipelineErrors_CL | where PipelineName == 'POC_Test' | project PipelineStatus, DurationMs, Payload";
  host.type(query);
  const asked = await runCli(host, "kql", "run", "-f", "-", "--workspace", "logs-platform", ...PLATFORM);

  expect([exit, stdout]).toEqual([0, "accepted\t1\t1\tazure-wire/ingestion-204-not-yet-there\n"]);
  expect(asked.stdout).toBe('Failed\t1000\t{"source":"test","target":"loganalytics"}\n');
  expect(world.ingested).toHaveLength(1);
});

test("a field that the article's own table lacks is told, and nothing is sent", async () => {
  const { exit, stdout, stderr, world } = await send(ARTICLE, ["--rule", "dcr-article-failures"]);

  expect(exit).toBe(2);
  expect(stdout).toContain(
    "has no column for PipelineStatus (is Status meant?), ActivityStatus (is Status meant?), ExecutionStage, TriggerName,",
  );
  expect(stderr).toContain("--allow-unknown");
  expect(world.ingested).toEqual([]);
});

test("--allow-unknown sends it and tells what is lost", async () => {
  const { exit, stderr, world } = await send(ARTICLE, ["--rule", "dcr-article-failures", "--allow-unknown"]);

  expect(exit).toBe(0);
  expect(stderr).toContain("PipelineStatus (is Status meant?) in 1, ActivityStatus");
  expect(Object.keys(world.ingested[0]!.rows[0]!)).not.toContain("PipelineStatus");
});

const WRONG = [
  line({ Status: "Failed", pipelinename: "x" }),
  line({ ErrorCode: "", PipelineName: " " }),
  '{"PipelineName":"pl","ErrorMessage":"top secret \n',
  line({ ErrorCode: 2108, DurationMs: "12", RetryCount: 1.5, TimeGenerated: "yesterday", Payload: [1] }),
  line({ TimeGenerated: null }),
  "[1]\n",
].join("");

test("all that is wrong with each event is told, with no value of it", async () => {
  const { world, host: _, ...result } = await send(WRONG, [...RULE, "--no-color"], { tty: true });

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/failures-send-wrong.tty.txt`);
  expect(result.stdout).not.toContain("secret");
  expect(world.ingested).toEqual([]);
});

test("the first twenty wrong events are told, and how many there are", async () => {
  const { exit, stdout, stderr } = await send("{}\n".repeat(50), [...RULE, "-o", "json"]);
  const document = JSON.parse(stdout);

  expect(exit).toBe(2);
  expect(document).toMatchObject({ outcome: "invalid", wrongCount: 50, events: { read: 50 } });
  expect(document.wrong).toHaveLength(20);
  expect(stderr).toContain("subscription");
});

test("an event without an error has to say that it succeeded", async () => {
  const { exit, world } = await send(line({ ErrorCode: "", PipelineStatus: "Succeeded" }), RULE);

  expect([exit, world.ingested.length]).toEqual([0, 1]);
});

test("events without a time get the time of sending; the rest of their text stays as it is", async () => {
  const { stderr, world } = await send(
    `${line({})}{ "PipelineName" : "pl", "ErrorCode": "E", "DurationMs": 9007199254740991 }\n`,
    RULE,
  );

  expect(stderr).toContain(
    "2 events have no TimeGenerated, and got the time of sending: 2026-11-21T08:00:00.000Z",
  );
  expect(world.ingested[0]!.rows).toMatchObject([
    { TimeGenerated: "2026-11-21T08:00:00.000Z", PipelineName: "pl" },
    { TimeGenerated: "2026-11-21T08:00:00.000Z", DurationMs: 9007199254740991 },
  ]);
});

test("long fields and times far off are sent, and told", async () => {
  const events = `${line({ ErrorMessage: "ü".repeat(40_000) })}${line({ TimeGenerated: "2026-11-01T00:00:00Z" })}`;
  const { exit, stderr } = await send(events, RULE);

  expect(exit).toBe(0);
  expect(stderr).toContain("keeps the beginning alone: line 1 ErrorMessage");
  expect(stderr).toContain("1 event has a time more than two days ago");
});

test("--dry-run shows the requests and sends nothing", async () => {
  const { exit, stdout, stderr, world } = await send(lines(20), [...RULE, "--dry-run"]);
  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((row) => row.split("\t"));

  expect(exit).toBe(0);
  expect(rows.map((row) => row.slice(0, 4))).toEqual([
    ["1", "9", "1-9", "901053"],
    ["2", "9", "10-18", "901062"],
    ["3", "2", "19-20", "200236"],
  ]);
  expect(rows.every(([, , , bytes, compressed]) => Number(compressed) < Number(bytes) / 10)).toBe(true);
  expect(stderr).toContain("Nothing was sent. Without --dry-run 20 events go to Custom-DataDomain_");
  expect(world.ingested).toEqual([]);
});

test.each([
  ["a rule that is looked up", RULE, "ends with .ingest.monitor.sandbox.invalid;"],
  [
    "all typed",
    ["--rule", `dcr-${"0".repeat(32)}`, "--stream", "Custom-T_CL"],
    "ends with .ingest.monitor.azure.com or ",
  ],
])("with %s --dry-run refuses an address as sending would", async (_, rule, hint) => {
  const flags = [...rule, "--endpoint", "https://evil.example"];
  const dry = await send(line({}), [...flags, "--dry-run"]);
  const real = await send(line({}), flags);

  for (const { exit, stderr } of [dry, real]) {
    expect(exit).toBe(2);
    expect(stderr).toContain("the address is no ingestion address of this cloud; nothing was sent");
  }
  expect(dry.stderr).toContain(hint);
});

test("with rule, stream and address typed --dry-run asks nobody", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "public" }, stdin: line({}) });
  const place = ["--endpoint", "https://x.ingest.monitor.azure.com", "--stream", "Custom-T_CL"];
  const rule = ["--rule", "dcr-00000000000000000000000000000001"];

  const { exit, stdout, stderr } = await runCli(
    host,
    "kql",
    "failures",
    "send",
    "-f",
    "-",
    ...rule,
    ...place,
    "--dry-run",
  );

  expect(exit).toBe(0);
  expect(stdout).toMatch(/^1\t1\t1\t83\t\d+\n$/);
  expect(stderr).toBe(
    "note: Nothing was sent. Without --dry-run one event goes to Custom-T_CL of rule dcr-00000000000000000000000000000001 at x.ingest.monitor.azure.com.\nnote: 1 event has no TimeGenerated, and got the time of sending: 2026-11-21T08:00:00.000Z\n",
  );
});

test("who may not send is told the role: exit 4", async () => {
  const notActions = ["Microsoft.Insights/Telemetry/Write"];
  const change = (world: World): void =>
    void (world.settings.permissions = [{ scope: "/", actions: ["*"], notActions }]);
  const { exit, stderr } = await send(line({}), RULE, { change });

  expect(exit).toBe(4);
  expect(stderr).toContain("Monitoring Metrics Publisher");
});

test.each([
  [
    "a rule that is not there",
    ["--rule", "nope"],
    "those that take events: dcr-article-failures, dcr-pipeline-failures",
  ],
  [
    "a stream that is not there",
    [...RULE, "--stream", "X"],
    "it declares: Custom-DataDomain_SynapsePipelineErrors_CL",
  ],
  [
    "an address of another cloud",
    [...RULE, "--endpoint", "https://x.ingest.monitor.azure.com"],
    "its host ends with .ingest.monitor.sandbox.invalid",
  ],
  ["an address without TLS", [...RULE, "--endpoint", "http://x"], "an address begins with https://"],
  ["numbers that are none", [...RULE, "--events", "9-1"], "numbers of events, from 1"],
  ["numbers beyond the input", [...RULE, "--events", "7-"], "give --events between 1 and 1"],
  ["no rule", [], "--rule NAME"],
])("%s: exit 2, with what to type", async (_, flags, hint) => {
  const { exit, stderr, world } = await send(line({}), flags);

  expect(exit).toBe(2);
  expect(stderr).toContain(hint);
  expect(world.ingested).toEqual([]);
});

test("an input without events is no success", async () => {
  const results = [await send("", RULE), await send("[]", RULE), await send("\n\n", RULE)];

  expect(results.map(({ exit }) => exit)).toEqual([2, 2, 2]);
});

test("a rule is found by its name in any case, its id and its immutable id", async () => {
  const names = [
    "DCR-Pipeline-Failures",
    `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/RG-PLATFORM-IMAGES/providers/microsoft.insights/dataCollectionRules/dcr-pipeline-failures`,
    "dcr-7d000000000000000000000000000001",
  ];

  for (const name of names) expect((await send(line({}), ["--rule", name])).exit).toBe(0);
});

test("one wrong event keeps the right ones back, and an event above the limit of a request is wrong", async () => {
  const large = line({ ErrorMessage: "x".repeat(999_900) });
  const { exit, stdout, world } = await send(`${line({})}${large}`, [...RULE, "-o", "json"]);

  expect(exit).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    wrong: [{ event: 2, line: 2, problems: ["is larger than one request may be, 1 MB"] }],
    requests: [],
    events: { read: 2, accepted: 0 },
  });
  expect(world.ingested).toEqual([]);
});

/** The streams of dcr-pipeline-failures. */
function streamsOf(world: World): Record<string, { columns: { name: string; type: string }[] }> {
  const rule = list(world, COLLECTION_RULE).find(({ name }) => name === "dcr-pipeline-failures");
  return rule!.properties.streamDeclarations!;
}

test("a rule with several streams needs one chosen; one that is not for failures is refused", async () => {
  const change = (world: World): void =>
    void (streamsOf(world)["Custom-Other_CL"] = { columns: [{ name: "Line", type: "string" }] });

  const several = await send(line({}), RULE, { change });
  const chosen = await send(line({}), [...RULE, "--stream", "DataDomain_SynapsePipelineErrors_CL"], {
    change,
  });
  const other = await send(line({}), [...RULE, "--stream", "Custom-Other_CL"], { change });

  expect([several.exit, chosen.exit, other.exit]).toEqual([2, 0, 2]);
  expect(several.stderr).toContain("choose one with --stream: Custom-DataDomain_");
  expect(other.stderr).toContain("it is not for failures of pipelines");
});

test("a rule without any address says how to give one, with the fact behind it", async () => {
  const change = (world: World): void => {
    for (const rule of list(world, COLLECTION_RULE)) delete rule.properties["dataCollectionEndpointId"];
  };
  const { exit, stderr } = await send(line({}), ["--rule", "dcr-article-failures"], { change });

  expect(exit).toBe(2);
  expect(stderr).toContain("has no ingestion address of its own");
  expect(stderr).toContain("--endpoint");
});

test("the id of a rule of another subscription: exit 4, with the flag", async () => {
  const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionRules/r`;
  const { exit, stderr } = await send(line({}), ["--rule", id]);

  expect(exit).toBe(4);
  expect(stderr).toContain(`use --subscription ${SUBSCRIPTION}`);
});

test("numbers that the input does not have are told: exit 6", async () => {
  const sent = await send(lines(3), [...RULE, "--events", "2-9"]);
  const dry = await send(lines(3), [...RULE, "--events", "2-9", "--dry-run"]);

  expect([sent.exit, dry.exit, runsIn(sent.world)]).toEqual([6, 6, ["r2", "r3"]]);
  for (const { stderr } of [sent, dry]) {
    expect(stderr).toContain("warning: --events also says 4-9, and the input has 3 events\n");
  }
});

test("times that the service replaces are told: two days ago, or a day ahead", async () => {
  const times = [
    "2026-11-19T07:59:00Z",
    "2026-11-19T08:01:00Z",
    "2026-11-22T07:59:00Z",
    "2026-11-22T08:01:00Z",
  ];
  const told = await Promise.all(times.map((TimeGenerated) => send(line({ TimeGenerated }), RULE)));

  expect(told.map(({ stderr }) => stderr.includes("1 event has a time more than two days ago"))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
