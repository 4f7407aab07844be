import { expect, test } from "vitest";
import type { Examined } from "../../../src/topics/kql/triage/seen.ts";
import { causes, ended, event, line, probeFailed, started, told } from "./triage-case.ts";

const REFUSED = "System.Net.Sockets.SocketException (111): Connection refused";
const UNRESOLVED =
  "Unhandled exception. System.InvalidOperationException: Unable to resolve service for type 'A.B'";
const LISTENING = "info: Microsoft.Hosting.Lifetime[14] Now listening on: http://[::]:8080";
const PULL = event(3000, "ErrImagePull", "Failed to pull image 'r.azurecr.io/a:1': i/o timeout");

test("what nothing can start without goes before crashes, crashes before probes, what cannot be told last", () => {
  expect(
    told({
      lines: [line(102, UNRESOLVED), line(51, "KeyError: 'SECRET_KEY'", { replica: "app--v1-b" })],
      events: [
        event(400, "ErrImagePull", "Failed to pull image 'r.azurecr.io/a:1': i/o timeout", {
          replica: "app--v1-c",
        }),
        started(300),
        probeFailed(250),
        ended(240, 137, "ProbeFailure"),
        started(105),
        ended(101),
      ],
    }),
  ).toEqual([
    "image-pull likely",
    "unresolved-service likely",
    "probe-killed-before-start likely",
    "missing-secret-key possible",
  ]);
});

test("failed probes are explained by what goes before them", () => {
  const found = causes({
    lines: [line(152, REFUSED)],
    events: [started(200), probeFailed(150), ended(140, 137, "ProbeFailure")],
  });

  expect(found.map(({ id, explainedBy }) => [id, explainedBy])).toEqual([
    ["connection-refused", undefined],
    ["probe-killed-before-start", "connection-refused"],
  ]);
  expect(found[0]?.because).toBe("written once, within 2 s before a failed probe of the same replica");
});

test("certainty says how often, and how near to an end", () => {
  const [cause] = causes({
    lines: [line(202, UNRESOLVED), line(102, UNRESOLVED)],
    events: [started(205), ended(201), started(105), ended(98)],
  });

  expect(cause?.because).toBe(
    "written 2 times, 2 of them within 4 s before a container of the same replica ended",
  );
});

test.each<[string, Partial<Examined>]>([
  ["the same replica started well after it", { lines: [line(3600, REFUSED), line(3500, LISTENING)] }],
  [
    "it crashed once, and its next start has held",
    {
      lines: [line(3600, REFUSED), line(3500, LISTENING)],
      events: [started(3605), ended(3599), started(3510)],
    },
  ],
  [
    "the platform says that it is ready, without a replica's name",
    {
      lines: [line(3600, REFUSED)],
      events: [started(3605), event(3500, "RevisionReady", "Revision 'app--v1' is ready", { replica: "" })],
    },
  ],
  [
    "another replica took its place",
    { lines: [line(3600, REFUSED), line(3500, LISTENING, { replica: "app--v1-b" })] },
  ],
  [
    "a newer revision took its place",
    { lines: [line(3600, REFUSED), line(3500, LISTENING, { replica: "app--v2-b", revision: "app--v2" })] },
  ],
])("what was refused an hour ago is history, as %s", (_, change) => {
  expect(told(change)).toEqual(["connection-refused over"]);
});

test.each<[string, Partial<Examined>, string]>([
  [
    "it is still refused after another replica has started",
    {
      lines: [line(3600, REFUSED), line(3500, LISTENING, { replica: "app--v1-b" }), line(20, REFUSED)],
    },
    "connection-refused possible",
  ],
  [
    "an older revision starts again",
    {
      lines: [
        line(4000, LISTENING, { replica: "app--v0-a", revision: "app--v0" }),
        line(3600, REFUSED),
        line(3500, LISTENING, { replica: "app--v0-b", revision: "app--v0" }),
      ],
    },
    "connection-refused possible",
  ],
  [
    "every run says that it listens, and ends",
    {
      lines: [
        line(303, LISTENING),
        line(302, REFUSED),
        line(203, LISTENING),
        line(202, REFUSED),
        line(5, LISTENING),
      ],
      events: [started(304), ended(301), started(204), ended(201), started(6)],
    },
    "connection-refused likely",
  ],
  [
    "nothing has started since",
    { lines: [line(3600, REFUSED)], events: [started(3605), ended(3599)] },
    "connection-refused likely",
  ],
])("it is no history when %s", (_, change, expected) => {
  expect(told(change)).toEqual([expected]);
});

test("only what is not over is counted, and the rest is said", () => {
  const [cause] = causes({
    lines: [line(3600, REFUSED), line(3500, LISTENING), line(102, REFUSED)],
    events: [started(3505), started(105), ended(101)],
  });

  expect(cause).toMatchObject({ id: "connection-refused", certainty: "likely", count: 1 });
  expect(cause?.because).toContain("; 1 before a good start is over");
});

test("what is over comes last, and nothing is to be done about it", () => {
  const good = event(2900, "PulledImage", "Successfully pulled image 'r.azurecr.io/a:1'");

  expect(told({ lines: [line(102, UNRESOLVED)], events: [PULL, good, started(105), ended(101)] })).toEqual([
    "unresolved-service likely",
    "image-pull over",
  ]);
});

test("without system events nothing is said of ends", () => {
  const [cause] = causes({ lines: [line(102, UNRESOLVED)], knowsEvents: false });

  expect(cause).toMatchObject({ certainty: "possible" });
  expect(cause?.because).toContain("cannot be told, as there are no system events");
});

test("an end of another replica, or one long after it, says nothing of a line", () => {
  const elsewhere = { replica: "app--v1-b" };
  const other = [started(105, elsewhere), ended(101, 134, "ProcessExited", elsewhere)];

  expect(told({ lines: [line(102, UNRESOLVED)], events: other })).toEqual([
    "unresolved-service possible",
    "unknown-end unknown",
  ]);
  expect(told({ lines: [line(140, UNRESOLVED)], events: [started(145), ended(101)] })).toEqual([
    "unresolved-service possible",
    "unknown-end unknown",
  ]);
});

test("another replica's good start ends nothing of one that is still seen", () => {
  const lines = [line(3600, REFUSED), line(3500, LISTENING, { replica: "app--v1-b" }), line(20, REFUSED)];

  expect(causes({ lines })[0]).toMatchObject({ certainty: "possible", count: 2 });
});

test("an end that nothing explains is told with what was written before it, of its replica", () => {
  const [cause, ...others] = causes({
    lines: [
      line(110, "one"),
      line(104, "Segmentation fault"),
      line(103, "of another", { replica: "app--v1-b" }),
      line(90, "after it"),
    ],
    events: [started(105), ended(101, 139)],
  });

  expect(others).toEqual([]);
  expect(cause).toMatchObject({ id: "unknown-end", certainty: "unknown" });
  expect(cause?.title).toBe("Ended once with exit code 139, and none of the known causes was seen");
  expect(cause?.evidence.map(({ text }) => text).slice(1)).toEqual(["Segmentation fault", "one"]);
});

test("nothing is told of nothing", () => {
  expect(causes()).toEqual([]);
});

test("evidence is a few lines, cut where they are long, with how many are alike", () => {
  const long = `${UNRESOLVED} ${"x".repeat(500)}`;
  const [cause] = causes({ lines: [1, 2, 3, 4, 5].map((index) => line(100 * index, `${long} ${index}`)) });

  expect(cause?.evidence).toHaveLength(1);
  expect(cause?.evidence[0]?.times).toBe(5);
  expect(cause?.evidence[0]?.text).toHaveLength(241);
});

test("a replica that was scaled in did not crash, whatever it wrote before", () => {
  const text = "Container 'app' was terminated with exit code '' and reason 'ManuallyStopped'";
  const scaledIn = event(100, "ContainerTerminated", text);

  expect(causes({ events: [started(7200), scaledIn] })).toEqual([]);
  const refused = line(105, "System.Net.Sockets.SocketException (111): Connection refused");
  expect(told({ lines: [refused], events: [started(7200), scaledIn] })).toEqual([
    "connection-refused possible",
  ]);
});

test.each([
  [[event(300, "ContainerBackOff", "Persistent Failure to start container")]],
  [[event(300, "ContainerCrashing", "Container 'app' is crashing")]],
  [[event(300, "Timeout", "Deployment Progress Deadline Exceeded. 0/1 replicas ready.", { replica: "" })]],
  [[ended(390, 143), ended(320, 143)]],
])("what is given up, or told to end again and again, is an end that nothing explains", (events) => {
  const [cause, ...others] = causes({ events: [started(400), ...events] });

  expect(others).toEqual([]);
  expect(cause).toMatchObject({ id: "unknown-end", certainty: "unknown", count: events.length });
  const later = { events: [started(400), ...events, started(190)], lines: [line(189, LISTENING)] };
  expect(causes(later)).toEqual([]);
});

test("a back-off of pulls is told with them, and one end on request in each replica is none", () => {
  const backOff = event(100, "BackOff", "Back-off pulling image 'r.azurecr.io/a:1'");

  expect(causes({ events: [backOff] })).toEqual([]);
  expect(causes({ events: [ended(300, 143), ended(200, 143, "ProcessExited", { replica: "b" })] })).toEqual(
    [],
  );
  expect(causes({ events: [event(1, "ContainerCrashing")] })[0]?.title).toBe(
    "Said once to crash, back off or not come up in time, and none of the known causes was seen",
  );
});
