import { expect, test } from "vitest";
import { nearestIds } from "../../src/docs/nearest.ts";

const ids = ["odcr", "odcr/naming", "odcr/off-hours", "odcr/zero-quantity", "azure-wire/graph-lags"];

test("a typing mistake finds the id that was meant", () => {
  expect(nearestIds("odcr/zero-quantitty", ids, 1)).toEqual(["odcr/zero-quantity"]);
});

test("the article may be left out", () => {
  expect(nearestIds("graph-lag", ids, 1)).toEqual(["azure-wire/graph-lags"]);
  expect(nearestIds("namign", ids, 1)).toEqual(["odcr/naming"]);
});

test("a part of an id is as good as the whole", () => {
  expect(nearestIds("hours", ids, 1)).toEqual(["odcr/off-hours"]);
});

test("equally near ids keep their order", () => {
  expect(nearestIds("", ["b/yy", "a/xx"], 2)).toEqual(["b/yy", "a/xx"]);
});
