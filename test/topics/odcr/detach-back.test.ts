import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { detach } from "../../../src/topics/odcr/detach.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { end, stateOf, stepsOf, watch } from "./attach-world.ts";
import { goOn, killAt, type Moment } from "../killing.ts";

/** Hardware is short for whoever starts outside of a reservation: so many starts of one VM are refused. */
async function openFull(refusals: number): Promise<Driver> {
  return openDriver((world) => {
    const match = { method: "POST", path: "/shop-search-01/start" };
    world.faults.push({ name: "zonal-allocation-failed", match, times: refusals, skip: 0 });
  });
}

interface Held {
  name: string;
  power: string;
  group: string | null;
}

const RESTART = { vm: ["shop-search-01"], allowRestart: true, release: true, apply: true };
/** A start is tried this often before it is given up. */
const MOST_STARTS = 5;

test("a VM whose start is refused outside of its group is put back into it and runs there", async () => {
  const driver = await openFull(MOST_STARTS);
  const violations = watch(driver.open, { verb: "detach", restart: true, release: true });
  const before = stateOf(driver.open.world);

  const ended = await end(detach, RESTART, driver.ctx);

  expect([ended.exit, ended.statuses]).toEqual([EXIT.partial, ["done", "done", "failed", "not tried"]]);
  expect(stepsOf(ended.report)[2]).toMatchObject({
    error: { code: "ZonalAllocationFailed" },
    note: "done after going back: shop-search-01 could not leave crg-shop and was put into it again",
  });
  expect(violations(ended)).toEqual([]);
  expect(stateOf(driver.open.world)).toEqual(before);
  // The VM runs, so its start is not owed any more.
  expect(readdirSync(join(driver.host.state, "owed"))).toEqual([]);
});

test("then resume lets it leave, once there is room", async () => {
  const { open, host, ctx } = await openFull(MOST_STARTS);
  await end(detach, RESTART, ctx);

  const { exit, state } = await goOn({ open, host, ctx });

  const { machines } = state as { machines: Held[] };
  expect([exit, machines.find(({ name }) => name === "shop-search-01")]).toEqual([
    EXIT.ok,
    { name: "shop-search-01", power: "running", group: null },
  ]);
});

/** Deallocate, leave, the starts, the way back, the last start. */
const CHANGES = MOST_STARTS + 4;

test.each<Moment>(["before", "after"])(
  "killed just %s any one change on the way back: resume starts the VM, in its group or outside",
  async (moment) => {
    for (let nth = 1; nth <= CHANGES; nth += 1) {
      const driver = await openFull(MOST_STARTS);
      const { killed, bury } = killAt(driver, [nth, moment]);
      const cut = end(detach, RESTART, driver.ctx);
      await killed;
      const { report, state } = await goOn(driver);
      bury();
      await cut;

      const { machines } = state as { machines: Held[] };
      const { power, group } = machines.find(({ name }) => name === "shop-search-01")!;
      const hasLeft = stepsOf(report).every(({ status }) => status === "done");
      const wanted = { power: "running", group: hasLeft ? null : "crg-shop" };
      expect({ nth, power, group }).toEqual({ nth, ...wanted });
    }
  },
);

test("a VM that does not start in its group either is told with the command that starts it", async () => {
  const { ctx } = await openFull(2 * MOST_STARTS);

  const view = detach.view(await detach.run(detach.input.parse(RESTART), ctx));

  const texts = view.notes?.map(({ text }) => text) ?? [];
  expect(texts.join("\n")).toMatch(/^shop-search-01 is stopped now: start it with az vm start --ids /m);
  expect(texts.join("\n")).toContain("could not leave crg-shop and was put into it again, and then: ");
});

test("a VM that cannot be put back is told with the commands that do it", async () => {
  const { open, ctx } = await openFull(MOST_STARTS);
  const match = { method: "PATCH", path: "/shop-search-01" };
  open.world.faults.push({ name: "silent-no-op", match, times: 99, skip: 1 });

  const view = detach.view(await detach.run(detach.input.parse(RESTART), ctx));

  const texts = (view.notes ?? []).map(({ text }) => text).join("\n");
  expect(texts).toMatch(/^shop-search-01 is stopped now: start it with az vm start --ids /m);
  expect(texts).toMatch(
    /could not go back: .*; do it with: az vm update --ids \S+\/shop-search-01 --capacity-reservation-group \S+\/crg-shop$/m,
  );
});
