import { expect, test } from "vitest";
import { applyPlan } from "../../src/plan/apply.ts";
import { progressOf, readRun } from "../../src/plan/journal.ts";
import { finishedSteps } from "../../src/plan/resume.ts";
import { outcomeNotes } from "../../src/plan/report-view.ts";
import { associate, raise, restart } from "../../src/topics/odcr/plan-steps.ts";
import { openDriver } from "../harness.ts";
import { planOf, step } from "./fake-arm.ts";
import { CRG_SHOP, machineIn, reservationIn } from "./saved-plan.ts";

const plan = planOf(
  step("raise"),
  step("stop", { dependsOn: ["raise"] }),
  step("join", { dependsOn: ["stop"] }),
  step("start", { dependsOn: ["join"], mustFollow: "stop" }),
);

test.each([
  { done: [], finished: [] },
  { done: ["raise"], finished: ["raise"] },
  { done: ["raise", "stop"], finished: ["raise", "stop"] },
  { done: ["raise", "stop", "join"], finished: ["raise", "stop", "join"] },
  { done: ["raise", "stop", "join", "start"], finished: ["raise", "stop", "join", "start"] },
])("an unbroken $done need not be run again", ({ done, finished }) => {
  expect(finishedSteps(plan, new Set(done))).toEqual(new Set(finished));
});

test("a VM that was started again before it joined is stopped once more", () => {
  expect(finishedSteps(plan, new Set(["raise", "stop", "start"]))).toEqual(new Set(["raise"]));
});

test("a VM that could not be stopped and still runs is stopped as planned", () => {
  expect(finishedSteps(plan, new Set(["raise", "start"]))).toEqual(new Set(["raise"]));
});

test("what a start that failed has taken back is done once more", () => {
  const { request, expect: back } = step("join");
  const fallBack = { request, expect: back, title: "Join again", byHand: "join" };
  const steps = plan.steps.map((each) => (each.id === "start" ? { ...each, fallBack } : each));

  const unstarted = finishedSteps({ ...plan, steps }, new Set(["raise", "stop", "join"]));

  expect(unstarted).toEqual(new Set(["raise"]));
});

test("resume does not stop a VM that somebody associated since", async () => {
  const { ctx, open, host } = await openDriver((world) => {
    reservationIn(world).sku.capacity = 9;
    world.faults.push({ name: "quota", match: { method: "PATCH", path: "/shop-db-01" }, times: 1, skip: 0 });
  });
  const machine = await open.azure.compute.getVirtualMachine(machineIn(open.world).id);
  const reservationId = reservationIn(open.world).id;
  const group = { groupId: CRG_SHOP, reservationId, relies: undefined };
  const joining = planOf(...restart(machine!, { ...group, because: [], dependsOn: [] }));
  const cut = await applyPlan(joining, ctx, { mayHaveDrifted: false });
  machineIn(open.world).properties.capacityReservation = { capacityReservationGroup: { id: CRG_SHOP } };
  const before = open.changes().length;

  const { done, sent } = progressOf(await readRun(cut.runId, host.state));
  const resume = { runId: cut.runId, finished: finishedSteps(joining, done), begun: sent };
  const { outcomes, exit } = await applyPlan(joining, ctx, { mayHaveDrifted: false, resume });

  expect([cut.exit, exit]).toEqual([6, 0]);
  expect(outcomes.map(({ note }) => note)).toEqual(["not needed", "was already so", "was already so"]);
  expect(open.changes()).toHaveLength(before);
});

test("what a run found changed and did not send is found changed again by resume, however often", async () => {
  const { ctx, open, host } = await openDriver((world) => {
    reservationIn(world).sku.capacity = 2;
    reservationIn(world).properties.instanceView.utilizationInfo.currentCapacity = 2;
    world.faults.push({ name: "quota", match: { method: "PATCH" }, times: 1, skip: 0 });
  });
  const { id } = reservationIn(open.world);
  const quantity = reservationIn(open.world).sku.capacity;
  const raising = raise({ id, from: quantity, to: quantity + 1, saw: quantity, because: [], dependsOn: [] });
  const machine = await open.azure.compute.getVirtualMachine(machineIn(open.world).id);
  const joining = associate(machine!, { groupId: CRG_SHOP, dependsOn: [raising.id], relies: undefined });
  const made = planOf(raising, joining);
  const cut = await applyPlan(made, ctx, { mayHaveDrifted: false });
  machineIn(open.world).properties.hardwareProfile.vmSize = "Standard_E16s_v5";
  const before = machineIn(open.world).properties.capacityReservation;

  const codes: unknown[] = [];
  for (let count = 0; count < 3; count += 1) {
    const { done, sent } = progressOf(await readRun(cut.runId, host.state));
    const resume = { runId: cut.runId, finished: finishedSteps(made, done), begun: sent };
    const report = await applyPlan(made, ctx, { mayHaveDrifted: false, resume });
    codes.push(report.outcomes.map(({ status, failure }) => failure?.code ?? status));
    expect(outcomeNotes(report).at(-1)?.text).toBe("1 of 2 steps not done; make a new plan: azwise test");
  }

  expect(codes).toEqual(Array.from({ length: 3 }, () => ["done", "Drifted"]));
  expect(machineIn(open.world).properties.capacityReservation).toEqual(before);
});
