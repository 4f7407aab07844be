import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressesOf, subnetSizes, usableAddresses, type Served } from "../../../src/topics/acr/addresses.ts";

test.each([
  [
    { replicas: 1, regional: false },
    { global: 1, data: 1, regional: 0, total: 2 },
  ],
  [
    { replicas: 3, regional: false },
    { global: 1, data: 3, regional: 0, total: 4 },
  ],
  [
    { replicas: 1, regional: true },
    { global: 1, data: 1, regional: 1, total: 3 },
  ],
  [
    { replicas: 3, regional: true },
    { global: 1, data: 3, regional: 3, total: 7 },
  ],
])("%j takes the addresses that the article counts", (served, addresses) => {
  expect(addressesOf(served)).toEqual(addresses);
});

const replicas = fc.integer({ min: 1, max: 99 });

test("a further replica takes one address, or two with regional endpoints; those take one for each replica", () => {
  fc.assert(
    fc.property(replicas, fc.boolean(), (count, regional) => {
      const now = addressesOf({ replicas: count, regional });
      const more = addressesOf({ replicas: count + 1, regional });
      const off = addressesOf({ replicas: count, regional: false });

      expect(now.total).toBe(now.global + now.data + now.regional);
      expect(more.total - now.total).toBe(regional ? 2 : 1);
      expect(now.total - off.total).toBe(regional ? count : 0);
    }),
  );
});

test.each([
  [["10.30.1.0/28"], 11],
  [["10.40.0.0/27"], 27],
  [["10.20.4.0/24"], 251],
  [["10.0.0.0/29"], 3],
  [["10.0.0.0/31"], 0],
  [["10.0.0.0/28", "10.0.1.0/28"], 22],
  [["10.0.0.0/28", "fd00::/64"], 11],
  [["fd00::/64"], undefined],
  [["10.0.0.0"], undefined],
  [["10.0.0.0/33"], undefined],
  [[], undefined],
])("%j has %s addresses to give", (prefixes, usable) => {
  expect(usableAddresses(prefixes)).toBe(usable);
});

test("the advice is /27 at least and /24 where possible, unless a /27 is too small", () => {
  const advice = (served: Served): unknown[] =>
    subnetSizes(addressesOf(served)).map(({ prefixLength, holds, advice }) => [prefixLength, holds, advice]);

  expect(advice({ replicas: 3, regional: true })).toEqual([
    [28, 1, "smaller than advised"],
    [27, 3, "at least"],
    [26, 8, ""],
    [25, 17, ""],
    [24, 35, "where possible"],
  ]);
  expect(advice({ replicas: 14, regional: true })).toEqual([
    [28, 0, "too small"],
    [27, 0, "too small"],
    [26, 2, "at least"],
    [25, 4, ""],
    [24, 8, "where possible"],
  ]);
  expect(advice({ replicas: 99, regional: true }).at(-1)).toEqual([24, 1, "at least"]);
});

test("a subnet holds as many private endpoints as have all their addresses in it", () => {
  fc.assert(
    fc.property(replicas, fc.boolean(), (count, regional) => {
      const addresses = addressesOf({ replicas: count, regional });

      for (const { usable, holds, advice } of subnetSizes(addresses)) {
        expect(holds * addresses.total).toBeLessThanOrEqual(usable);
        expect((holds + 1) * addresses.total).toBeGreaterThan(usable);
        expect(advice === "too small").toBe(holds === 0);
      }
    }),
  );
});
