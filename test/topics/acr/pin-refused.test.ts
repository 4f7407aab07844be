import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { GLOBAL, PLATFORM, TO_WEST, WRITE, hostOf, pin, textOf } from "./pin-host.ts";

describe("is refused in one line with a hint, and changes no file", () => {
  const shop = ["--registry", "shopregistry", "--region", "westeurope"];
  const map = ["--map", "prod=westeurope"];
  test.each<[string, string[], string]>([
    ["no registry", ["a.yaml", "--region", "westeurope"], "--registry: say which one"],
    ["no region", ["a.yaml", ...PLATFORM], "--region: say which one"],
    ["both", ["a.yaml", ...TO_WEST, ...map], "--map: does not go with --region"],
    ["a map without a region", ["a.yaml", ...PLATFORM, "--map", "prod"], '--map: "prod" is not written like'],
    ["check and apply", ["a.yaml", ...TO_WEST, "--check", ...WRITE], "--check: changes nothing"],
    [
      "undo with a region",
      ["a.yaml", "--undo", "--region", "westeurope"],
      "--region: does not go with --undo",
    ],
    ["undo with check", ["a.yaml", "--undo", "--check"], "--check: does not go with --undo"],
    ["no file", TO_WEST, "missing required argument"],
    ["a file that is not there", ["a.yaml", "b.yaml", ...TO_WEST, ...WRITE], "cannot read b.yaml (ENOENT)"],
    ["a folder", ["a.yaml", "folder", ...TO_WEST, ...WRITE], "folder is a folder"],
    ["a link", ["a.yaml", "link.yaml", ...TO_WEST, ...WRITE], "link.yaml is a symbolic link"],
    ["UTF-16", ["a.yaml", "wide.yaml", ...TO_WEST, ...WRITE], "wide.yaml is not UTF-8 text"],
    ["a key twice", ["a.yaml", "twice.yaml", ...TO_WEST, ...WRITE], "twice.yaml cannot be read as YAML"],
    ["a file of no map", ["a.yaml", ...PLATFORM, ...map, ...WRITE], "no --map names a.yaml"],
    [
      "a file of two",
      ["prod/eu/a.yaml", ...PLATFORM, ...map, "--map", "eu=eastus2"],
      "prod/eu/a.yaml is of prod and eu",
    ],
    ["another region", ["a.yaml", ...PLATFORM, "--region", "centralus"], "has no regional host in centralus"],
    ["regional endpoints that are off", ["a.yaml", ...shop, ...WRITE], "regional endpoints are off"],
    ["a registry that is not Premium", ["a.yaml", "--registry", "legacyapp", ...shop.slice(2)], "its SKU is"],
    [
      "a registry that is not there",
      ["a.yaml", "--registry", "nowhere", ...shop.slice(2)],
      "no container registry",
    ],
  ])("%s", async (_, argv, said) => {
    const text = `image: ${GLOBAL}/app\n`;
    const host = hostOf({
      "a.yaml": text,
      "prod/eu/a.yaml": text,
      "folder/a.yaml": text,
      "wide.yaml": Buffer.from(text, "utf16le").fill(0xff, 0, 2),
      "twice.yaml": "a: 1\na: 2\n",
    });
    symlinkSync("a.yaml", join(host.folder, "link.yaml"));

    const { exit, stdout, stderr } = await pin(host, ...argv);

    expect([exit, stdout, textOf(host, "a.yaml")]).toEqual([EXIT.usage, "", text]);
    expect(stderr).toContain(said);
    expect(stderr).toMatch(/\n {2}next: \S/);
  });

  test("regional endpoints that are off come with the command that enables them", async () => {
    const { stderr } = await pin(hostOf(), "deploy.yaml", ...shop);

    expect(stderr).toContain("azwise acr regional enable shopregistry");
  });
});
