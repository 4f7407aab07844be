import { expect, test } from "vitest";
import { MapWord } from "../../../src/topics/acr/pin-regions.ts";

test.each([
  ["prod=westeurope", "prod"],
  ["a=b=westeurope", "a=b"],
  ["=westeurope", undefined],
  ["westeurope", undefined],
  ["prod=", undefined],
  ["prod=West Europe", undefined],
])("--map %s is of the context %s", (word, context) => {
  const { data } = MapWord.safeParse(word);

  expect(data).toEqual(context === undefined ? undefined : { context, region: "westeurope" });
});
