import { expect, test } from "vitest";
import type { Examined } from "../../../src/topics/kql/triage/seen.ts";
import { app, causes, ended, event, job, line, probeFailed, started, told } from "./triage-case.ts";

const GOOD = "info: Microsoft.Hosting.Lifetime[14] Now listening on: http://[::]:8080";

test("killed by probes before it had started is told, with what they were answered", () => {
  const [cause] = causes({ events: [started(200), probeFailed(150), ended(140, 137, "ProbeFailure")] });

  expect(cause).toMatchObject({ id: "probe-killed-before-start", certainty: "likely", count: 1 });
  expect(cause?.because).toContain("the probes were answered 503");
  expect(cause?.because).toContain("it lived 60 s at most");
});

test.each<[string, Partial<Examined>]>([
  [
    "it had started",
    { lines: [line(190, GOOD)], events: [started(200), probeFailed(150), ended(140, 137, "ProbeFailure")] },
  ],
  ["no probe had failed", { events: [started(200), ended(140, 137, "ProbeFailure")] }],
  [
    "only the readiness probe failed, which ends nothing",
    {
      events: [
        started(200),
        probeFailed(150, "Probe of Readiness failed with status code: 503"),
        ended(140, 137, "Killed"),
      ],
    },
  ],
  ["it ended by itself", { events: [started(200), probeFailed(150), ended(140, 1)] }],
  [
    "the probe failed in the run before",
    {
      events: [started(400), probeFailed(350), ended(340, 1), started(200), ended(140, 137, "Killed")],
    },
  ],
])("not killed by probes before it had started, when %s", (_, change) => {
  expect(told(change).filter((each) => each.startsWith("probe-killed"))).toEqual([]);
});

const DEADLINE = "Job execution 'app-1' was active longer than the specified deadline of 1800 seconds";

test("a job that ran out of time is told with twice its timeout, and its last line", () => {
  const [cause] = causes({
    kind: "job",
    resource: job(),
    lines: [line(101, "28000 of 48210 written")],
    events: [started(1900), event(100, "DeadlineExceeded", DEADLINE)],
  });

  expect(cause).toMatchObject({ id: "replica-timeout", certainty: "likely" });
  expect(cause?.title).toBe("Not done when its replica timeout of 1800 s was up");
  expect(cause?.evidence.at(-1)?.text).toBe("28000 of 48210 written");
  expect(cause?.fixes[0]?.command).toMatch(/^az containerapp job update .* --replica-timeout 3600$/);
});

test("a timeout that was raised since is said, and an execution that ended well makes it history", () => {
  const late = event(1000, "DeadlineExceeded", DEADLINE);
  const well = event(100, "Completed", "Execution 'app-2' has successfully completed", {
    replica: "app-2-b",
  });

  expect(
    causes({ kind: "job", resource: job({ replicaTimeout: 3600 }), events: [late] })[0]?.because,
  ).toContain("it is 3600 s now");
  expect(told({ kind: "job", resource: job(), events: [late, well] })).toEqual(["replica-timeout over"]);
});

test("an app has no replica timeout, whatever its events say", () => {
  expect(told({ events: [event(100, "DeadlineExceeded", DEADLINE)] })).toEqual([]);
});

test.each([
  [[started(200), ended(100, 137, "OOMKilled")], ["out-of-memory likely"]],
  [[started(200), event(100, "OOMKilled", "Container 'app' was OOMKilled")], ["out-of-memory likely"]],
  [[started(200), ended(100, 137, "Error")], ["out-of-memory possible"]],
  [[started(200), ended(100, 143, "Error")], []],
  [[started(200), ended(100, 0, "Completed")], []],
  [[started(200), ended(100, 3, "ProcessExited")], ["unknown-end unknown"]],
])("an end is told as what is known of it (%#)", (events, expected) => {
  expect(told({ events })).toEqual(expected);
});

test("a crash without a line, where logs go by azure-monitor, may be one whose lines were lost", () => {
  const tables = {
    console: "ContainerAppConsoleLogs",
    system: "ContainerAppSystemLogs",
    metrics: "AzureMetrics",
  };
  const events = [started(200), ended(100, 3, "ProcessExited")];

  expect(causes({ events, tables })[0]?.facts).toContain("azure-wire/crash-lines-lost");
  expect(causes({ events, tables, lines: [line(101, "bye")] })[0]?.facts).not.toContain(
    "azure-wire/crash-lines-lost",
  );
  expect(causes({ events })[0]?.facts).not.toContain("azure-wire/crash-lines-lost");
});

test("more memory is twice both of what it has, and nothing beyond the largest pair", () => {
  const events = [started(200), ended(100, 137, "OOMKilled")];

  expect(causes({ events })[0]?.fixes[0]?.command).toMatch(/--cpu 1 --memory 2Gi$/);
  expect(
    causes({ events, resource: app({}, { cpu: 4, memory: "8Gi" }) })[0]?.fixes[0]?.command,
  ).toBeUndefined();
});

function used(averageCores: number, bins: number): Examined["usage"] {
  return Array.from({ length: bins }, (_, index) => ({
    time: `2026-11-21T11:${String(10 + index)}:00Z`,
    averageCores,
    maximumCores: averageCores,
    maximumMemoryMiB: 100,
  }));
}

test.each([
  [0.48, 3, ["cpu-throttled possible"]],
  [0.48, 2, []],
  [0.3, 12, []],
])("average use of %d of 0.5 cores in %d spans: %j", (cores, bins, expected) => {
  expect(told({ usage: used(cores, bins) })).toEqual(expected);
});

test("without the resource nobody knows how much processor it may use", () => {
  expect(told({ usage: used(3.9, 12), resource: undefined })).toEqual([]);
});

const IMAGE = "shopregistry.azurecr.io/shop/not-found:401";

test.each([
  [
    `Failed to pull image '${IMAGE}': manifest unknown: manifest tagged by "401" is not found`,
    "no such image or tag",
  ],
  [`Failed to pull image '${IMAGE}': 401 unauthorized: authentication required`, "not allowed"],
  [`Failed to pull image '${IMAGE}': dial tcp: i/o timeout`, "registry not reached"],
  [`Failed to pull image '${IMAGE}': toomanyrequests: too many requests`, "throttled"],
  [`Failed to pull image '${IMAGE}'`, "not said"],
])("a pull that fails says why, and its image's name does not: %s", (text, why) => {
  const [cause] = causes({ events: [event(100, "ErrImagePull", text)] });

  expect(cause?.title).toBe(`The image ${IMAGE} cannot be pulled: ${why}`);
});

test("a pull that went well later is history, in the same replica and in one that took its place", () => {
  const failed = event(200, "ErrImagePull", `Failed to pull image '${IMAGE}': i/o timeout`);
  const text = `Successfully pulled image '${IMAGE}' in 3s`;

  expect(told({ events: [failed, event(100, "PulledImage", text)] })).toEqual(["image-pull over"]);
  expect(told({ events: [failed, event(100, "PulledImage", text, { replica: "app--v1-b" })] })).toEqual([
    "image-pull over",
  ]);
});

test("a pull that went well in another replica is no help for one that is still refused", () => {
  const text = `Failed to pull image '${IMAGE}': i/o timeout`;
  const other = event(150, "PulledImage", `Successfully pulled image '${IMAGE}'`, { replica: "app--v1-b" });

  expect(
    told({ events: [event(200, "ErrImagePull", text), other, event(100, "ErrImagePull", text)] }),
  ).toEqual(["image-pull likely"]);
});

test.each(["PullingImage", "PulledImage"])("%s is no failure", (reason) => {
  expect(told({ events: [event(100, reason, `Pulling image '${IMAGE}'`)] })).toEqual([]);
});
