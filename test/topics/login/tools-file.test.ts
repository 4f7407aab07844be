import { expect, test } from "vitest";
import { homeOf, readToolFile } from "../../../src/topics/login/tools-file.ts";

test("nothing is looked for in the working directory", async () => {
  expect(await readToolFile("package.json")).toBeUndefined();
});

test.each([
  [{ HOME: "/home/ada", USERPROFILE: "/other" }, "/home/ada"],
  [{ HOME: "", USERPROFILE: "/home/ada" }, "/home/ada"],
  [{ HOME: "relative" }, undefined],
  [{}, undefined],
])("home by %j", (env, home) => {
  expect(homeOf(env)).toBe(home);
});
