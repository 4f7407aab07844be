import { expect, test } from "vitest";
import { ARM, doublings, lost, openPorts, refusalOf, reply, START } from "./wire.ts";

const PATH = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const CHANGE = { method: "PATCH", path: PATH, apiVersion: "2024-11-01", body: {} } as const;
const PATCH = `PATCH ${ARM}${PATH}`;
const GET = `GET ${ARM}${PATH}`;
const POLL = `GET ${ARM}/operations/1`;

function status(
  url: string,
  body: unknown = {},
  more: Record<string, string> = {},
): ReturnType<typeof reply> {
  return reply(200, body, { "azure-asyncoperation": ARM + url, ...more });
}

function location(url: string, more: Record<string, string> = {}): ReturnType<typeof reply> {
  return reply(202, undefined, { location: url.startsWith("/") ? ARM + url : url, ...more });
}

const FAILED = {
  status: "Failed",
  error: { code: "AllocationFailed", message: "no capacity" },
  name: "1",
};
const SETTLED = reply(200, { properties: { provisioningState: "Succeeded" } });

test("polls begin after two seconds and slow down", async () => {
  const running = reply(200, { status: "InProgress" });
  const { arm, clock } = openPorts({
    [PATCH]: status("/operations/1"),
    [POLL]: [...Array.from({ length: 6 }, () => running), reply(200, { status: "Succeeded" })],
  });

  await arm.change(CHANGE);

  expect(clock.slept).toEqual([2000, 3000, 4500, 6750, 10_000, 10_000, 10_000]);
});

test("each answer's own URL is asked next, byte for byte", async () => {
  const first = "/operations/1?t=1&c=MII%2f&s=a+b&h=~x";
  const second = "/operations/1?t=2&c=MII%2F&s=c%20d";
  const { arm, wire } = openPorts({
    [PATCH]: status(first),
    [POLL]: [status(second, { status: "InProgress" }), reply(200, { status: "Succeeded" })],
  });

  await arm.change(CHANGE);

  expect(wire.seen.slice(1)).toEqual([`GET ${ARM}${first}`, `GET ${ARM}${second}`]);
});

test("an answer without a URL of its own leaves the old one in place", async () => {
  const { arm, wire } = openPorts({
    [PATCH]: status("/operations/1?t=1"),
    [POLL]: [reply(200, { status: "InProgress" }), reply(200, { status: "Succeeded" })],
  });

  await arm.change(CHANGE);

  expect(wire.seen.slice(1)).toEqual([`GET ${ARM}/operations/1?t=1`, `GET ${ARM}/operations/1?t=1`]);
});

test("a status URL is not given up for the location of the result", async () => {
  const { arm, wire } = openPorts({
    [PATCH]: status("/operations/1"),
    [POLL]: [
      reply(200, { status: "InProgress" }, { location: `${ARM}/result/1` }),
      reply(200, { status: "Succeeded" }),
    ],
  });

  await arm.change(CHANGE);

  expect(wire.seen.slice(1)).toEqual([`GET ${ARM}/operations/1`, `GET ${ARM}/operations/1`]);
});

test("locations change from poll to poll until one answers 200", async () => {
  const { arm, wire } = openPorts({
    [PATCH]: location("/results/a"),
    [`GET ${ARM}/results/a`]: location("/results/b"),
    [`GET ${ARM}/results/b`]: location("/results/c"),
    [`GET ${ARM}/results/c`]: reply(200),
  });

  await arm.change(CHANGE);

  expect(wire.seen).toHaveLength(4);
});

test("a location without a host is one of the same host", async () => {
  const { arm, wire } = openPorts({
    [PATCH]: reply(202, undefined, { location: "/results/a?t=1" }),
    [`GET ${ARM}/results/a`]: reply(204),
  });

  await arm.change(CHANGE);

  expect(wire.seen[1]).toBe(`GET ${ARM}/results/a?t=1`);
});

test.each(["Enabled", "Ready", "Succeeded"])(
  "a location that answers 200 with the resource, whose status is %s, has ended",
  async (word) => {
    const { arm } = openPorts({
      [PATCH]: location("/results/a"),
      [`GET ${ARM}/results/a`]: reply(200, { id: "x", status: word, properties: {} }),
    });

    await expect(arm.change(CHANGE)).resolves.toBeUndefined();
  },
);

test.each(["InProgress", "Accepted", "Updating", "Creating", "Running"])(
  "a location that answers 200 with %s goes on",
  async (word) => {
    const { arm } = openPorts({
      [PATCH]: location("/results/a"),
      [`GET ${ARM}/results/a`]: [reply(200, { status: word }), reply(200, { status: "Succeeded" })],
    });

    await expect(arm.change(CHANGE)).resolves.toBeUndefined();
  },
);

test("a location may tell the failure by its HTTP status, which leaves it uncertain", async () => {
  const { arm } = openPorts({
    [PATCH]: location("/results/a"),
    [`GET ${ARM}/results/a`]: reply(409, { error: FAILED.error }),
    [GET]: SETTLED,
  });

  const refusal = await refusalOf(arm.change(CHANGE));
  expect(refusal).toMatchObject({ code: "AllocationFailed", status: 409, uncertain: true });
});

test.each(["Creating", "Updating", "Working on it", "inprogress"])(
  "the service's own word %s means that it goes on",
  async (word) => {
    const { arm } = openPorts({
      [PATCH]: status("/operations/1"),
      [POLL]: [reply(200, { status: word }), reply(200, { status: "succeeded" })],
    });

    await expect(arm.change(CHANGE)).resolves.toBeUndefined();
  },
);

test.each([
  ["200 without a body", reply(200)],
  ["204", reply(204)],
])("a status URL that answers %s has ended", async (_, end) => {
  const { arm } = openPorts({
    [PATCH]: status("/operations/1"),
    [POLL]: [reply(202), end],
  });

  await expect(arm.change(CHANGE)).resolves.toBeUndefined();
});

test("a failure told with a 200 keeps the service's code, and is certain", async () => {
  const { arm } = openPorts({ [PATCH]: status("/operations/1"), [POLL]: reply(200, FAILED) });

  expect(await refusalOf(arm.change(CHANGE))).toEqual({
    kind: "failed",
    message: "no capacity",
    code: "AllocationFailed",
    uncertain: false,
  });
});

test.each([
  ["Canceled", "Canceled"],
  ["Cancelled", "Cancelled"],
  ["Failed", "Failed"],
])("an operation that ended as %s without an error has that as its code", async (word, code) => {
  const { arm } = openPorts({ [PATCH]: status("/operations/1"), [POLL]: reply(200, { status: word }) });

  expect(await refusalOf(arm.change(CHANGE))).toEqual({
    kind: "failed",
    message: `the operation ended as ${word}`,
    code,
    uncertain: false,
  });
});

test.each([
  ["404", reply(404, { error: { code: "NotFound", message: "no such operation" } })],
  ["410", reply(410)],
])("an operation forgotten with a %s is looked up at the resource", async (_, forgotten) => {
  const { arm, clock } = openPorts({
    [PATCH]: status("/operations/1"),
    [POLL]: forgotten,
    [GET]: [
      reply(200, { properties: { provisioningState: "Updating" } }),
      reply(200, { properties: { provisioningState: "Succeeded" } }),
    ],
  });

  await arm.change(CHANGE);

  expect(clock.slept).toEqual([2000, 3000]);
});

test.each([
  ["answers 500", reply(500)],
  ["is lost", lost("ECONNRESET")],
])("a poll that %s again and again is replaced by reading the resource", async (_, broken) => {
  const { arm, clock } = openPorts({
    [PATCH]: status("/operations/1"),
    [POLL]: [broken, broken, broken, broken],
    [GET]: reply(200, { properties: { provisioningState: "Succeeded" } }),
  });

  await arm.change(CHANGE);

  expect(doublings(clock.slept.slice(1))).toEqual([0, 1, 2]);
});

test("a deletion that is forgotten together with its resource has ended", async () => {
  const { arm } = openPorts({
    [`DELETE ${ARM}${PATH}`]: location("/results/a"),
    [`GET ${ARM}/results/a`]: reply(404),
    [GET]: reply(404),
  });

  await expect(
    arm.change({ method: "DELETE", path: PATH, apiVersion: "2024-11-01" }),
  ).resolves.toBeUndefined();
});

test.each([
  ["Retry-After: 7", { "retry-after": "7" }, 7000],
  ["Retry-After: 1", { "retry-after": "1" }, 1000],
  ["Retry-After: 0, but never less than a second", { "retry-after": "0" }, 1000],
  ["a date", { "retry-after": new Date(START.getTime() + 12_000).toUTCString() }, 12_000],
])("a poll waits for %s", async (_, headers, expected) => {
  const { arm, clock } = openPorts({
    [PATCH]: status("/operations/1", {}, headers),
    [POLL]: reply(200, { status: "Succeeded" }),
  });

  await arm.change(CHANGE);

  expect(clock.slept).toEqual([expected]);
});

test("a throttled poll waits as any other read", async () => {
  const { arm, clock } = openPorts({
    [PATCH]: status("/operations/1"),
    [POLL]: [reply(429, undefined, { "retry-after": "5" }), reply(200, { status: "Succeeded" })],
  });

  await arm.change(CHANGE);

  expect(clock.slept).toEqual([2000, 5000]);
});

test("gives up at the deadline, with a last look at it, and says that Azure goes on", async () => {
  const running = reply(200, { status: "InProgress" }, { "retry-after": "40" });
  const { arm, clock } = openPorts(
    { [PATCH]: status("/operations/1"), [POLL]: [running, running, running] },
    { timeoutMs: 60_000 },
  );

  expect(await refusalOf(arm.change(CHANGE))).toEqual({
    kind: "timeout",
    message: "the operation has not ended after 60 s; it goes on in Azure",
    uncertain: true,
    hint: "allow more with --timeout",
  });
  expect(clock.slept).toEqual([2000, 40_000, 18_000]);
});

test("progress tells the words of the service", async () => {
  const words: string[] = [];
  const { arm } = openPorts({
    [PATCH]: status("/operations/1"),
    [POLL]: [reply(200, { status: "Creating" }), reply(200, { status: "Succeeded" })],
  });

  await arm.change(CHANGE, { onProgress: (word) => words.push(word) });

  expect(words).toEqual(["Creating", "Succeeded"]);
});
