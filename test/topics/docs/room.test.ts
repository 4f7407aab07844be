import { expect, test } from "vitest";
import { verbs } from "../../../src/topics/docs/room.ts";

test("the docs room offers list, show and search", () => {
  expect(verbs.map((verb) => verb.name)).toEqual(["list", "show", "search"]);
});
