import { expect, test } from "vitest";
import { answer, at, type JsonRow } from "./catalogue-run.ts";

function failure(time: string, more: JsonRow = {}): JsonRow {
  return {
    TimeGenerated: time,
    PipelineName: "load",
    PipelineRunId: `run ${time}`,
    ActivityName: "copy",
    ErrorCode: "2200",
    ErrorMessage: "the file is not there",
    Environment: "Prod",
    Layer: "Bronze",
    DatasetName: "orders",
    ...more,
  };
}

const success = (time: string, more: JsonRow = {}): JsonRow =>
  failure(time, { ErrorCode: "", ErrorMessage: "", ...more });

const MIXED = [
  failure(at("10:00:00")),
  failure(at("10:10:00"), { ErrorCode: "", PipelineRunId: "run 2" }),
  failure(at("10:20:00"), { DatasetName: "items", Layer: "Gold", ErrorCode: "403", Environment: "Test" }),
  success(at("10:30:00")),
];

test.each([
  ["dataset", "DatasetName", ["orders", "items"]],
  ["layer", "Layer", ["Bronze", "Gold"]],
  ["environment", "Environment", ["Prod", "Test"]],
])("failures by %s leave out what succeeded, most first", async (name, column, expected) => {
  const query = [`pipeline-failures-by-${name}`, "custom"] as const;

  const found = await answer(query, MIXED);

  expect(found.map((row) => [row[column], row["Failures"]])).toEqual([
    [expected[0], 2],
    [expected[1], 1],
  ]);
  expect(found[0]).toMatchObject({ Runs: 2, Pipelines: 1, First: "2026-11-21T10:00:00Z" });
  expect(await answer(query, MIXED, ["environment=test"])).toHaveLength(1);
  expect(await answer(query, [success(at("10:00:00"))])).toEqual([]);
});

test("failures by error come with pipelines and a message; the table may have another name", async () => {
  const query = ["pipeline-failures-by-error", "custom"] as const;

  const found = await answer(query, MIXED, ["table=Ours_CL"]);

  expect(found.map(({ ErrorCode }) => ErrorCode).sort()).toEqual(["", "2200", "403"]);
  expect(await answer(query, MIXED, ["environment=Test"])).toMatchObject([{ ErrorCode: "403", Failures: 1 }]);
  expect(await answer(query, [success(at("10:00:00"))])).toEqual([]);
  expect(found.find(({ ErrorCode }) => ErrorCode === "2200")).toMatchObject({
    Failures: 1,
    Pipelines: ["load"],
    Activities: ["copy"],
    Example: "the file is not there",
  });
});

test("failures by day are counted back from now, and days without one have no row", async () => {
  const query = ["pipeline-failures-by-day", "custom"] as const;
  const rows = [
    failure(at("11:59:59")),
    failure(at("12:00:01", 1), { DatasetName: "items" }),
    failure(at("11:59:59", 1)),
    failure(at("12:00:01", 4)),
    success(at("10:00:00", 2)),
  ];

  const found = await answer(query, rows);

  expect(found.map(({ DaysAgo, Failures, Datasets }) => [DaysAgo, Failures, Datasets])).toEqual([
    [0, 2, 2],
    [1, 1, 1],
    [3, 1, 1],
  ]);
  expect(await answer(query, rows, ["environment=test"])).toEqual([]);
});

function activity(time: string, status: string, more: JsonRow = {}): JsonRow {
  return {
    TimeGenerated: time,
    PipelineName: "load",
    PipelineRunId: `run ${time}`,
    ActivityName: "copy",
    Status: status,
    ErrorCode: status === "Failed" ? "2200" : "",
    ...more,
  };
}

test("failures by error of a data factory are of activities that failed", async () => {
  const rows = [
    activity(at("10:00:00"), "Failed"),
    activity(at("10:00:00"), "InProgress"),
    activity(at("10:01:00"), "Failed", { PipelineName: "clean" }),
    activity(at("10:02:00"), "Succeeded"),
  ];

  const found = await answer(["pipeline-failures-by-error", "data-factory"], rows);

  expect(found).toMatchObject([{ ErrorCode: "2200", Failures: 2, Pipelines: ["load", "clean"] }]);
});

const TIMES: readonly [code: string, times: readonly string[]][] = [
  ["new", [at("10:00:00")]],
  ["gone", [at("10:00:00", 1)]],
  ["more", [at("10:00:00", 1), at("10:00:00"), at("11:00:00")]],
  ["fewer", [at("09:00:00", 1), at("10:00:00", 1), at("10:00:00")]],
  ["same", [at("10:00:00", 1), at("10:00:00")]],
  ["long ago", [at("10:00:00", 3)]],
];

test.each([
  ["custom", failure],
  ["data-factory", (time: string, more: JsonRow) => activity(time, "Failed", more)],
])("changes since yesterday, %s: new, gone, more and fewer", async (flavour, make) => {
  const rows = TIMES.flatMap(([code, times]) => times.map((time) => make(time, { ErrorCode: code })));

  const found = await answer(["pipeline-changes", flavour], rows);

  expect(found.map(({ ErrorCode, Change }) => [ErrorCode, Change]).sort()).toEqual([
    ["fewer", "fewer"],
    ["gone", "gone"],
    ["more", "more"],
    ["new", "new"],
  ]);
  // In two days "gone" is there before, and nothing is gone in four.
  const longer = await answer(["pipeline-changes", flavour], rows, ["period=2d"]);
  expect(longer.find(({ ErrorCode }) => ErrorCode === "long ago")).toMatchObject({
    Change: "gone",
    Before: 1,
  });
});

test("changes are of failures, and of one environment where one is named", async () => {
  const rows = [failure(at("10:00:00")), success(at("10:00:00"), { PipelineName: "good" })];

  expect(await answer(["pipeline-changes", "custom"], rows)).toMatchObject([{ PipelineName: "load" }]);
  expect(await answer(["pipeline-changes", "custom"], rows, ["environment=prod"])).toHaveLength(1);
  expect(await answer(["pipeline-changes", "custom"], rows, ["environment=test"])).toEqual([]);
  const runs = [
    activity(at("10:00:00"), "Failed"),
    activity(at("10:00:00"), "Succeeded", { PipelineName: "good" }),
  ];
  expect(await answer(["pipeline-changes", "data-factory"], runs)).toMatchObject([{ PipelineName: "load" }]);
});

test("time to resolve goes from the first failure to the next success of the same dataset", async () => {
  const rows = [
    failure(at("01:00:00")),
    failure(at("01:30:00")),
    success(at("02:00:00")),
    success(at("03:00:00")),
    failure(at("04:00:00")),
    success(at("04:20:00"), { DatasetName: "other" }),
    success(at("06:00:00")),
    failure(at("07:00:00")),
    failure(at("05:00:00"), { DatasetName: "other" }),
  ];

  const found = await answer(["pipeline-time-to-resolve", "custom"], rows);

  expect(found.find(({ DatasetName }) => DatasetName === "orders")).toMatchObject({
    PipelineName: "load",
    Outages: 3,
    Open: 1,
    MeanTimeToResolve: "01:30:00",
    Longest: "02:00:00",
  });
  expect(found.find(({ DatasetName }) => DatasetName === "other")).toMatchObject({
    Outages: 1,
    Open: 1,
    MeanTimeToResolve: null,
  });
  expect(await answer(["pipeline-time-to-resolve", "custom"], [success(at("01:00:00"))])).toEqual([]);
  expect(await answer(["pipeline-time-to-resolve", "custom"], rows, ["environment=test"])).toEqual([]);
});

test("the last failure is that of the outage, not its first one", async () => {
  const event = (clock: string, code: string): JsonRow => ({
    TimeGenerated: at(clock),
    PipelineName: "load",
    DatasetName: "orders",
    ErrorCode: code,
  });
  const rows = [event("01:00:00", "E1"), event("01:30:00", "E1"), event("02:00:00", "")];

  expect(await answer(["pipeline-time-to-resolve", "custom"], rows)).toMatchObject([
    { Outages: 1, MeanTimeToResolve: "01:00:00", LastFailure: at("01:30:00") },
  ]);
  const runs = rows.map(({ TimeGenerated, ErrorCode }) => ({
    TimeGenerated,
    End: TimeGenerated,
    PipelineName: "load",
    Status: ErrorCode === "" ? "Succeeded" : "Failed",
  }));
  expect(await answer(["pipeline-time-to-resolve", "data-factory"], runs)).toMatchObject([
    { Outages: 1, MeanTimeToResolve: "01:00:00", LastFailure: at("01:30:00") },
  ]);
});

test("time to resolve of a data factory goes by the ends of runs", async () => {
  const run = (end: string, status: string, pipeline = "load"): JsonRow => ({
    TimeGenerated: end,
    End: end,
    PipelineName: pipeline,
    Status: status,
  });
  const rows = [
    run(at("01:00:00"), "Failed"),
    run(at("01:10:00"), "InProgress"),
    run(at("02:00:00"), "Succeeded"),
    run(at("03:00:00"), "Failed", "clean"),
  ];

  const found = await answer(["pipeline-time-to-resolve", "data-factory"], rows);

  expect(found.find(({ PipelineName }) => PipelineName === "load")).toMatchObject({
    Outages: 1,
    Open: 0,
    MeanTimeToResolve: "01:00:00",
  });
  expect(found.find(({ PipelineName }) => PipelineName === "clean")).toMatchObject({ Outages: 1, Open: 1 });
});

const DEV = "/subscriptions/s/resourcegroups/g/providers/microsoft.datafactory/factories/adf-dev";
const PROD = "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.DATAFACTORY/FACTORIES/ADF-PROD";

test("what fails for the first time in one environment is new, whatever another one had before", async () => {
  const rows = [
    failure(at("10:00:00", 1), { Environment: "Dev" }),
    failure(at("10:00:00"), { Environment: "Prod" }),
  ];

  const found = await answer(["pipeline-changes", "custom"], rows);

  expect(found.map(({ Environment, Change }) => [Environment, Change])).toEqual([
    ["Prod", "new"],
    ["Dev", "gone"],
  ]);
  const runs = [
    activity(at("10:00:00", 1), "Failed", { _ResourceId: DEV }),
    activity(at("10:00:00"), "Failed", { _ResourceId: PROD }),
  ];
  const ofFactories = await answer(["pipeline-changes", "data-factory"], runs);
  expect(ofFactories.map(({ Factory, Change }) => [Factory, Change])).toEqual([
    ["adf-prod", "new"],
    ["adf-dev", "gone"],
  ]);
});

test("a success in one environment mends nothing in another one", async () => {
  const rows = [
    failure(at("01:00:00"), { Environment: "Prod" }),
    success(at("01:05:00"), { Environment: "Dev" }),
    success(at("09:00:00"), { Environment: "Prod" }),
  ];
  const run = (end: string, status: string, factory: string): JsonRow => ({
    TimeGenerated: end,
    End: end,
    PipelineName: "load",
    Status: status,
    _ResourceId: factory,
  });
  const runs = [
    run(at("01:00:00"), "Failed", PROD),
    run(at("01:05:00"), "Succeeded", DEV),
    run(at("09:00:00"), "Succeeded", PROD.toLowerCase()),
  ];

  expect(await answer(["pipeline-time-to-resolve", "custom"], rows)).toMatchObject([
    { Environment: "Prod", Outages: 1, Open: 0, MeanTimeToResolve: "08:00:00" },
  ]);
  expect(await answer(["pipeline-time-to-resolve", "data-factory"], runs)).toMatchObject([
    { Factory: "adf-prod", Outages: 1, Open: 0, MeanTimeToResolve: "08:00:00" },
  ]);
});
