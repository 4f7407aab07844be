import { expect, test, type TestContext } from "vitest";
import { createStranger } from "./stranger.ts";
import { openDouble, type Double, type DoubleOptions, type Seen } from "./azure-double.ts";
import { runCli } from "./cli.ts";
import type { Fault } from "../../src/sandbox/world.ts";

const ATTACH = ["odcr", "attach", "--vm", "shop-web-01"];
const APPLY = [...ATTACH, "--apply", "--yes", "--verbose"];
const VM = /\/virtualMachines\/shop-web-01$/i;
const RESERVATION = /\/capacityReservations\/[^/]+$/i;

async function open({ onTestFinished }: TestContext, options: DoubleOptions = {}): Promise<Double> {
  const double = await openDouble(options);
  onTestFinished(() => double.close());
  return double;
}

function faulty(fault: Partial<Fault> & Pick<Fault, "name">): DoubleOptions {
  return {
    edit: (world) => {
      world.faults = [{ match: {}, times: 1, skip: 0, ...fault }];
    },
  };
}

function sent(double: Double, method: string, path: RegExp): Seen[] {
  return double.seen.filter((each) => each.method === method && path.test(each.path));
}

test.concurrent("plans, applies, and then finds nothing to do", async (context) => {
  const { expect } = context;
  const double = await open(context, { pollStepMs: 2000 });

  const planned = await runCli(double, ATTACH);
  const applied = await runCli(double, APPLY);
  const again = await runCli(double, ATTACH);

  expect([planned.exit, applied.exit, again.exit]).toEqual([3, 0, 0]);
  expect(applied.stderr).toContain("note: every step was read back and is as asked\n");
  expect(again.stderr).toContain("note: nothing to change\n");
  expect(sent(double, "PATCH", VM)).toHaveLength(1);
  expect(double.tokens.length).toBeGreaterThan(0);
});

test.concurrent.each([
  ["throttled with Retry-After", { name: "throttle", match: { path: "/virtualMachines/" }, times: 2 }],
  ["throttled without Retry-After", { name: "throttle-no-retry-after", match: { method: "PATCH" } }],
  ["throttled at the list of sizes", { name: "throttle", match: { path: "/skus" } }],
  ["throttled at a poll", { name: "throttle", match: { path: "/operations/" }, times: 2 }],
  ["throttled at the sign-in", { name: "throttle-no-retry-after", match: { path: "/oauth2/" } }],
  ["broken at a poll", { name: "server-error", match: { path: "/operations/" } }],
  ["cut off at a poll", { name: "lost-before", match: { path: "/operations/" } }],
] as const)("reaches its end although %s", async (_, fault) => {
  const double = await openDouble(faulty(fault));
  try {
    const finished = await runCli(double, APPLY);

    expect(finished).toMatchObject({ exit: 0 });
    expect(double.world.faults).toEqual([]);
  } finally {
    await double.close();
  }
});

test.concurrent.each([
  ["the VM", "PATCH", "/virtualMachines/", VM],
  ["the reservation's quantity", "PATCH", "/capacityReservations/", RESERVATION],
  ["the new reservation", "PUT", "/capacityReservations/", RESERVATION],
  ["the new group", "PUT", "/capacityReservationGroups/", /\/capacityReservationGroups\/[^/]+$/i],
])("a lost answer to the change of %s is looked up, not sent again", async (_, method, path, sentTo) => {
  const double = await openDouble(faulty({ name: "lost-after", match: { method, path } }));
  try {
    const finished = await runCli(double, APPLY);
    const again = await runCli(double, ATTACH);

    expect([finished.exit, again.exit]).toEqual([0, 0]);
    expect(sent(double, method, sentTo)).toHaveLength(1);
  } finally {
    await double.close();
  }
});

test.concurrent("a change that never arrived is sent again", async (context) => {
  const { expect } = context;
  const double = await open(context, faulty({ name: "lost-before", match: { method: "PATCH" } }));

  expect(await runCli(double, APPLY)).toMatchObject({ exit: 0 });
  expect(sent(double, "PATCH", VM)).toHaveLength(2);
});

test.concurrent("a poll URL on a foreign host stops the run; nothing goes there", async (context) => {
  const { expect } = context;
  const double = await open(context, faulty({ name: "foreign-poll", match: { path: "/virtualMachines/" } }));

  const finished = await runCli(double, APPLY);

  expect(finished.exit).toBe(6);
  expect(finished.stderr).toContain("ForeignHost: refused to send credentials to https://attacker.example");
  expect(double.attacks).toBe(0);
  expect(new Set(double.connects)).toEqual(new Set(["login.microsoftonline.com", "management.azure.com"]));
});

test.concurrent("a refused raise is partial work, with Azure's code and what to do next", async (context) => {
  const { expect } = context;
  const match = { method: "PATCH", path: "/capacityReservations/" };
  const double = await open(context, faulty({ name: "allocation-failed", match }));

  const finished = await runCli(double, APPLY);

  expect(finished.exit).toBe(6);
  expect(finished.stderr).toMatch(/^warning: Raise Zone1_D4s_v5 from 0 to 1: AllocationFailed: /m);
  expect(finished.stderr).toMatch(/^warning: 1 of 4 steps not done; go on with: azwise runs resume /m);
});

test.concurrent("works with a server that says as little as the protocol allows", async (context) => {
  const { expect } = context;
  const double = await open(context, { before: createStranger(), patient: true, wire: "chunked-close" });
  const attach = ["odcr", "attach", "--vm", "vm-1"];

  const planned = await runCli(double, attach);
  const applied = await runCli(double, [...attach, "--apply", "--yes"]);
  const again = await runCli(double, attach);
  const status = await runCli(double, ["odcr", "status"]);

  expect([planned.exit, applied.exit, again.exit]).toEqual([3, 0, 0]);
  expect(status.stdout).toMatch(/^crg-westus3-zonal\tZone1_D4s_v5\twestus3 zone 1 Standard_D4s_v5\t1\t/);
});

test.concurrent("a service that throttles for longer than the timeout times out", async (context) => {
  const { expect } = context;
  const double = await open(context, {
    before: async ({ url }) => {
      if (!url.includes("/virtualMachines?")) return;
      return { status: 429, headers: { "retry-after": "1200" }, body: "" };
    },
    patient: true,
  });

  const finished = await runCli(double, [...ATTACH, "--timeout", "60s"]);

  expect(finished.exit).toBe(7);
  expect(finished.stderr).toContain("the service throttles and asks for a pause of 1200 s");
});
