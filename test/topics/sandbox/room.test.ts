import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadWorld, saveWorld } from "../../../src/sandbox/world-file.ts";
import { fault } from "../../../src/topics/sandbox/fault.ts";
import { reset } from "../../../src/topics/sandbox/reset.ts";
import { verbs } from "../../../src/topics/sandbox/room.ts";
import { show } from "../../../src/topics/sandbox/show.ts";
import { runVerb } from "./run-verb.ts";

let state = "";

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "azwise-room-"));
});

afterEach(async () => {
  await rm(state, { recursive: true, force: true });
});

const worldFile = (): string => join(state, "sandbox", "world.json");

test("the room has show, reset, push and fault", () => {
  expect(verbs.map((verb) => verb.name)).toEqual(["show", "reset", "push", "fault"]);
});

test("show counts what is in each subscription and tells the world's clock", async () => {
  const world = await loadWorld(worldFile());
  world.clockOffsetMs = 90_000;
  await saveWorld(worldFile(), world);

  const view = await runVerb(show, state);

  expect(view.data).toEqual({
    world: "contoso",
    clock: "2026-11-21T08:01:30.000Z",
    tenants: [
      {
        name: "Contoso",
        id: "a0000000-0000-4000-8000-00000000000a",
        subscriptions: 2,
        signsIn: "azwise-sandbox",
        refusal: null,
      },
      {
        name: "Fabrikam",
        id: "b0000000-0000-4000-8000-00000000000b",
        subscriptions: 1,
        signsIn: "azwise-sandbox",
        refusal: null,
      },
    ],
    subscriptions: [
      {
        name: "Contoso Shop Production",
        id: "5a000000-0000-4000-8000-000000000001",
        tenantId: "a0000000-0000-4000-8000-00000000000a",
        virtualMachines: 15,
        running: 12,
        groups: 1,
        reservations: 1,
      },
      {
        name: "Contoso Platform",
        id: "5a000000-0000-4000-8000-000000000002",
        tenantId: "a0000000-0000-4000-8000-00000000000a",
        virtualMachines: 3,
        running: 3,
        groups: 1,
        reservations: 1,
      },
      {
        name: "Fabrikam Production",
        id: "5b000000-0000-4000-8000-000000000003",
        tenantId: "b0000000-0000-4000-8000-00000000000b",
        virtualMachines: 1,
        running: 1,
        groups: 0,
        reservations: 0,
      },
    ],
    faults: [],
  });
  expect(view.tables.map((table) => table.title)).toEqual(["Subscriptions"]);
});

test("reset forgets what was done", async () => {
  const world = await loadWorld(worldFile());
  world.resources = {};
  await saveWorld(worldFile(), world);

  const view = await runVerb(reset, state);

  expect(view.data).toEqual({ world: "contoso" });
  expect(Object.keys((await loadWorld(worldFile())).resources)).not.toEqual([]);
});

test("a world of many subscriptions is shown tenant by tenant, with what refuses a sign-in", async () => {
  await runVerb(reset, state, { world: "enterprise" });

  const view = await runVerb(show, state);

  const user = "alex.morgan@northwind.example";
  const [table] = view.tables;
  expect(view.tables.map(({ title, rows }) => [title, rows.length])).toEqual([["Tenants", 40]]);
  expect([table?.rows[0], table?.rows[10]]).toEqual([
    {
      cells: [
        "Northwind Group",
        "e0000000-0000-4000-8000-000000000001",
        250,
        user,
        { text: "", tone: "warn" },
      ],
    },
    {
      cells: [
        "Northwind Denmark",
        "e0000000-0000-4000-8000-000000000011",
        250,
        user,
        { text: "AADSTS50076", tone: "warn" },
      ],
    },
  ]);
});

test("reset replaces a file that cannot be read", async () => {
  const world = await loadWorld(worldFile());
  await saveWorld(worldFile(), { ...world, formatVersion: 2 as 1 });

  await runVerb(reset, state);

  expect((await loadWorld(worldFile())).formatVersion).toBe(1);
});

test.for(["atlantis", "constructor"])(
  "reset to the unknown world %s names those that exist",
  async (name) => {
    await expect(runVerb(reset, state, { world: name })).rejects.toMatchObject({
      kind: "usage",
      message: `no such world: ${name}`,
      hint: "there are contoso, enterprise, fleet",
    });
  },
);

test("fault adds to the active faults and show lists them", async () => {
  await runVerb(fault, state, { name: "throttle", method: "get", path: "/skus", times: "3", skip: "2" });
  const view = await runVerb(fault, state, { name: "not-json" });
  const shown = await runVerb(show, state);

  const faults = [
    { name: "throttle", method: "GET", path: "/skus", times: 3, skip: 2 },
    { name: "not-json", method: null, path: null, times: 1, skip: 0 },
  ];
  expect(view.data).toEqual({ faults });
  expect(shown.data["faults"]).toEqual(faults);
  expect(shown.tables[1]?.rows.map((row) => row.cells)).toEqual([
    ["throttle", "GET", "/skus", 3, 2],
    ["not-json", "any", "any", 1, 0],
  ]);
});

test("fault clear removes every fault", async () => {
  await runVerb(fault, state, { name: "throttle" });

  const view = await runVerb(fault, state, { name: "clear" });

  expect(view.data).toEqual({ faults: [] });
  expect((await loadWorld(worldFile())).faults).toEqual([]);
});

test("an unknown fault is a usage error that lists the known ones", async () => {
  await expect(runVerb(fault, state, { name: "earthquake" })).rejects.toMatchObject({
    kind: "usage",
    hint: expect.stringContaining("throttle, throttle-no-retry-after, lost-before"),
  });
});

test.for([
  ["times", "0"],
  ["times", "many"],
  ["skip", "-1"],
])("--%s %s is refused", async ([flag, value]) => {
  const input = fault.input.safeParse({ name: "throttle", [flag ?? ""]: value });

  expect(input.error?.issues[0]?.message).toMatch(new RegExp(`^--${flag} must be a number`));
});
