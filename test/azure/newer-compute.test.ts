import { expect, test } from "vitest";
import { answerOf, recorded } from "./recorded.ts";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
const RESERVATION = `${GROUP}/capacityReservations/Zone1_E8s_v5`;
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute/virtualMachines/shop-web-01`;
const VIEW = `GET ${ARM}${VM}/instanceView`;

const UNKNOWN_VERSION = reply(400, {
  error: { code: "NoRegisteredProviderFound", message: "The supported api-versions are '2024-11-01'." },
});
const FORBIDDEN = reply(403, { error: { code: "AuthorizationFailed", message: "no" } });

function scheduled(): Record<string, unknown> {
  const body = structuredClone(recorded("reservation-used")) as { properties: object };
  return { ...body, properties: { ...body.properties, scheduleProfile: { start: "2027-02-01" } } };
}

function groupWithStates(): object {
  const view = { name: "ZONE1_E8S_V5", reservationStateInfo: { reservationState: "Committed" } };
  return { id: GROUP, properties: { instanceView: { capacityReservations: [view, { name: "other" }] } } };
}

/** The first read of the group is the client's own; the second asks for states. */
function script(states: ReturnType<typeof reply>) {
  return {
    [`GET ${ARM}${GROUP}`]: [answerOf("group"), states],
    [`GET ${ARM}${GROUP}/capacityReservations`]: reply(200, { value: [scheduled()] }),
    [`GET ${ARM}${RESERVATION}`]: reply(200, scheduled()),
  };
}

test("a scheduled reservation tells its dates, and its state by a newer version of the group", async () => {
  const { compute, wire } = openPorts(script(reply(200, groupWithStates())));

  const group = await compute.getGroup(GROUP);

  expect(group?.reservations[0]).toMatchObject({
    schedule: { start: "2027-02-01", end: undefined },
    reservationState: "Committed",
  });
  expect(wire.seen.at(-1)).toMatch(/crg-shop\?api-version=2026-04-01&(%24|\$)expand=instanceView$/);
});

test("where the newer version is not known the state is not told", async () => {
  const { compute } = openPorts(script(UNKNOWN_VERSION));

  const group = await compute.getGroup(GROUP);

  expect(group?.reservations[0]).toMatchObject({ schedule: { start: "2027-02-01" } });
  expect(group?.reservations[0]?.reservationState).toBeUndefined();
});

test.each([
  ["Open", reply(200, { capacityReservationType: "Open", statuses: [] }), "Open"],
  ["nothing", reply(200, { statuses: [] }), undefined],
  ["an unknown version", UNKNOWN_VERSION, undefined],
])("a VM's type of reservation: %s", async (_, answer, expected) => {
  const { compute, wire } = openPorts({ [VIEW]: answer });

  expect(await compute.getReservationType(VM)).toBe(expected);
  expect(wire.seen[0]).toContain("api-version=2026-04-01");
});

test("a type that may not be read is a refusal", async () => {
  const { compute } = openPorts({ [VIEW]: FORBIDDEN });

  expect(await refusalOf(compute.getReservationType(VM))).toMatchObject({ kind: "auth" });
});
