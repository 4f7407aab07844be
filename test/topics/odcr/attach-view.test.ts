import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { Report } from "../../../src/plan/apply.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import type { AttachResult } from "../../../src/topics/odcr/attach.ts";
import { viewAttach } from "../../../src/topics/odcr/attach-view.ts";
import { planAttach } from "../../../src/topics/odcr/plan.ts";
import { group, groupId, machine, options, reservation, state, SUBSCRIPTION, vmId } from "./builders.ts";

function applied(allocated: string[], quantity = 1): AttachResult {
  const attach = planAttach(state({ machines: [machine("a")] }), options());
  const plan: Plan = {
    formatVersion: 2,
    command: "azwise odcr attach",
    target: { cloud: "sandbox", tenantId: "t", subscriptionIds: [SUBSCRIPTION] },
    createdBy: "test",
    ...attach,
  };
  const outcomes = plan.steps.map((step) => ({ step, status: "done" as const }));
  const report: Report = {
    runId: "r",
    plan,
    outcomes,
    mismatches: [],
    unread: undefined,
    interrupted: false,
    exit: EXIT.ok,
  };
  const held = reservation("Zone1_D4s_v5", { quantity, allocated });
  const crg = group("crg-eastus2-zonal", { id: groupId("crg-eastus2-zonal"), reservations: [held] });
  return { attach, plan, savedTo: undefined, report, after: [crg] };
}

test("a slot that others joined meanwhile is partial although every step succeeded", () => {
  const view = viewAttach(applied([vmId("a"), vmId("b")]));

  expect(view.exit).toBe(EXIT.partial);
  expect(view.notes.map(({ text }) => text)).toContain(
    "Zone1_D4s_v5 is overallocated by 1: others joined while this ran; run the command again",
  );
});

test("a slot that lacks units for those that were counted is not said to be joined by others", () => {
  const view = viewAttach(applied([vmId("a")], 0));

  expect(view.exit).toBe(EXIT.partial);
  expect(view.notes.map(({ text }) => text)).toContain(
    "Zone1_D4s_v5 is overallocated by 1; run the command again",
  );
});

test("a covered slot is a clean end", () => {
  expect(viewAttach(applied([vmId("a")])).exit).toBe(EXIT.ok);
});
