import { expect, test } from "vitest";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const PATH = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const CHANGE = { method: "PATCH", path: PATH, apiVersion: "2024-11-01", body: {} } as const;
const PATCH = `PATCH ${ARM}${PATH}`;
const GET = `GET ${ARM}${PATH}`;
const POLL = `GET ${ARM}/operations/1`;
const STARTED = reply(200, {}, { "azure-asyncoperation": `${ARM}/operations/1` });
const SETTLED = reply(200, { properties: { provisioningState: "Succeeded" } });

test.each([
  [400, "BadRequest"],
  [403, "AuthorizationFailed"],
  [409, "Conflict"],
])(
  "a poll that is refused with %s is no answer to the change: the resource is read, and decides",
  async (code, name) => {
    const refused = reply(code, { error: { code: name, message: "no" } });
    const { arm, clock } = openPorts({
      [PATCH]: STARTED,
      [POLL]: refused,
      [GET]: [reply(200, { properties: { provisioningState: "Updating" } }), SETTLED],
    });

    const refusal = await refusalOf(arm.change(CHANGE));
    expect(refusal).toMatchObject({ status: code, code: name, uncertain: true });
    expect(clock.slept).toEqual([2000, 3000]);
  },
);

test("where neither the operation nor the resource may be read, the change is uncertain", async () => {
  const refused = reply(403, { error: { code: "AuthorizationFailed", message: "no" } });
  const { arm } = openPorts({ [PATCH]: STARTED, [POLL]: refused, [GET]: refused });

  const refusal = await refusalOf(arm.change(CHANGE));
  expect(refusal).toMatchObject({ kind: "auth", code: "AuthorizationFailed", uncertain: true });
});

test("a poll that leads to another host is not replaced by anything", async () => {
  const { arm, wire } = openPorts({
    [PATCH]: reply(202, undefined, { location: "https://attacker.example/results/a" }),
  });

  expect(await refusalOf(arm.change(CHANGE))).toMatchObject({ code: "ForeignHost", uncertain: false });
  expect(wire.seen).toHaveLength(1);
});
