import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planAddresses, type ConnectedEndpoint, type Seen } from "../../../src/topics/acr/address-plan.ts";

const THREE = { replicas: 3, regional: false };
const THREE_REGIONAL = { replicas: 3, regional: true };
const FOUR = { replicas: 4, regional: false };

interface Built {
  subnet?: string;
  prefixes?: string[];
  listed?: number;
  addresses?: number;
  isStatic?: boolean;
  status?: string;
}

function endpoint(id: string, built: Built = {}): ConnectedEndpoint {
  const { subnet = "private", prefixes = ["10.0.0.0/28"], listed = 10, addresses = 4 } = built;
  const { isStatic = false, status = "Approved" } = built;
  return {
    id,
    status,
    seen: { kind: "here", subnet: { id: subnet, prefixes, listed }, addresses, isStatic },
  };
}

function unseen(seen: Seen, status = "Approved"): ConnectedEndpoint {
  return { id: "elsewhere", status, seen };
}

function verdicts(after: typeof FOUR, ...connected: ConnectedEndpoint[]): unknown[] {
  const { endpoints } = planAddresses({ before: THREE, after }, connected);
  return endpoints.map(({ verdict, short }) => (short > 0 ? [verdict, short] : verdict));
}

test("an endpoint takes one more address for a replica, and its subnet has it", () => {
  const plan = planAddresses({ before: THREE, after: FOUR }, [endpoint("pe")]);

  expect([plan.before.total, plan.after.total]).toEqual([4, 5]);
  expect(plan.endpoints).toEqual([
    {
      id: "pe",
      status: "Approved",
      verdict: "enough",
      subnetId: "private",
      now: 4,
      after: 5,
      isStatic: false,
      free: 1,
      short: 0,
      reason: undefined,
    },
  ]);
  expect(plan.subnets).toEqual([
    {
      id: "private",
      prefixes: ["10.0.0.0/28"],
      usable: 11,
      listed: 10,
      free: 1,
      reason: undefined,
      further: 1,
      endpoints: 1,
    },
  ]);
});

test("regional endpoints take one for each replica, and the subnet lacks two", () => {
  expect(verdicts(THREE_REGIONAL, endpoint("pe"))).toEqual([["short", 2]]);
});

test("two endpoints in one subnet add up, whatever the casing of its id", () => {
  const one = endpoint("one", { subnet: "private", listed: 10 });
  const other = endpoint("other", { subnet: "PRIVATE", listed: 10 });

  expect(verdicts(FOUR, one)).toEqual(["enough"]);
  expect(verdicts(FOUR, one, other)).toEqual([
    ["short", 1],
    ["short", 1],
  ]);
});

test("two endpoints in two subnets do not", () => {
  const one = endpoint("one", { subnet: "a" });
  const other = endpoint("other", { subnet: "b" });

  expect(verdicts(FOUR, one, other)).toEqual(["enough", "enough"]);
});

test("an endpoint that has less than it should gets the rest, and what one has beyond is not counted on", () => {
  expect(verdicts(THREE, endpoint("less", { addresses: 2 }))).toEqual([["short", 1]]);
  expect(verdicts(FOUR, endpoint("more", { addresses: 6, listed: 11 }))).toEqual([["short", 1]]);
});

test("nothing is short without a change, in a full subnet as well", () => {
  expect(verdicts(THREE, endpoint("pe", { listed: 11 }), endpoint("pe", { listed: 12 }))).toEqual([
    "enough",
    "enough",
  ]);
});

test("static addresses are flagged, and a short subnet goes before them", () => {
  expect(verdicts(FOUR, endpoint("pe", { isStatic: true }))).toEqual(["static"]);
  expect(verdicts(THREE_REGIONAL, endpoint("pe", { isStatic: true }))).toEqual([["short", 2]]);
});

test("a connection that is not approved counts like any other", () => {
  expect(verdicts(THREE_REGIONAL, endpoint("pe", { status: "Pending" }))).toEqual([["short", 2]]);
});

test("what could not be read cannot be told, and what is gone is not counted", () => {
  expect(verdicts(FOUR, unseen({ kind: "unknown", reason: "not allowed" }))).toEqual(["cannot tell"]);
  expect(verdicts(FOUR, unseen({ kind: "gone" }, "Disconnected"))).toEqual(["gone"]);
});

test.each([
  [{ prefixes: ["fd00::/64"] }, "the subnet tells no IPv4 prefix"],
  [
    { listed: 3, addresses: 4 },
    "the subnet lists 3 addresses in use, and these private endpoints alone have 4",
  ],
])("a subnet of %j cannot be told", (built, reason) => {
  const [plan] = planAddresses({ before: THREE, after: FOUR }, [endpoint("pe", built)]).endpoints;

  expect(plan).toMatchObject({ verdict: "cannot tell", free: undefined, short: 0, reason });
});

test("every endpoint of a subnet is short exactly when all they need is more than what is free", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });
  const served = fc.record({ replicas: fc.integer({ min: 1, max: 9 }), regional: fc.boolean() });
  fc.assert(
    fc.property(counts, served, served, fc.integer({ min: 0, max: 30 }), (has, before, change, others) => {
      const listed = has.reduce((total, each) => total + each, others);
      const after = {
        replicas: before.replicas + change.replicas,
        regional: before.regional || change.regional,
      };
      const connected = has.map((addresses, index) =>
        endpoint(`${index}`, { addresses, listed, prefixes: ["10.0.0.0/26"] }),
      );

      const { endpoints, subnets } = planAddresses({ before, after }, connected);

      const wanted = endpoints.reduce((total, each) => total + (each.after ?? 0) - (each.now ?? 0), 0);
      expect(subnets.map(({ further }) => further)).toEqual([wanted]);
      expect(new Set(endpoints.map(({ short }) => short))).toEqual(
        new Set([Math.max(0, wanted - Math.max(0, 59 - listed))]),
      );
      for (const each of endpoints)
        expect(each.after).toBeGreaterThanOrEqual(planAddresses({ before, after }, []).after.total);
    }),
  );
});
