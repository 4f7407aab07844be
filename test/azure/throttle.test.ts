import { expect, test } from "vitest";
import { ARM, doublings, lost, openPorts, refusalOf, reply, START } from "./wire.ts";

const PATH = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const READ = { path: PATH, apiVersion: "2024-11-01" };
const CHANGE = { method: "PATCH", path: PATH, apiVersion: "2024-11-01", body: { tags: {} } } as const;
const GET = `GET ${ARM}${PATH}`;
const PATCH = `PATCH ${ARM}${PATH}`;
const GRAPH = `POST ${ARM}/providers/Microsoft.ResourceGraph/resources`;
const FINE = reply(200, { name: "vm" });

const THROTTLED_BODY = {
  code: "OperationNotAllowed",
  message: "The server rejected the request because too many requests have been received.",
  details: [{ code: "TooManyRequests", target: "HighCostGet30Min", message: "{}" }],
};

function throttled(headers: Record<string, string> = {}): ReturnType<typeof reply> {
  return reply(429, THROTTLED_BODY, headers);
}

test("a throttled read waits exactly as long as Retry-After says, and says so", async () => {
  const { arm, clock, waits } = openPorts({ [GET]: [throttled({ "retry-after": "17" }), FINE] });

  expect(await arm.read(READ)).toEqual({ name: "vm" });
  expect(clock.slept).toEqual([17_000]);
  expect(waits).toEqual(["throttled, waiting 17 s", undefined]);
});

test("a throttled change is not sent again here; its error says how long to wait", async () => {
  const { arm, clock, wire } = openPorts({ [PATCH]: throttled({ "retry-after": "3" }) });

  await expect(arm.change(CHANGE)).rejects.toMatchObject({
    kind: "failed",
    message: THROTTLED_BODY.message,
    code: "OperationNotAllowed",
    status: 429,
    pause: { ms: 3000, reason: "throttled", guessed: false, mostMs: 1_800_000 },
  });
  expect([clock.slept, wire.seen.length]).toEqual([[], 1]);
});

test("without any header a throttled change carries a guessed pause", async () => {
  const { arm } = openPorts({ [PATCH]: throttled() });

  await expect(arm.change(CHANGE)).rejects.toMatchObject({ pause: { guessed: true } });
});

test("a change that is to pause beyond the timeout is a timeout", async () => {
  const { arm } = openPorts({ [PATCH]: throttled({ "retry-after": "1200" }) }, { timeoutMs: 60_000 });

  await expect(arm.change(CHANGE)).rejects.toMatchObject({
    kind: "timeout",
    code: "TooManyRequests",
    status: 429,
    pause: undefined,
  });
});

test.each([
  ["a date", { "retry-after": new Date(START.getTime() + 9000).toUTCString() }, 9000],
  ["a date that has passed", { "retry-after": new Date(START.getTime() - 9000).toUTCString() }, 1000],
  ["milliseconds", { "retry-after-ms": "2500" }, 2500],
  ["milliseconds of the older header", { "x-ms-retry-after-ms": "1500" }, 1500],
  ["both, of which milliseconds are the finer", { "retry-after-ms": "1200", "retry-after": "2" }, 1200],
  ["zero, which would spend all tries in one moment", { "retry-after": "0" }, 1000],
  ["a Resource Graph quota", { "x-ms-user-quota-resets-after": "00:01:05" }, 65_000],
])("the pause may be %s", async (_, headers, expected) => {
  const { arm, clock } = openPorts({ [GET]: [throttled(headers), FINE] });

  await arm.read(READ);

  expect(clock.slept).toEqual([expected]);
});

test("without any header the pause is guessed, and doubles", async () => {
  const { arm, clock } = openPorts({ [GET]: [throttled(), throttled(), throttled(), FINE] });

  await arm.read(READ);

  expect(doublings(clock.slept)).toEqual([0, 1, 2]);
});

test("an unreadable Retry-After counts as none", async () => {
  const { arm, clock } = openPorts({ [GET]: [throttled({ "retry-after": "soon" }), FINE] });

  await arm.read(READ);

  expect(doublings(clock.slept)).toEqual([0]);
});

test("gives up after eight tries, with the code of the body that has no envelope", async () => {
  const { arm } = openPorts({ [GET]: Array.from({ length: 8 }, () => throttled({ "retry-after": "1" })) });

  expect(await refusalOf(arm.read(READ))).toEqual({
    kind: "failed",
    message: THROTTLED_BODY.message,
    code: "OperationNotAllowed",
    status: 429,
    uncertain: false,
  });
});

test("a pause beyond the timeout is refused at once, without sleeping", async () => {
  const { arm, clock } = openPorts({ [GET]: throttled({ "retry-after": "1200" }) }, { timeoutMs: 60_000 });

  expect(await refusalOf(arm.read(READ))).toEqual({
    kind: "timeout",
    message: "the service throttles and asks for a pause of 1200 s",
    code: "TooManyRequests",
    status: 429,
    uncertain: false,
    hint: "try again later, or allow the pause with --timeout 1200s",
  });
  expect(clock.slept).toEqual([]);
});

test("many short pauses together may not exceed the timeout either", async () => {
  const { arm, clock } = openPorts(
    { [GET]: [1, 2, 3].map(() => throttled({ "retry-after": "25" })) },
    { timeoutMs: 60_000 },
  );

  expect(await refusalOf(arm.read(READ))).toMatchObject({ kind: "timeout", code: "TooManyRequests" });
  expect(clock.slept).toEqual([25_000, 25_000]);
});

test("503 with Retry-After throttles, changes too", async () => {
  const busy = reply(503, undefined, { "retry-after": "4" });
  const { arm, clock } = openPorts({ [GET]: [busy, FINE], [PATCH]: busy });

  await arm.read(READ);

  expect(clock.slept).toEqual([4000]);
  await expect(arm.change(CHANGE)).rejects.toMatchObject({ pause: { ms: 4000, reason: "throttled" } });
});

test.each([500, 502, 503, 504])("a read that meets a %i is sent again, up to four times", async (status) => {
  const { arm, clock, wire } = openPorts({ [GET]: [1, 2, 3, 4].map(() => reply(status, "<html>")) });

  expect(await refusalOf(arm.read(READ))).toEqual({
    kind: "failed",
    message: `the service answered HTTP ${status}`,
    status,
    uncertain: false,
  });
  expect(wire.seen).toHaveLength(4);
  expect(doublings(clock.slept)).toEqual([0, 1, 2]);
});

test("501 is final", async () => {
  const { arm, wire } = openPorts({ [GET]: reply(501) });

  expect(await refusalOf(arm.read(READ))).toMatchObject({ status: 501 });
  expect(wire.seen).toHaveLength(1);
});

test("a change that meets a 500 is not sent again here, and is uncertain", async () => {
  const { arm, clock } = openPorts({ [PATCH]: reply(500) });

  expect(await refusalOf(arm.change(CHANGE))).toMatchObject({ status: 500, uncertain: true });
  expect(clock.slept).toEqual([]);
});

test("a read whose answer was lost is sent again", async () => {
  const { arm, waits } = openPorts({ [GET]: [lost("ECONNRESET"), FINE] });

  expect(await arm.read(READ)).toEqual({ name: "vm" });
  expect(waits[0]).toMatch(/^no answer, waiting [23] s$/);
});

test("a change whose answer was lost is not sent again, and is uncertain", async () => {
  const { arm } = openPorts({ [PATCH]: lost("ECONNRESET") });

  expect(await refusalOf(arm.change(CHANGE))).toEqual({
    kind: "failed",
    message: "the answer of management.azure.com was lost",
    code: "ECONNRESET",
    uncertain: true,
  });
});

test("a change that nobody can have received may be sent again, which is not done here", async () => {
  const { arm, clock, wire } = openPorts({ [PATCH]: lost("ECONNREFUSED") });

  await expect(arm.change(CHANGE)).rejects.toMatchObject({
    code: "ECONNREFUSED",
    uncertain: false,
    pause: { reason: "no answer", guessed: true },
  });
  expect([clock.slept, wire.seen.length]).toEqual([[], 1]);
});

test("a Resource Graph query is a read, although it is a POST", async () => {
  const { graph, wire } = openPorts({ [GRAPH]: [lost("ECONNRESET"), reply(503), reply(200, { data: [] })] });

  for await (const page of graph.query("resources", ["s"])) expect(page.rows).toEqual([]);

  expect(wire.seen).toHaveLength(3);
});

test("Ctrl-C ends a pause", async () => {
  const interrupted = new AbortController();
  const { arm } = openPorts({ [GET]: throttled() }, { signal: interrupted.signal });

  const reading = arm.read(READ);
  interrupted.abort();

  await expect(reading).rejects.toBe(interrupted.signal.reason);
});
