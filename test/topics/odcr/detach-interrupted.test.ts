import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { list, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { detach } from "../../../src/topics/odcr/detach.ts";
import { resize } from "../../../src/topics/odcr/resize.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { end, resumeRun, settle, stateOf, stepsOf } from "./attach-world.ts";
import { goOn, killAt, onlyRun, type GoneOn, type Moment } from "../killing.ts";

const CLEAR = { group: "crg-shop", release: true, deleteEmpty: true, apply: true };
const LOWER = { group: "crg-shop", quantity: "2", apply: true };
/** Lower, two VMs, the reservation, the group. */
const CHANGES = [1, 2, 3, 4, 5];

async function clearedState(): Promise<object> {
  const { open, ctx } = await openDriver();
  await end(detach, CLEAR, ctx);
  return stateOf(open.world);
}

test.each<Moment>(["before", "after"])(
  "killed just %s any one change of a detach: resume ends the run",
  async (moment) => {
    const results = CHANGES.map(async (nth) => {
      const driver = await openDriver();
      const { killed, bury } = killAt(driver, [nth, moment]);
      const cut = end(detach, CLEAR, driver.ctx);
      await killed;
      const { exit, state } = await goOn(driver);
      bury();
      await cut;
      return { nth, exit, state };
    });

    const wanted = { exit: EXIT.ok, state: await clearedState() };
    expect(await Promise.all(results)).toEqual(CHANGES.map((nth) => ({ nth, ...wanted })));
  },
);

function reservationIn(world: World): { sku: { capacity: number }; etag: string; properties: object } {
  return list(world, RESERVATION).find(({ id }) => id.includes("/crg-shop/"))!;
}

interface Cut {
  driver: Driver;
  resumed: GoneOn;
}

/** A lowering whose answer nobody saw, what others then did, and a resume. */
async function cutShort(moment: Moment, meanwhile: (driver: Driver) => void | Promise<void>): Promise<Cut> {
  const driver = await openDriver();
  const { killed, bury } = killAt(driver, [1, moment]);
  const cut = end(resize, LOWER, driver.ctx);
  await killed;
  await meanwhile(driver);
  const resumed = await goOn(driver);
  bury();
  await cut;
  return { driver, resumed };
}

/** By another process, once what the dead one sent has ended. */
async function raiseBack({ open: { world } }: Driver): Promise<void> {
  const other = await openDriver(undefined, { world });
  await settle(other.open);
  const { exit } = await end(resize, { group: "crg-shop", quantity: "4", apply: true }, other.ctx);
  expect(exit).toBe(EXIT.ok);
}

test("a quantity that somebody raised back after an unanswered lowering is not lowered again", async () => {
  const { driver, resumed } = await cutShort("after", raiseBack);

  expect([resumed.exit, resumed.changes]).toEqual([EXIT.changes, []]);
  expect(stepsOf(resumed.report)[0]).toMatchObject({
    status: "failed",
    note: "it was not sent again",
    error: {
      code: "Unclear",
      message: expect.stringMatching(
        /^cannot tell whether an earlier request took effect, because .* may have changed since$/,
      ),
    },
  });
  expect(reservationIn(driver.open.world).sku.capacity).toBe(4);
});

test("nor by a second resume", async () => {
  const { driver } = await cutShort("after", raiseBack);

  const again = await openDriver(undefined, { host: driver.host, world: driver.open.world });
  const { exit } = await resumeRun(await onlyRun(driver.host), again.ctx);

  expect([exit, again.open.changes()]).toEqual([EXIT.changes, []]);
});

test.each([
  ["somebody made again", "made-again", EXIT.partial, 0],
  ["is still the same", undefined, EXIT.ok, 2],
])("after an unanswered deletion, a reservation that %s is treated so", async (_, madeAgain, exit, sent) => {
  const driver = await openDriver();
  const { world } = driver.open;
  const old = structuredClone(reservationIn(world)) as ReturnType<typeof reservationIn> & { id: string };
  const { killed, bury } = killAt(driver, [4, "after"]);
  const cut = end(detach, CLEAR, driver.ctx);
  await killed;
  await settle((await openDriver(undefined, { world })).open);
  const properties = { ...old.properties, ...(madeAgain ? { reservationId: madeAgain } : {}) };
  const body = { ...old, sku: { ...old.sku, capacity: 0 }, properties };
  world.resources[old.id.toLowerCase()] = body as unknown as World["resources"][string];
  const resumed = await goOn(driver);
  bury();
  await cut;

  expect([resumed.exit, new Set(resumed.changes.map(({ path }) => path)).size]).toEqual([exit, sent]);
  expect(reservationIn(world) !== undefined).toBe(madeAgain !== undefined);
});

test("a lowering that never arrived is sent by resume where nothing has changed", async () => {
  const { driver, resumed } = await cutShort("before", () => {});

  expect([resumed.exit, resumed.changes.length]).toEqual([EXIT.ok, 1]);
  expect(reservationIn(driver.open.world).sku.capacity).toBe(2);
});

test("a lowering that never arrived is not sent where anything has changed, or where no version is told", async () => {
  const changed = await cutShort("before", ({ open }) => {
    reservationIn(open.world).etag = '"7"';
  });
  const untold = await cutShort("before", ({ open }) => {
    const reservation = reservationIn(open.world) as { etag?: string; properties: Record<string, unknown> };
    delete reservation.etag;
    delete reservation.properties["provisioningTime"];
  });

  for (const { resumed } of [changed, untold]) {
    expect([resumed.exit, resumed.changes]).toEqual([EXIT.changes, []]);
  }
});
