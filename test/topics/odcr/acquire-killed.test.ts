import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { View } from "../../../src/output/view.ts";
import type { Finding } from "../../../src/plan/plan.ts";
import { list, RESERVATION, type Reservation } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { acquire } from "../../../src/topics/odcr/acquire.ts";
import { resume } from "../../../src/topics/runs/resume.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { end, settle } from "./attach-world.ts";
import { killAt, onlyRun } from "../killing.ts";

const SLOT = {
  size: "D4s_v5",
  location: "eastus2",
  zone: "1",
  quantity: "2",
  group: "crg-shop",
  apply: true,
};

interface Resumed {
  view: View;
  /** What was sent after the kill. */
  changes: unknown[];
  world: World;
}

/** A run that was killed while its raise was under way, and is resumed when its time is up. */
async function resumedLate(meanwhile: (world: World) => void): Promise<Resumed> {
  const driver = await openDriver();
  const { killed, bury } = killAt(driver, [2, "after"]);
  const running = end(acquire, SLOT, driver.ctx);
  await killed;
  bury();
  await running.catch(() => {});
  const { world } = driver.open;
  world.clockOffsetMs += 25 * 3_600_000;
  await openDriver(undefined, { world }).then(({ open }) => settle(open));
  meanwhile(world);
  const again: Driver = await openDriver(undefined, { host: driver.host, world });
  const result = await resume.run({ id: await onlyRun(driver.host) }, again.ctx);
  return { view: resume.view(result), changes: again.open.changes(), world };
}

function ownOf(world: World): Reservation {
  return list(world, RESERVATION).find(({ name }) => name === "Zone1_D4s_v5")!;
}

function setQuantity(world: World, quantity: number): void {
  ownOf(world).sku.capacity = quantity;
}

/** What came of the run, after the warnings of its plan. */
function notesOf({ notes, data }: View): string[] {
  const warnings = data["warnings"] as unknown as Finding[];
  expect(notes.slice(0, warnings.length).map(({ text }) => text)).toEqual(
    warnings.map(({ subject, text }) => `${subject}: ${text}`),
  );
  return notes.slice(warnings.length).map(({ text }) => text);
}

test("a reservation that was granted to a killed run is found when it is resumed after its time", async () => {
  const { view, changes } = await resumedLate(() => {});

  expect([view.exit, changes]).toEqual([EXIT.ok, []]);
  expect(notesOf(view)).toEqual(["acquired after 1 try: 2 x Standard_D4s_v5 in eastus2 zone 1"]);
});

test("one that it was not granted is said to be left with quantity 0 where that is read", async () => {
  const { view, changes } = await resumedLate((world) => setQuantity(world, 0));

  expect([view.exit, changes]).toEqual([EXIT.timeout, []]);
  expect(notesOf(view)).toEqual([
    expect.stringMatching(/^reservation Zone1_D4s_v5 of group crg-shop is left with quantity 0, /),
    expect.stringMatching(/^nothing was acquired after 1 try before 2026-11-22/),
  ]);
});

test("one that has another quantity by then is not said to cost nothing", async () => {
  const { view } = await resumedLate((world) => setQuantity(world, 1));

  expect([view.exit, notesOf(view)]).toEqual([
    EXIT.timeout,
    [expect.stringMatching(/^nothing was acquired after 1 try before 2026-11-22/)],
  ]);
});

test("one that is still under way may have been granted, and nothing is said to be left", async () => {
  const { view } = await resumedLate((world) => {
    setQuantity(world, 0);
    ownOf(world).properties.provisioningState = "Updating";
  });

  expect([view.exit, notesOf(view)]).toEqual([
    EXIT.partial,
    [
      expect.stringMatching(/^after the last step .*"Updating" instead of "Succeeded"$/),
      "2 x Standard_D4s_v5 in eastus2 zone 1: its last answer was never seen, so it may have been granted; look with azwise odcr status",
      expect.stringMatching(
        /^the time is up after 1 try; to look once more, without a further try: azwise runs resume /,
      ),
    ],
  ]);
});
