import { expect, test } from "vitest";
import { adviseGap, largestGap, lastStarts } from "../../../src/topics/kql/triage/timeline.ts";
import { app, ended, event, examined, job, line, started, UNTIL } from "./triage-case.ts";

const ASSIGNED = "Replica 'app--v1-a' has been scheduled to run on a node.";
const PULLED = "Successfully pulled image 'r.azurecr.io/a:1' in 28.5s. Image size: 1073741824 bytes.";
const LISTENING = "Now listening on: http://[::]:8080";

const START = [
  event(100, "AssigningReplica", ASSIGNED),
  event(70, "PulledImage", PULLED),
  event(69, "ContainerCreated", "Created container 'app'"),
  started(68.5),
];
const READY = event(60, "RevisionReady", "Revision 'app--v1' is ready", { replica: "" });

test("a start has the moments that events and lines tell, and its largest gap", () => {
  const [start, ...others] = lastStarts(
    examined({ events: [...START, READY], lines: [line(64, LISTENING)] }),
  );

  expect(others).toEqual([]);
  expect(start).toMatchObject({
    isRestart: false,
    pull: "28.5s for 1024 MiB",
    gap: { from: "assigned", to: "pulled", ms: 30_000 },
  });
  expect(start?.seen).toEqual({
    assigned: UNTIL - 100_000,
    pulled: UNTIL - 70_000,
    created: UNTIL - 69_000,
    started: UNTIL - 68_500,
    listening: UNTIL - 64_000,
    ready: UNTIL - 60_000,
  });
});

test("reasons that nobody has documented are no steps, whatever they sound like", () => {
  expect(
    lastStarts(examined({ events: [event(100, "ReplicaWarming", "Replica is warm"), event(90, "Ok", "")] })),
  ).toEqual([]);
});

test("a step is known by its message, too", () => {
  const [start] = lastStarts(examined({ events: [event(100, "Normal", "Created container 'app'")] }));

  expect(start?.seen).toEqual({ created: UNTIL - 100_000 });
  expect(start?.gap).toBeUndefined();
});

test("a restart has no step of the start before it, which is shown beside it", () => {
  const [last, cold] = lastStarts(
    examined({
      events: [...START, ended(60), event(50, "ContainerCreated"), started(49)],
      lines: [line(65, LISTENING)],
    }),
  );

  expect(last).toMatchObject({ isRestart: true, gap: { from: "created", to: "started", ms: 1000 } });
  expect(Object.keys(last?.seen ?? {})).toEqual(["created", "started"]);
  expect(cold?.seen.listening).toBe(UNTIL - 65_000);
});

test("a step that comes again begins another start, also where the end between them was not seen", () => {
  const events = [...START, event(50, "ContainerCreated"), started(49)];

  expect(lastStarts(examined({ events })).map(({ seen }) => Object.keys(seen))).toEqual([
    ["created", "started"],
    ["assigned", "pulled", "created", "started"],
  ]);
});

test("starts of several replicas are told, the newest first, three at most", () => {
  const names = ["a", "b", "c", "d"];
  const events = names.map((name, index) => started(400 - 100 * index, { replica: name }));

  expect(lastStarts(examined({ events })).map(({ replica }) => replica)).toEqual(["d", "c", "b"]);
});

test("a gap lies between moments that were seen", () => {
  expect(largestGap({ assigned: 0, started: 9000, ready: 10_000 })).toEqual({
    from: "assigned",
    to: "started",
    ms: 9000,
  });
  expect(largestGap({ started: 0 })).toBeUndefined();
});

test.each([
  [{ from: "assigned", to: "pulled", ms: 30_000 }, "container-apps-cold-start/smaller-image"],
  [{ from: "started", to: "listening", ms: 30_000 }, "container-apps-cold-start/slow-imports"],
  [{ from: "started", to: "ready", ms: 30_000 }, "container-apps-cold-start/slow-imports"],
  [{ from: "listening", to: "ready", ms: 30_000 }, "container-apps-cold-start/startup-probe"],
  [{ from: "pulled", to: "created", ms: 30_000 }, "container-apps-cold-start/cold-start-steps"],
] as const)("of the gap %j the article says %s", (gap, fact) => {
  const advice = adviseGap(gap, examined());

  expect(advice[0]?.facts).toContain(fact);
  expect(advice[1]?.command).toMatch(/ --min-replicas 1$/);
});

test("nothing is said of a short gap, nor of a job; an app that keeps a replica needs no minimum", () => {
  const gap = { from: "assigned", to: "pulled", ms: 30_000 } as const;

  expect(adviseGap({ ...gap, ms: 4000 }, examined())).toEqual([]);
  expect(adviseGap(gap, examined({ kind: "job", resource: job() }))).toEqual([]);
  expect(adviseGap(gap, examined({ resource: app({ minReplicas: 1 }) }))).toHaveLength(1);
});
