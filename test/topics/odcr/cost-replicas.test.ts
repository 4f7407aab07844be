import { expect, test } from "vitest";
import { idKey } from "../../../src/resource-id.ts";
import {
  findDuplicates,
  sourcesToRead,
  type Duplicates,
  type KnownGroups,
  type Replica,
  type Sources,
} from "../../../src/topics/odcr/cost-replicas.ts";
import { groupId, machine, SUBSCRIPTION, vmId } from "./builders.ts";

const FOREIGN = vmId("web").replace(SUBSCRIPTION, "00000000-0000-4000-8000-00000000000b");

function replica(change: Partial<Replica> = {}): Replica {
  return {
    id: "/item",
    machine: "web",
    isAzureToAzure: true,
    sourceId: vmId("web"),
    groupId: groupId("crg-dr"),
    ...change,
  };
}

const reserved = machine("web", { groupId: groupId("crg-a") });

function judge(
  change: Partial<Replica>,
  source: ReturnType<Sources["get"]> = reserved,
  known: Partial<KnownGroups> = {},
): Duplicates {
  const wanted = replica(change);
  const read = sourcesToRead([wanted], [SUBSCRIPTION]);
  return findDuplicates([wanted], new Map(read.map((id) => [idKey(id), source])), {
    groupIds: undefined,
    emptyIds: [],
    ...known,
  });
}

const NOTHING: Duplicates = { found: [], untold: [] };

test("a VM with a group whose replica has a group is paid twice, whatever the casing of its id", () => {
  const sourceId = vmId("web").toUpperCase();

  expect(judge({ sourceId })).toEqual({
    found: [
      {
        machine: "WEB",
        sourceId,
        sourceGroupId: groupId("crg-a"),
        replicaGroupId: groupId("crg-dr"),
        replicaId: "/item",
      },
    ],
    untold: [],
  });
});

test.each<[string, Partial<Replica>, ReturnType<Sources["get"]>]>([
  ["its replica has no group", { groupId: null }, reserved],
  ["it has no group itself", {}, machine("web")],
  ["it is gone", {}, undefined],
  ["it is no Azure VM and its replica has no group", { isAzureToAzure: false, groupId: undefined }, reserved],
])("nothing is paid twice when %s", (_, change, source) => {
  expect(
    findDuplicates([replica(change)], new Map([[idKey(vmId("web")), source]]), {
      groupIds: undefined,
      emptyIds: [],
    }),
  ).toEqual(NOTHING);
});

test.each<[string, Partial<Replica>, ReturnType<Sources["get"]>]>([
  ["Resource Graph does not show the group of its replica", { groupId: undefined }, reserved],
  ["its source is not named as a VM in Azure", { isAzureToAzure: false, sourceId: undefined }, reserved],
  ["its source is not named as a VM in Azure", { sourceId: "vm-on-premises" }, reserved],
  ["its source is not named as a VM in Azure", { sourceId: groupId("web") }, reserved],
  ["Resource Graph does not show its source", { sourceId: undefined }, reserved],
  ["its source cannot be read: not allowed", {}, "not allowed"],
  [
    "its source is in subscription 00000000-0000-4000-8000-00000000000b, which is not among the given ones",
    { sourceId: FOREIGN },
    reserved,
  ],
])("cannot tell, because %s", (reason, change, source) => {
  expect(judge(change, source)).toEqual({
    found: [],
    untold: [{ replicaId: "/item", machine: "web", reason }],
  });
});

test("with a group given, only what it holds a unit for is told", () => {
  expect(judge({}, reserved, { groupIds: [groupId("CRG-A")] }).found).toHaveLength(1);
  expect(judge({}, reserved, { groupIds: [groupId("crg-dr")] }).found).toHaveLength(1);
  expect(judge({}, reserved, { groupIds: [groupId("crg-b")] })).toEqual(NOTHING);
});

test("a group that holds no unit is not paid for, at either end", () => {
  expect(judge({}, reserved, { emptyIds: [groupId("CRG-A")] })).toEqual(NOTHING);
  expect(judge({}, reserved, { emptyIds: [groupId("crg-dr")] })).toEqual(NOTHING);
  expect(judge({}, reserved, { emptyIds: [groupId("crg-b")] }).found).toHaveLength(1);
});

test("a source is read once, and only where its replica has a group", () => {
  const replicas = [
    replica(),
    replica({ sourceId: vmId("WEB") }),
    replica({ sourceId: vmId("db"), groupId: null }),
    replica({ sourceId: vmId("app"), isAzureToAzure: false }),
    replica({ sourceId: FOREIGN }),
  ];

  expect(sourcesToRead(replicas, [SUBSCRIPTION]).map(idKey)).toEqual([idKey(vmId("web"))]);
});
