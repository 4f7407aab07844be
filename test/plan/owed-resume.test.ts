import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyPlan } from "../../src/plan/apply.ts";
import { attach } from "../../src/topics/odcr/attach.ts";
import { createGroup, restart } from "../../src/topics/odcr/plan-steps.ts";
import { openDriver, SUBSCRIPTION, TENANT, type TestHost } from "../harness.ts";
import { onlyRun } from "../topics/killing.ts";
import { end, resumeRun } from "../topics/odcr/attach-world.ts";
import { planOf } from "./fake-arm.ts";
import { CRG_SHOP, machineIn, reservationIn } from "./saved-plan.ts";

const VM =
  "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop-prod/providers/Microsoft.Compute/virtualMachines/shop-legacy-01";
const RESTART = { vm: ["shop-legacy-01"], allowRestart: true, apply: true };
const TARGET = { cloud: "sandbox", tenantId: TENANT, subscriptionIds: [SUBSCRIPTION] };

/** A debt of a run, as it stays when the process ends just before taking it away. */
function leaveDebt(host: TestHost, run: string, after: string): void {
  const debts = [{ after, title: "Start it", resource: VM }];
  const folder = join(host.state, "owed");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${run}.json`), JSON.stringify({ ...TARGET, debts }), { mode: 0o600 });
}

test("resume takes away the note of a run that is finished", async () => {
  const { ctx, host } = await openDriver();
  await end(attach, RESTART, ctx);
  const run = await onlyRun(host);
  leaveDebt(host, run, "any step");

  expect(await resumeRun(run, ctx)).toMatchObject({ exit: 0 });
  expect(readdirSync(join(host.state, "owed"))).toEqual([]);
});

test("resume takes away what was owed by a step whose follower is done, though another step is left", async () => {
  const { ctx, host, open } = await openDriver((world) => {
    reservationIn(world).sku.capacity = 9;
    world.faults.push({ name: "quota", match: { method: "PUT", path: "/crg-shop-2" }, times: 1, skip: 0 });
  });
  const machine = await open.azure.compute.getVirtualMachine(machineIn(open.world).id);
  const group = { groupId: CRG_SHOP, reservationId: reservationIn(open.world).id, relies: undefined };
  const steps = restart(machine!, { ...group, because: [], dependsOn: [] });
  const start = steps.find(({ mustFollow }) => mustFollow !== undefined)!;
  const another = { ...createGroup(`${CRG_SHOP}-2`, "eastus2", []), dependsOn: [start.id] };
  const cut = await applyPlan(planOf(...steps, another), ctx, { mayHaveDrifted: false });
  expect(cut.outcomes.map(({ status }) => status)).toEqual(["done", "done", "done", "failed"]);
  leaveDebt(host, cut.runId, start.mustFollow!);

  expect(await resumeRun(cut.runId, ctx)).toMatchObject({ exit: 0 });
  expect(readdirSync(join(host.state, "owed"))).toEqual([]);
});
