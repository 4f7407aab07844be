import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { check } from "../../../src/topics/odcr/check.ts";
import type { View } from "../../../src/output/view.ts";
import { createTestHost, OTHER_SUBSCRIPTION, openDriver, runCli, SUBSCRIPTION } from "../../harness.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const SLOT = ["odcr", "check", "--size", "D4s_v5", "--location", "East US 2"];
const CAPACITY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity`;

test.each([
  [
    "check-slot",
    [...SLOT, "--zone", "1", "--zone", "2", "--quantity", "3", "--resource-group", "rg-capacity"],
  ],
  [
    "check-refused",
    ["odcr", "check", "--size", "D2s_v5", "--size", "A2_v2", "--location", "eastus2", "--zone", "3"],
  ],
  ["check-group", [...SLOT, "--zone", "1", "--group", "crg-shop"]],
  ["check-shared-group", [...SLOT, "--zone", "1", "--group", "crg-platform"]],
  ["check-vms", ["odcr", "check", "--resource-group", "rg-shop-prod", "--size", "E8s_v5"]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(createTestHost({ tty: true, columns: 180, env: { NO_COLOR: "1" } }), ...argv);
  const pipe = await runCli(createTestHost(), ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("as %s it is one document", async (format) => {
  const result = await runCli(createTestHost(), ...SLOT, "--resource-group", "rg-capacity", "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/check.${format}.txt`);
});

test.each([
  [["--quantity", "2", "--vm", "shop-web-01"], "--quantity: goes with --location; VMs are counted"],
  [["--location", "eastus2"], "--size: say which size is asked about"],
  [
    ["--location", "eastus2", "--size", "D4s_v5", "--vm", "a"],
    "--vm: selects existing VMs, so leave out --location",
  ],
  [["--location", "x' or '1", "--size", "D4s_v5"], "--location: a location is a name such as eastus2"],
  [
    ["--location", "eastus2", "--size", "D4s_v5", "--quantity", "0"],
    "--quantity: a quantity is a whole number",
  ],
])("%j is wrong usage", async (flags, message) => {
  const { exit, stderr } = await runCli(createTestHost(), "odcr", "check", ...flags);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});

async function ask(input: object, change: (world: World) => void = () => {}) {
  const { open, ctx } = await openDriver(change);
  const result = await check.run(check.input.parse(input), ctx);
  const view: View = check.view(result);
  const findings = view.data["findings"] as {
    question: string;
    about: string;
    answer: string;
    detail: string;
  }[];
  const answers = Object.fromEntries(findings.map(({ question, answer }) => [question, answer]));
  const details = Object.fromEntries(findings.map(({ question, detail }) => [question, detail]));
  return { exit: view.exit, answers, details, findings, open };
}

const NEW = { size: ["D4s_v5"], location: "eastus2", resourceGroup: "rg-capacity" };

test("it sends no change, and asks each list once", async () => {
  const { open } = await ask({ ...NEW, zone: ["1", "2", "regional"] });

  expect(open.changes()).toEqual([]);
  expect(open.requests.map(({ path }) => path.split("/").at(-1)).sort()).toEqual([
    "permissions",
    "skus",
    "usages",
  ]);
});

test("a role that lacks the deploy action is a no, with the action in words", async () => {
  const { exit, answers, details } = await ask(NEW, ({ settings }) => {
    const actions = ["Microsoft.Compute/*/write", "*/read"];
    settings.permissions = [{ scope: CAPACITY, actions, notActions: [] }];
  });

  expect(exit).toBe(3);
  expect(answers).toMatchObject({
    "may-create-group": "yes",
    "may-create-reservation": "yes",
    "may-associate": "no",
  });
  expect(details["may-associate"]).toBe(
    "no role grants Microsoft.Compute/capacityReservationGroups/deploy/action here",
  );
});

test("without a resource group a role further down may grant what the subscription does not", async () => {
  const { exit, answers } = await ask({ ...NEW, resourceGroup: undefined }, ({ settings }) => {
    settings.permissions = [{ scope: CAPACITY, actions: ["*"], notActions: [] }];
  });

  expect(exit).toBe(6);
  expect(answers["may-associate"]).toBe("cannot tell");
});

test("a role on one VM alone counts for that VM", async () => {
  const vm = ["shop-web-01", "shop-web-02"];
  const { findings } = await ask({ vm, resourceGroup: undefined }, (world) => {
    const id = Object.keys(world.resources).find((key) => key.endsWith("/shop-web-02")) ?? "";
    world.settings.permissions = [
      { scope: id, actions: ["Microsoft.Compute/virtualMachines/*"], notActions: [] },
    ];
  });

  expect(
    findings
      .filter(({ question }) => question === "may-change-vm")
      .map(({ about, answer }) => [about, answer]),
  ).toEqual([
    ["shop-web-01", "no"],
    ["shop-web-02", "yes"],
  ]);
});

test("a resource group that does not exist leaves permissions untold", async () => {
  const { exit, details } = await ask({ ...NEW, resourceGroup: "rg-new" });

  expect(exit).toBe(6);
  expect(details["may-create-group"]).toBe("the permissions: the service answered ResourceGroupNotFound");
});

test.each([
  ["a name", "crg-shpo"],
  ["an id", `${CAPACITY}/providers/Microsoft.Compute/capacityReservationGroups/crg-shpo`],
])("a group that is not there, given by %s, cannot be told", async (_, wanted) => {
  const { exit, findings } = await ask({ ...NEW, zone: ["1", "2"], group: wanted });

  expect(exit).toBe(6);
  expect(findings.filter(({ question }) => question === "group-fits")).toEqual([
    expect.objectContaining({
      about: "group crg-shpo",
      answer: "cannot tell",
      detail: "no such group is visible; attach would make it, so check how it is written",
    }),
  ]);
});

test("a group that is not there in another subscription is a no", async () => {
  const wanted = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/x`;
  const { exit, answers } = await ask({ ...NEW, group: wanted });

  expect([exit, answers["group-fits"]]).toEqual([3, "no"]);
});

const SHARED = { size: ["D4s_v5"], location: "eastus2", zone: ["1"], group: "crg-platform" };

test("zones of a shared group are compared, and its quota is its owner's", async () => {
  const same = await ask(SHARED);
  const other = await ask(SHARED, ({ settings }) => {
    settings.zoneMaps = { [`${OTHER_SUBSCRIPTION}|eastus2`]: { 1: "2", 2: "1" } };
  });

  expect(same.answers["zone-map"]).toBe("yes");
  expect(other.answers["zone-map"]).toBe("no");
  expect(other.details["zone-map"]).toBe("zone 1 here is zone 2 in the group's subscription");
  expect(other.exit).toBe(3);
  expect(same.open.requests.map(({ path }) => path)).toContain(
    `/subscriptions/${OTHER_SUBSCRIPTION}/providers/Microsoft.Compute/locations/eastus2/usages`,
  );
});

test("what our VMs use does not count in the quota of a shared group's owner", async () => {
  const { answers, details } = await ask({ vm: ["shop-web-01"], group: "crg-platform" }, ({ quota }) => {
    quota[`${OTHER_SUBSCRIPTION}|eastus2|standardDSv5Family`] = 14;
  });

  expect(answers["quota"]).toBe("no");
  expect(details["quota"]).toBe("4 vCPUs needed, 2 left (12 of 14 used)");
});

test("VMs that run already leave a tight quota untold", async () => {
  const { exit, answers } = await ask({ vm: ["shop-web-01"] }, ({ quota }) => {
    quota[`${SUBSCRIPTION}|eastus2|standardDSv5Family`] = 27;
  });

  expect([exit, answers["quota"]]).toEqual([6, "cannot tell"]);
});

test("a deallocated VM counts already only when it is in a group", async () => {
  const tight = (world: World): void => {
    for (const family of ["standardESv5Family", "standardDSv5Family"]) {
      world.quota[`${SUBSCRIPTION}|eastus2|${family}`] = 1;
    }
    const vm = Object.values(world.resources).find(({ id }) => id.endsWith("/shop-search-01"));
    const statuses = [{ code: "PowerState/deallocated", level: "Info", displayStatus: "VM deallocated" }];
    Object.assign(vm?.["properties"] as object, { instanceView: { statuses } });
  };

  expect((await ask({ vm: ["shop-search-01"] }, tight)).answers["quota"]).toBe("cannot tell");
  expect((await ask({ vm: ["shop-web-04"] }, tight)).answers["quota"]).toBe("no");
});

test("what may not be read cannot be told; what breaks stops the run", async () => {
  const { open, ctx } = await openDriver();
  const refusing = (status: number): void =>
    open.intercept(async (request, pass) => {
      const answer = await pass(request);
      const body = JSON.stringify({ error: { code: "AuthorizationFailed", message: "no" } });
      return request.url.includes("/usages") ? { ...answer, status, bodyAsText: body } : answer;
    });
  const run = async (): Promise<View> => check.view(await check.run(check.input.parse(NEW), ctx));

  refusing(403);
  const view = await run();
  refusing(501);

  expect(view.exit).toBe(6);
  expect(view.data["findings"]).toContainEqual(
    expect.objectContaining({
      question: "quota",
      answer: "cannot tell",
      detail: "not allowed to read the usages",
    }),
  );
  await expect(run()).rejects.toThrow("no");
});
