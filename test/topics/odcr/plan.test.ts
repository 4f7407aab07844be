import { describe, expect, test } from "vitest";
import { planAttach } from "../../../src/topics/odcr/plan.ts";
import { group, groupId, machine, offer, options, reservation, state, vmId } from "./builders.ts";

function titles(plan: ReturnType<typeof planAttach>): string[] {
  return plan.steps.map((step) => step.title);
}

describe("running zonal VMs", () => {
  test("join a new group while they run, and the quantity is raised last", () => {
    const plan = planAttach(state({ machines: [machine("web-2"), machine("web-1")] }), options());

    expect(titles(plan)).toEqual([
      "Create capacity reservation group crg-eastus2-zonal (zones 1, 2, 3)",
      "Create reservation Zone1_D4s_v5 with quantity 0 for eastus2 zone 1 Standard_D4s_v5",
      "Associate web-1 with crg-eastus2-zonal while it runs",
      "Associate web-2 with crg-eastus2-zonal while it runs",
      "Raise Zone1_D4s_v5 from 0 to 2",
    ]);
    expect(plan.steps.map((step) => step.impact)).toEqual(["none", "none", "none", "none", "none"]);
    expect(plan.steps.at(-1)?.dependsOn).toEqual(["associate web-1 rg-app", "associate web-2 rg-app"]);
  });

  test("are created with exactly the bodies that Azure accepts", () => {
    const plan = planAttach(state({ machines: [machine("web-1")] }), options());

    expect(plan.steps.map(({ request }) => [request.method, request.body])).toEqual([
      ["PUT", { location: "eastus2", zones: ["1", "2", "3"] }],
      ["PUT", { location: "eastus2", sku: { name: "Standard_D4s_v5", capacity: 0 }, zones: ["1"] }],
      [
        "PATCH",
        {
          properties: {
            capacityReservation: { capacityReservationGroup: { id: groupId("crg-eastus2-zonal") } },
          },
        },
      ],
      ["PATCH", { sku: { capacity: 1 } }],
    ]);
  });

  test("in different zones and sizes get a reservation each in one group", () => {
    const machines = [machine("a"), machine("b", { zone: "2" }), machine("c", { size: "Standard_E8s_v5" })];

    const plan = planAttach(
      state({ machines, offers: [offer(), offer({ size: "Standard_E8s_v5" })] }),
      options(),
    );

    expect(plan.slots.map(({ reservationName, quantity }) => [reservationName, quantity])).toEqual([
      ["Zone1_D4s_v5", { now: 0, then: 1 }],
      ["Zone1_E8s_v5", { now: 0, then: 1 }],
      ["Zone2_D4s_v5", { now: 0, then: 1 }],
    ]);
    expect(
      plan.steps.filter(
        ({ kind, resource }) => kind === "create" && resource === groupId("crg-eastus2-zonal"),
      ),
    ).toHaveLength(1);
  });

  test("that are stopped but allocated count as running", () => {
    const plan = planAttach(state({ machines: [machine("a", { power: "stopped" })] }), options());

    expect(plan.slots[0]?.quantity).toEqual({ now: 0, then: 1 });
  });
});

describe("an existing reservation", () => {
  test("of the slot is used whatever its name, and members of others count", () => {
    const held = reservation("old-name", { quantity: 1, allocated: [vmId("other"), vmId("shared")] });

    const plan = planAttach(
      state({ machines: [machine("a")], groups: [group("crg-eastus2-zonal", { reservations: [held] })] }),
      options(),
    );

    expect(titles(plan)).toEqual([
      "Associate a with crg-eastus2-zonal while it runs",
      "Raise old-name from 1 to 3",
    ]);
  });

  test("with room is not raised", () => {
    const held = reservation("Zone1_D4s_v5", { quantity: 4, allocated: [vmId("other")] });

    const plan = planAttach(
      state({ machines: [machine("a")], groups: [group("crg-eastus2-zonal", { reservations: [held] })] }),
      options(),
    );

    expect(titles(plan)).toEqual(["Associate a with crg-eastus2-zonal while it runs"]);
    expect(plan.slots[0]?.quantity).toEqual({ now: 4, then: 4 });
  });

  test("whose member is selected but not yet counted is raised alone", () => {
    const crg = group("crg-eastus2-zonal", { reservations: [reservation("Zone1_D4s_v5")] });

    const plan = planAttach(
      state({ machines: [machine("a", { groupId: crg.id.toUpperCase() })], groups: [crg] }),
      options(),
    );

    expect(titles(plan)).toEqual(["Raise Zone1_D4s_v5 from 0 to 1"]);
  });

  test("that is failed is not touched", () => {
    const held = reservation("Zone1_D4s_v5", { provisioningState: "Failed" });

    const plan = planAttach(
      state({ machines: [machine("a")], groups: [group("crg-eastus2-zonal", { reservations: [held] })] }),
      options(),
    );

    expect(plan.steps).toEqual([]);
    expect(plan.refusals[0]?.text).toBe("reservation Zone1_D4s_v5 is Failed; set its quantity back first");
  });
});

describe("deallocated VMs", () => {
  const stopped = machine("a", { power: "deallocated" });

  test("are associated but not counted, and the plan says so", () => {
    const plan = planAttach(state({ machines: [stopped] }), options());

    expect(titles(plan).slice(-1)).toEqual(["Associate a with crg-eastus2-zonal"]);
    expect(plan.warnings.map(({ text }) => text)).toEqual([
      "1 deallocated member not counted; if all start, the slot is overallocated (--cover all counts them)",
    ]);
  });

  test("are counted with cover all", () => {
    const plan = planAttach(state({ machines: [stopped] }), options({ cover: "all" }));

    expect(titles(plan).slice(-1)).toEqual(["Raise Zone1_D4s_v5 from 0 to 1"]);
    expect(plan.warnings).toEqual([]);
  });
});

describe("running regional VMs", () => {
  const regional = (name: string) => machine(name, { zone: undefined });

  test("are left alone, citing the article and the wire", () => {
    const plan = planAttach(state({ machines: [regional("jobs-1")] }), options());

    expect(plan.steps).toEqual([]);
    expect(plan.refusals).toEqual([
      {
        subject: vmId("jobs-1"),
        text: "it would have to be restarted: use --allow-restart",
        because: ["azure-wire/regional-must-be-deallocated", "odcr/regional-restart"],
      },
    ]);
  });

  test("are restarted one at a time with the flag, each unit acquired before its VM stops", () => {
    const plan = planAttach(
      state({ machines: [regional("jobs-1"), regional("jobs-2")] }),
      options({ allowRestart: true }),
    );

    expect(titles(plan)).toEqual([
      "Create capacity reservation group crg-eastus2-regional (regional)",
      "Create reservation Regional_D4s_v5 with quantity 0 for eastus2 regional Standard_D4s_v5",
      "Raise Regional_D4s_v5 from 0 to 1",
      "Deallocate jobs-1",
      "Associate jobs-1 with crg-eastus2-regional",
      "Start jobs-1",
      "Raise Regional_D4s_v5 from 1 to 2",
      "Deallocate jobs-2",
      "Associate jobs-2 with crg-eastus2-regional",
      "Start jobs-2",
    ]);
    const start = plan.steps[5];
    expect(start?.mustFollow).toBe(plan.steps[3]?.id);
    expect(plan.steps[6]?.dependsOn).toEqual([start?.id]);
  });

  test("take free units before any is acquired", () => {
    const held = reservation("Regional_D4s_v5", {
      zone: undefined,
      quantity: 2,
      allocated: [vmId("other")],
      id: `${groupId("crg-eastus2-regional")}/capacityReservations/Regional_D4s_v5`,
    });
    const crg = group("crg-eastus2-regional", { zones: [], reservations: [held] });

    const plan = planAttach(
      state({ machines: [regional("jobs-1")], groups: [crg] }),
      options({ allowRestart: true }),
    );

    expect(titles(plan)).toEqual([
      "Deallocate jobs-1",
      "Associate jobs-1 with crg-eastus2-regional",
      "Start jobs-1",
    ]);
  });

  test("that are stopped but allocated are refused even with the flag", () => {
    const plan = planAttach(
      state({ machines: [machine("a", { zone: undefined, power: "stopped" })] }),
      options({ allowRestart: true }),
    );

    expect(plan.steps).toEqual([]);
    expect(plan.refusals[0]?.text).toBe("it is stopped but still allocated: deallocate or start it first");
  });

  test("come after everything that disturbs nothing", () => {
    const plan = planAttach(
      state({ machines: [regional("a"), machine("z")] }),
      options({ allowRestart: true }),
    );

    const stop = plan.steps.findIndex(({ kind }) => kind === "stop");
    const zonalRaise = plan.steps.findIndex(({ title }) => title === "Raise Zone1_D4s_v5 from 0 to 1");
    expect(zonalRaise).toBeLessThan(stop);
    const acquire = plan.steps.find(({ title }) => title === "Raise Regional_D4s_v5 from 0 to 1");
    expect(acquire?.dependsOn).toContain(plan.steps[zonalRaise]?.id);
  });
});

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
    ["a failed provisioning state", { provisioningState: "Failed" }, "its provisioning state is Failed"],
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
});

describe("names of groups", () => {
  test("a wished name goes to zonal VMs, regional ones get a suffix", () => {
    const machines = [machine("a"), machine("b", { zone: undefined, power: "deallocated" })];

    const { chosen } = state({ machines, wish: { group: "mine" } });

    expect(chosen.map(({ name }) => name)).toEqual(["mine", "mine-eastus2-regional"]);
  });

  test("a wished name that exists as a regional group stays with regional VMs", () => {
    const machines = [machine("a"), machine("b", { zone: undefined, power: "deallocated" })];

    const { chosen } = state({ machines, wish: { group: "Mine" }, groups: [group("mine", { zones: [] })] });

    expect(chosen.map(({ name }) => name)).toEqual(["Mine-eastus2-zonal", "mine"]);
  });

  test("a new group goes where most of its VMs are", () => {
    const elsewhere = vmId("c").replace("rg-app", "rg-z");
    const machines = [
      machine("c", { id: elsewhere, resourceGroup: "RG-Z" }),
      machine("d", { id: `${elsewhere}d`, resourceGroup: "rg-z" }),
      machine("a"),
    ];

    const { chosen } = state({ machines });

    expect(chosen[0]?.id).toContain("/resourceGroups/rg-z/");
  });
});
