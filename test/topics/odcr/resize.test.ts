import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { list, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { resize } from "../../../src/topics/odcr/resize.ts";
import { createTestHost, openDriver, runCli, SUBSCRIPTION } from "../../harness.ts";
import { end, stepsOf } from "./attach-world.ts";

const GROUP = "crg-shop";

test("for an id that is not there the hint is to check it", async () => {
  const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/x`;
  const { exit, stderr } = await runCli(createTestHost(), "odcr", "resize", id, "--quantity", "1");

  expect(exit).toBe(2);
  expect(stderr).toContain("check the id; azwise odcr status lists the groups");
});

function quantityOf(world: World): number | undefined {
  return list(world, RESERVATION).find(({ id }) => id.includes(`/${GROUP}/`))?.sku.capacity;
}

test.each([
  ["raised", { quantity: "5" }, 5],
  ["lowered to what is in use", { quantity: "2" }, 2],
  ["given up", { quantity: "0", release: true }, 0],
])("a quantity is %s", async (_, input, quantity) => {
  const { open, ctx } = await openDriver();

  const { exit } = await end(resize, { group: GROUP, apply: true, ...input }, ctx);

  expect([exit, quantityOf(open.world)]).toEqual([EXIT.ok, quantity]);
});

test("a refused raise is partial and keeps the old quantity", async () => {
  const { open, ctx } = await openDriver((world) => {
    world.settings.failedRaiseLeavesFailed = true;
    world.faults.push({ name: "zonal-allocation-failed", match: { method: "PATCH" }, times: 1, skip: 0 });
  });

  const { exit } = await end(resize, { group: GROUP, quantity: "9", apply: true }, ctx);

  expect([exit, quantityOf(open.world)]).toEqual([EXIT.partial, 4]);
});

test("an old quantity that cannot be put back is told with the command that does", async () => {
  const { open, ctx } = await openDriver((world) => {
    world.settings.failedRaiseLeavesFailed = true;
    world.faults.push({ name: "zonal-allocation-failed", match: { method: "PATCH" }, times: 2, skip: 0 });
  });

  const { report } = await end(resize, { group: GROUP, quantity: "9", apply: true }, ctx);

  const { note = "" } = stepsOf(report)[0] as { note?: string };
  const [, command = ""] = note.split("; put it back with: azwise odcr resize ");
  const [group = "", ...words] = command.split(" ");
  const flags = `--subscription ${SUBSCRIPTION} --slot Zone1_E8s_v5 --apply --quantity 4`;
  expect(words.join(" ")).toBe(flags);
  const again = await end(resize, { group, slot: "Zone1_E8s_v5", quantity: "4", apply: true }, ctx);
  expect([again.exit, quantityOf(open.world)]).toEqual([EXIT.ok, 4]);
});

test("a unit that a VM took meanwhile is not given up", async () => {
  const { open, ctx } = await openDriver();
  const busy = {
    ...ctx,
    confirmOrStop: async () => {
      await open.azure.arm.change({
        method: "PATCH",
        path: list(open.world, RESERVATION).find(({ id }) => id.includes(`/${GROUP}/`))?.id ?? "",
        apiVersion: "2026-03-01",
        body: { sku: { capacity: 1 } },
      });
      return false;
    },
  };

  const { exit, report } = await end(resize, { group: GROUP, quantity: "2", apply: true }, busy);

  expect([exit, stepsOf(report).map(({ status }) => status)]).toEqual([EXIT.changes, ["failed"]]);
  expect(quantityOf(open.world)).toBe(1);
});

test("the plan of a resize looks right", async () => {
  const { exit, stdout, stderr } = await runCli(
    createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } }),
    "odcr",
    "resize",
    GROUP,
    "--quantity",
    "1",
    "--release",
  );

  const text = `exit ${exit}\n--- stdout\n${stdout}--- stderr\n${stderr}`;
  await expect(text).toMatchFileSnapshot("../../../fixtures/golden/odcr/resize-plan.tty.txt");
});

test.each([
  ["no quantity", [GROUP], 2, "error: --quantity: say how many units: --quantity <n>"],
  [
    "a quantity that is none",
    [GROUP, "--quantity", "-1"],
    2,
    "error: --quantity: a quantity is a whole number from 0 on",
  ],
  ["less than is in use", [GROUP, "--quantity", "1"], 2, "error: 2 VMs use Zone1_E8s_v5"],
  [
    "a group that is shared",
    ["crg-platform", "--quantity", "1"],
    4,
    "error: crg-platform is in subscription",
  ],
  [
    "a group that is not there",
    ["crg-nope", "--quantity", "1"],
    2,
    'error: there is no capacity reservation group "crg-nope" here',
  ],
])("%s is refused, and nothing is changed", async (_, args, exit, said) => {
  const result = await runCli(createTestHost(), "odcr", "resize", ...args);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});
