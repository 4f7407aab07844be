import { describe, expect, test } from "vitest";
import { planAttach } from "../../../src/topics/odcr/plan.ts";
import { group, machine, offer, options, reservation, state, vmId } from "./builders.ts";

function titles(plan: ReturnType<typeof planAttach>): string[] {
  return plan.steps.map((step) => step.title);
}

describe("VMs in another group", () => {
  const other = group("crg-other", {
    reservations: [reservation("x", { quantity: 1, allocated: [vmId("a")] })],
  });
  const member = machine("a", { groupId: other.id });

  test("are refused without --move", () => {
    const plan = planAttach(state({ machines: [member], groups: [other] }), options());

    expect(plan.refusals[0]?.text).toBe("it is in group crg-other; use --move to change that");
  });

  test("need a restart to move while their old reservation has a quantity", () => {
    const plan = planAttach(state({ machines: [member], groups: [other] }), options({ move: true }));

    expect(plan.slots[0]?.verdicts[0]?.action).toBe("left alone");
    expect(plan.slots[0]?.verdicts[0]?.because).toEqual(["azure-wire/detach-running-needs-zero"]);
  });

  test("move while they run when their old reservation has quantity zero", () => {
    const empty = group("crg-other", {
      reservations: [reservation("x", { quantity: 0, allocated: [vmId("a")] })],
    });

    const plan = planAttach(state({ machines: [member], groups: [empty] }), options({ move: true }));

    expect(plan.slots[0]?.verdicts[0]?.action).toBe("attach");
  });

  test("move at once when they are deallocated", () => {
    const stopped = { ...member, power: "deallocated" as const };

    const plan = planAttach(state({ machines: [stopped], groups: [other] }), options({ move: true }));

    expect(titles(plan).slice(-1)).toEqual(["Associate a with crg-eastus2-zonal"]);
  });
});

describe("VMs that can never join", () => {
  const setId = `${vmId("x").replace("virtualMachines", "virtualMachineScaleSets")}`;
  test.each([
    ["a Spot VM", { spot: true }, "it is a Spot VM"],
    ["an availability set", { availabilitySetId: "/a/avset-1" }, "it is in availability set avset-1"],
    [
      "a proximity placement group",
      { proximityPlacementGroupId: "/a/ppg" },
      "it is in proximity placement group ppg",
    ],
    ["a dedicated host", { hostId: "/a/host-1" }, "it is on dedicated host host-1"],
    ["an Ultra disk", { ultraDisk: true }, "it uses Ultra disk"],
    ["an opt-out", { optedOut: true }, "it opted out of capacity reservations"],
    [
      "a single-placement-group scale set",
      { scaleSetId: setId },
      "its scale set x is limited to one placement group",
    ],
    [
      "a failed provisioning state",
      { provisioningState: "Failed" },
      "its provisioning state is Failed: repair it first (az vm start, or az vm reapply)",
    ],
    [
      "an unsupported size",
      { size: "Standard_A2_v2" },
      "size Standard_A2_v2 does not support capacity reservations",
    ],
    [
      "a size not offered",
      { size: "Standard_X1" },
      "size Standard_X1 is not offered in eastus2 for this subscription",
    ],
    [
      "a restricted zone",
      { zone: "3" },
      "size Standard_D4s_v5 is restricted in zone 3 of eastus2 for this subscription",
    ],
    [
      "a power state in between",
      { power: "stopping" as const },
      "its power state is stopping; try again when it has settled",
    ],
  ])("%s is refused with a reason and a source", (_, change, text) => {
    const offers = [
      offer({ restrictedZones: ["3"] }),
      offer({ size: "Standard_A2_v2", capacityReservationSupported: false }),
    ];

    const plan = planAttach(
      state({ machines: [machine("a", change)], offers, singlePlacementSets: [setId] }),
      options({ cover: "all", allowRestart: true, move: true }),
    );

    expect(plan.steps).toEqual([]);
    expect(plan.refusals.map((each) => each.text)).toEqual([text]);
    expect(plan.refusals[0]?.because).not.toEqual([]);
  });

  test("a group whose zones do not hold the VM's zone is refused, because zones never change", () => {
    const crg = group("mine", { zones: ["2"] });

    const plan = planAttach(
      state({ machines: [machine("a")], groups: [crg], wish: { group: "mine" } }),
      options(),
    );

    expect(plan.refusals[0]?.text).toBe("group mine (eastus2, zones 2) cannot hold it: use another --group");
  });

  test("a future reservation of its slot is refused, because it is never changed", () => {
    const crg = group("mine", {
      reservations: [reservation("Zone1_D4s_v5", { reservationState: "Pending" })],
    });

    const plan = planAttach(
      state({ machines: [machine("a")], groups: [crg], wish: { group: "mine" } }),
      options(),
    );

    expect(plan.steps).toEqual([]);
    expect(plan.refusals[0]?.text).toBe(
      "reservation Zone1_D4s_v5 is a future one, which is never changed here",
    );
  });

  test.each(["Block", "Open"])(
    "a group of type %s is refused, because VMs do not join it by association",
    (type) => {
      const crg = group("mine", { reservationType: type });

      const plan = planAttach(
        state({ machines: [machine("a")], groups: [crg], wish: { group: "mine" } }),
        options(),
      );

      expect(plan.steps).toEqual([]);
      expect(plan.refusals[0]?.text).toBe(
        `group mine is of type ${type}, which VMs do not join by association`,
      );
    },
  );

  test("a zonal group named for a regional VM is refused", () => {
    const plan = planAttach(
      state({
        machines: [machine("a", { zone: undefined })],
        groups: [group("mine")],
        wish: { group: "mine" },
      }),
      options({ allowRestart: true }),
    );

    expect(plan.steps).toEqual([]);
    expect(plan.refusals[0]?.text).toBe(
      "group mine (eastus2, zones 1, 2, 3) cannot hold it: use another --group",
    );
  });
});
