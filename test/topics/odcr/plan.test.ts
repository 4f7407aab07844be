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
      ["Zone1_D4s_v5", { now: 0, planned: 1 }],
      ["Zone1_E8s_v5", { now: 0, planned: 1 }],
      ["Zone2_D4s_v5", { now: 0, planned: 1 }],
    ]);
    expect(
      plan.steps.filter(
        ({ kind, resource }) => kind === "create" && resource === groupId("crg-eastus2-zonal"),
      ),
    ).toHaveLength(1);
  });

  test("that are stopped but allocated count as running", () => {
    const plan = planAttach(state({ machines: [machine("a", { power: "stopped" })] }), options());

    expect(plan.slots[0]?.quantity).toEqual({ now: 0, planned: 1 });
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
    expect(plan.slots[0]?.quantity).toEqual({ now: 4, planned: 4 });
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
        because: [
          "azure-wire/regional-must-be-deallocated",
          "odcr/regional-restart",
          "azure-wire/regional-gives-up-its-place",
        ],
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

test("with cover all, what runs is covered by a raise of its own, which needs no hardware", () => {
  const machines = [machine("a"), machine("b"), machine("c", { power: "deallocated" })];

  const plan = planAttach(state({ machines }), options({ cover: "all" }));

  expect(titles(plan).slice(-2)).toEqual([
    "Raise Zone1_D4s_v5 from 0 to 2",
    "Raise Zone1_D4s_v5 from 2 to 3",
  ]);
  expect(plan.steps.at(-1)?.dependsOn).toEqual([plan.steps.at(-2)?.id]);
});

test("a VM that relies on a quantity saw it, so that a saved plan notices when it is lowered", () => {
  const held = reservation("Zone1_D4s_v5", { quantity: 4 });
  const crg = group("crg-eastus2-zonal", { reservations: [held] });

  const plan = planAttach(state({ machines: [machine("a")], groups: [crg] }), options());

  expect(plan.steps[0]?.saw[1]).toMatchObject({ path: held.id, fields: { "sku.capacity": 4 } });
});

test("a VM is stopped only while a unit is free for it, and not when it is a member already", () => {
  const plan = planAttach(
    state({ machines: [machine("jobs-1", { zone: undefined })] }),
    options({ allowRestart: true }),
  );

  const stop = plan.steps.find(({ kind }) => kind === "stop");
  const used = "length(properties.instanceView.utilizationInfo.virtualMachinesAllocated || `[]`)";
  expect(stop?.needs).toMatchObject({
    path: `${groupId("crg-eastus2-regional")}/capacityReservations/Regional_D4s_v5`,
    fields: { [`sku.capacity > ${used}`]: true },
  });
  expect(stop?.unless).toEqual(plan.steps.find(({ kind }) => kind === "associate")?.expect);
});

test("a new group holds the zones of its VMs even where the list of sizes names none", () => {
  const plan = planAttach(state({ machines: [machine("a")], offers: [offer({ zones: [] })] }), options());

  expect(plan.steps[0]?.request.body).toEqual({ location: "eastus2", zones: ["1"] });
});
