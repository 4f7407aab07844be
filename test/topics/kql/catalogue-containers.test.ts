import { describe, expect, test } from "vitest";
import { readQuery } from "../../../src/kql/read-query.ts";
import { runQuery } from "../../../src/kql/run.ts";
import type { Table } from "../../../src/kql/table.ts";
import { fromJson, type KqlType } from "../../../src/kql/values.ts";
import { fillQuery, readGiven } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { answer, asCustom, at, findFlavour, NOW, type JsonRow } from "./catalogue-run.ts";

/** The same events in the tables of both destinations. */
const DESTINATIONS: readonly [string, (rows: readonly JsonRow[]) => JsonRow[]][] = [
  ["log-analytics", asCustom],
  ["azure-monitor", (rows) => [...rows]],
];

function line(clock: string, app: string, log: string): JsonRow {
  return {
    TimeGenerated: at(clock),
    ContainerAppName: app,
    RevisionName: `${app}--r1`,
    ContainerGroupName: `${app}--r1-7f9c-x2`,
    ContainerName: "main",
    Log: log,
  };
}

function event(clock: string, reason: string, log: string, more: JsonRow = {}): JsonRow {
  return {
    TimeGenerated: at(clock),
    ContainerAppName: "shop",
    RevisionName: "shop--r1",
    ReplicaName: "shop--r1-7f9c-x2",
    Reason: reason,
    Log: log,
    ...more,
  };
}

const SCALED_IN = "Container 'main' was terminated with exit code '' and reason 'ManuallyStopped'";

describe.each(DESTINATIONS)("with destination %s", (flavour, inTable) => {
  test("console errors are lines with a word of trouble, of this app or job, newest first", async () => {
    const rows = inTable([
      line("10:00:00", "shop", "Unhandled exception. System.InvalidOperationException: no service"),
      line("10:01:00", "shop", "Now listening on: http://[::]:8080"),
      line("10:02:00", "shop", "django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY"),
      line("10:03:00", "shop-admin", "error: other app"),
      line("10:04:00", "shop", "no terrors here"),
    ]);

    const found = await answer(["container-console-errors", flavour], rows, ["app=Shop"]);

    expect(found.map(({ TimeGenerated, App }) => [TimeGenerated, App])).toEqual([
      ["2026-11-21T10:02:00Z", "shop"],
      ["2026-11-21T10:00:00Z", "shop"],
    ]);
    expect(found[0]).toMatchObject({ Revision: "shop--r1", Replica: "shop--r1-7f9c-x2", Container: "main" });
    expect(await answer(["container-console-errors", flavour], rows)).toHaveLength(3);
    expect(await answer(["container-console-errors", flavour], rows, ["rows=1"])).toHaveLength(1);
    expect(await answer(["container-console-errors", flavour], rows, ["words=terrors"])).toHaveLength(1);
  });

  test.each([
    "FileNotFoundError",
    "KeyError: 'SECRET_KEY'",
    "OSError: [Errno 98] Address already in use",
    "[Errno 2] No such file or directory: '/app/staticfiles'",
    "ModuleNotFoundError: No module named 'shop'",
    "System.NullReferenceException: Object reference not set to an instance of an object.",
    "java.lang.NullPointerException",
  ])("%s is an error, unless other words are asked for", async (text) => {
    const rows = inTable([line("10:00:00", "shop", text)]);
    const query = ["container-console-errors", flavour] as const;

    expect(await answer(query, rows)).toHaveLength(1);
    expect(await answer(query, rows, ["words=Directory,warning"])).toHaveLength(
      text.includes("directory") ? 1 : 0,
    );
  });

  test.each(["0 errors", "LastError=0", '{"LastError":null,"onError":false}', "no terrors"])(
    "%s is none",
    async (text) => {
      const rows = inTable([line("10:00:00", "shop", text)]);

      expect(await answer(["container-console-errors", flavour], rows)).toEqual([]);
    },
  );

  test("restarts are told by revision, reason and exit code; a good end is none", async () => {
    const rows = inTable([
      event("10:00:00", "ContainerTerminated", "Container 'main' was terminated with exit code '137'"),
      event("10:05:00", "ContainerTerminated", "Container 'main' was terminated with exit code '137'"),
      event("10:06:00", "ContainerBackOff", "Persistent Failure to start container"),
      event("10:07:00", "ContainerTerminated", "Container 'main' was terminated with exit code '0'"),
      event("10:08:00", "RevisionReady", "Successfully provisioned revision"),
      event("10:04:00", "Timeout", "Deployment Progress Deadline Exceeded. 0/1 replicas ready."),
      event("10:08:30", "ContainerTerminated", SCALED_IN, { Type: "Warning" }),
      event("10:09:00", "ProbeFailed", "Probe of StartUp failed", { ContainerAppName: "other" }),
    ]);

    const found = await answer(["container-restarts", flavour], rows, ["app=shop"]);

    expect(found.map(({ Reason, ExitCode, Events }) => [Reason, ExitCode, Events])).toEqual([
      ["ContainerTerminated", "137", 2],
      ["ContainerBackOff", "", 1],
      ["Timeout", "", 1],
    ]);
    expect(found[0]).toMatchObject({ App: "shop", Replicas: 1, Last: "2026-11-21T10:05:00Z" });
    expect(await answer(["container-restarts", flavour], rows, ["least=2"])).toHaveLength(1);
    expect(await answer(["container-restarts", flavour], rows)).toHaveLength(4);
  });

  test("start-up markers are those of .NET, Gunicorn and Uvicorn, or what is given", async () => {
    const rows = inTable([
      line("10:00:00", "shop", "info: Now listening on: http://[::]:8080"),
      line("10:00:01", "shop", "Application started. Press Ctrl+C to shut down."),
      line("10:00:02", "shop", "[INFO] Listening at: http://0.0.0.0:8000 (1)"),
      line("10:00:03", "shop", "Application is shutting down..."),
      line("10:00:04", "shop", "server is up, at last"),
    ]);

    expect(await answer(["container-startup", flavour], rows, ["app=shop"])).toHaveLength(3);
    expect(await answer(["container-startup", flavour], rows, ["app=other"])).toEqual([]);
    const own = await answer(["container-startup", flavour], rows, ['markers=["is up, at last"]']);
    expect(own.map(({ Message }) => Message)).toEqual(["server is up, at last"]);
  });

  test("failures of jobs are told from those that ran out of time, and from good ends", async () => {
    const job = { ContainerAppName: "", RevisionName: "", JobName: "nightly", ReplicaName: "nightly-a1-x2" };
    const rows = inTable([
      event("01:00:00", "BackoffLimitExceeded", "Job has reached the specified backoff limit", job),
      event("02:00:00", "DeadlineExceeded", "Job was active longer than specified deadline", job),
      event("03:00:00", "ProcessExited", "Container 'main' was terminated with exit code '3'", job),
      event("04:00:00", "ContainerTerminated", "Container 'main' was terminated with exit code '0'", job),
      event("05:00:00", "Completed", "Execution 'nightly-a1' has successfully completed", job),
      event("06:00:00", "ContainerTerminated", "Container 'main' was terminated with exit code '1'"),
      event("07:00:00", "BackoffLimitExceeded", "Job has failed", { ...job, JobName: "weekly" }),
      event("08:00:00", "ErrImagePull", "Failed to pull image 'r.azurecr.io/a:1': i/o timeout", job),
      event("09:00:00", "JobExecutionFailed", "Execution 'nightly-a1' has failed: replica timeout", job),
      event("09:30:00", "ContainerStarted", "Started with a timeout of 30 s", job),
    ]);

    const found = await answer(["container-job-failures", flavour], rows, ["job=nightly"]);

    expect(found.map(({ Kind, Reason, ExitCode }) => [Kind, Reason, ExitCode])).toEqual([
      ["timed out", "JobExecutionFailed", ""],
      ["failed", "ErrImagePull", ""],
      ["failed", "ProcessExited", "3"],
      ["timed out", "DeadlineExceeded", ""],
      ["failed", "BackoffLimitExceeded", ""],
    ]);
    expect(await answer(["container-job-failures", flavour], rows)).toHaveLength(6);
  });

  test("image pulls that failed come with their cause, those of jobs as well", async () => {
    const rows = inTable([
      event("10:00:00", "PulledImage", "Successfully pulled image shop.azurecr.io/web:1"),
      event("10:01:00", "ImagePullUnauthorized", "failed to pull image: 401 Unauthorized"),
      event("10:02:00", "ErrImagePull", "manifest unknown: manifest tagged by 2 is not found"),
      event("10:03:00", "Error", "failed to pull image: dial tcp: i/o timeout", {
        ContainerAppName: "",
        JobName: "nightly",
      }),
      event("10:04:00", "Error", "access denied to the database"),
    ]);

    const found = await answer(["container-image-pulls", flavour], rows);

    expect(found.map(({ App, Cause }) => [App, Cause])).toEqual([
      ["nightly", "registry not reached"],
      ["shop", "no such image or tag"],
      ["shop", "not allowed"],
    ]);
    expect(await answer(["container-image-pulls", flavour], rows, ["app=nightly"])).toHaveLength(1);
  });
});

test("lines of a job, which have no app, are found by its name in that of the replica, and by no other", async () => {
  const jobLine = (group: string): JsonRow => ({
    ...line("10:00:00", "", "fatal: no"),
    ContainerGroupName: group,
  });
  const rows = asCustom([jobLine("shop-1abc-x2"), jobLine("shop-night-1abc-x2")]);

  const found = await answer(["container-console-errors", "log-analytics"], rows, ["app=shop"]);

  expect(found.map(({ App, Replica }) => [App, Replica])).toEqual([["shop", "shop-1abc-x2"]]);
  const monitored = [{ TimeGenerated: at("10:00:00"), JobName: "shop", Log: "fatal: no" }];
  expect(await answer(["container-console-errors", "azure-monitor"], monitored, ["app=shop"])).toHaveLength(
    1,
  );
});

test("resource use is cores and MiB of one app, of either name of a metric", async () => {
  const metric = (clock: string, name: string, average: number, maximum: number, more = {}): JsonRow => ({
    TimeGenerated: at(clock),
    MetricName: name,
    Average: average,
    Maximum: maximum,
    Resource: "SHOP",
    ResourceProvider: "MICROSOFT.APP",
    ...more,
  });
  const rows = [
    metric("10:00:00", "UsageNanoCores", 250_000_000, 500_000_000),
    metric("10:30:00", "CPU Usage Nanocores", 750_000_000, 1_000_000_000),
    metric("10:00:00", "WorkingSetBytes", 104_857_600, 209_715_200),
    metric("10:00:00", "RxBytes", 1, 1),
    metric("11:00:00", "UsageNanoCores", 9e9, 9e9, { Resource: "OTHER" }),
    metric("11:00:00", "UsageNanoCores", 9e9, 9e9, { ResourceProvider: "MICROSOFT.WEB" }),
  ];

  expect(await answer(["container-resources", "metrics"], rows, ["app=shop"])).toEqual([
    {
      App: "shop",
      TimeGenerated: "2026-11-21T10:00:00Z",
      AverageCores: 0.5,
      MaximumCores: 1,
      AverageMemoryMiB: 100,
      MaximumMemoryMiB: 200,
    },
  ]);
  const halves = await answer(["container-resources", "metrics"], rows, ["app=shop", "bin=30m"]);
  expect(halves.map(({ AverageCores, AverageMemoryMiB }) => [AverageCores, AverageMemoryMiB])).toEqual([
    [0.75, null],
    [0.25, 100],
  ]);
});

test("an environment that never had a job has no column for jobs, and its pulls and lines are found all the same", async () => {
  const table = (columns: Record<string, KqlType>, row: readonly string[]): Table => ({
    columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
    rows: [row.map((value, index) => fromJson(value, index === 0 ? "datetime" : "string"))],
  });
  const own = { TimeGenerated: "datetime", ContainerAppName_s: "string", Log_s: "string" } as const;
  const tables = new Map([
    [
      "ContainerAppSystemLogs_CL",
      table({ ...own, RevisionName_s: "string", Reason_s: "string" }, [
        at("10:00:00"),
        "shop",
        "manifest unknown",
        "r1",
        "ErrImagePull",
      ]),
    ],
    [
      "ContainerAppConsoleLogs_CL",
      table({ ...own, ContainerGroupName_s: "string", ContainerName_s: "string" }, [
        at("10:00:00"),
        "shop",
        "fatal: no",
        "shop-1abc-x2",
        "c",
      ]),
    ],
  ]);

  for (const name of ["container-image-pulls", "container-console-errors"]) {
    const { query, flavour } = findFlavour(name, "log-analytics");
    const read = await readQuery(fillQuery(query, flavour, readGiven(["app=shop"])));
    const { columns, rows } = runQuery(read, { tables, now: NOW });

    const app = columns.findIndex((each) => each.name === "App");
    expect(Array.from(rows, (row) => row[app])).toEqual(["shop"]);
  }
});
