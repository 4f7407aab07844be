import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { acquire } from "../../../src/topics/odcr/acquire.ts";
import { attach } from "../../../src/topics/odcr/attach.ts";
import { check } from "../../../src/topics/odcr/check.ts";
import { openDriver } from "../../harness.ts";
import { end, stepsOf } from "./attach-world.ts";

const GROUP = "Microsoft.Compute/capacityReservationGroups";
const VM = { vm: ["shop-web-01"] };

/** A world in which every role leaves this action out. */
function without(action: string): (world: World) => void {
  return ({ settings }) => {
    settings.permissions = [{ scope: "/", actions: ["*"], notActions: [action] }];
  };
}

test.each([
  ["may-create-group", `${GROUP}/write`, "AuthorizationFailed", EXIT.auth],
  ["may-create-reservation", `${GROUP}/capacityReservations/write`, "AuthorizationFailed", EXIT.partial],
  ["may-associate", `${GROUP}/deploy/action`, "LinkedAuthorizationFailed", EXIT.partial],
  ["may-change-vm", "Microsoft.Compute/virtualMachines/write", "AuthorizationFailed", EXIT.partial],
])("what check says about %s is what attach meets in the sandbox", async (question, action, code, exit) => {
  const { ctx } = await openDriver(without(action));

  const checked = check.view(await check.run(check.input.parse(VM), ctx));
  const ended = await end(attach, { ...VM, apply: true }, ctx);

  const answers = checked.data["findings"] as { question: string; answer: string }[];
  const denied = answers.filter(({ answer }) => answer === "no").map((each) => each.question);
  const failed = stepsOf(ended.report).filter(({ status }) => status === "failed");
  expect(new Set(denied)).toEqual(new Set([question]));
  expect(failed).toMatchObject([{ error: { code } }]);
  expect(ended.exit).toBe(exit);
});

test("a choice that may not be made is told as denied, and ruled out", async () => {
  const { ctx } = await openDriver(without(`${GROUP}/write`));
  const input = {
    size: "D4s_v5",
    location: "eastus2",
    zone: "1",
    quantity: "1",
    resourceGroup: "rg-capacity",
  };

  const { exit, report } = await end(acquire, { ...input, group: "crg-new", apply: true }, ctx);

  expect(exit).toBe(EXIT.auth);
  expect(JSON.stringify(report)).toContain("denied");
});
