import fc from "fast-check";
import { once } from "node:events";
import { chmod, lstat, mkdir, mkdtemp, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  bicepFile,
  bicepOutput,
  bicepParameter,
  bicepResource,
  bicepVariable,
  code,
  toBicep,
  toBicepComment,
  toBicepString,
} from "../../../src/topics/kql/bicep.ts";
import { writeOut } from "../../../src/topics/kql/write-out.ts";
import { readBicep } from "./read-bicep.ts";

const HOSTILE = [
  "",
  "it's",
  "''",
  "'''",
  "a\n'''\nb\n",
  "\\",
  "\\'",
  "${subscription().id}",
  "\\${x}",
  "$",
  "a\nb",
  "a\nb\n",
  "\n\n",
  "a\r\nb\r\n",
  "// no comment\n| where x == '${y}'\n",
  "tab\there",
  "\u0000\u001b[31m\u202e\u2028\u2029\u0085",
  "žluť 🙂",
  "[concat('x')]",
  "\nleading\n",
];

test.each(HOSTILE)("%j is read back to the letter", (value) => {
  const text = bicepFile([bicepVariable("it", value)]);

  expect(readBicep(text).variables).toEqual({ it: value });
  expect(text).not.toMatch(/[^\P{C}\n\t]|[\u2028\u2029]/u);
});

test("any text is, wherever it stands, and nothing of it becomes a declaration", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (value, other) => {
      const text = bicepFile([
        toBicepComment(`${value}\n${other}`),
        bicepParameter({ name: "p", type: "string", description: other, default: value }),
        bicepResource({ symbol: "r", type: "A/b@1", body: { deep: { list: [value, other], [other]: 1 } } }),
        bicepOutput("o", "string", value),
      ]);
      const read = readBicep(text);

      expect(read.parameters["p"]).toEqual({
        type: "string",
        otherwise: value,
        decorators: { description: other },
      });
      expect(Object.keys(read.resources)).toEqual(["r"]);
      expect(Object.keys(read.parameters)).toEqual(["p"]);
      expect(read.outputs["o"]?.value).toBe(value);
    }),
  );
});

test("a text of several lines stays as it is, indented or not", () => {
  expect(toBicepString("T\n| where a == 'x'\n")).toBe("'''\nT\n| where a == 'x'\n'''");
  expect(toBicepString("T\n| take 1")).toBe(String.raw`'T\n| take 1'`);
  expect(toBicepString("T\r\n| take 1\r\n")).toBe(String.raw`'T\r\n| take 1\r\n'`);
});

test("values, nested and empty; what has no value is left out", () => {
  const value = {
    a: 1,
    b: [true, null],
    "c-d": {},
    e: [],
    f: undefined,
    g: code("resourceGroup().location"),
    h: 0.5,
  };

  expect(toBicep(value)).toBe(
    [
      "{",
      "  a: 1",
      "  b: [",
      "    true",
      "    null",
      "  ]",
      "  'c-d': {}",
      "  e: []",
      "  g: resourceGroup().location",
      "  h: json('0.5')",
      "}",
    ].join("\n"),
  );
  expect(() => toBicep(Number.NaN)).toThrow(RangeError);
  expect(toBicep(1e21)).toBe("json('1e+21')");
});

test("symbols are identifiers, or a bug", () => {
  expect(() => bicepVariable("a b", 1)).toThrow("a b is no identifier of Bicep");
  expect(() => bicepOutput("a\nparam", "string", 1)).toThrow(RangeError);
});

test("parameters say what they are for; allowed values are listed; existing resources are looked up", () => {
  const text = bicepFile([
    bicepParameter({ name: "level", type: "int", description: "how bad", default: 2, allowed: [0, 1, 2] }),
    bicepParameter({ name: "short", type: "string", description: "few", lengths: { least: 3, most: 30 } }),
    bicepParameter({ name: "must", type: "string", description: "it's needed" }),
    bicepResource({ symbol: "old", type: "A/b@1", existing: true, body: { name: code("must") } }),
  ]);

  expect(text).toContain("@description('it\\'s needed')\nparam must string\n");
  expect(text).toContain("@minLength(3)\n@maxLength(30)\nparam short string\n");
  expect(text).toContain("@allowed([\n  0\n  1\n  2\n])\nparam level int = 2\n");
  expect(text).toContain("resource old 'A/b@1' existing = {\n  name: must\n}\n");
});

test("a comment has one line for each line, and no character that ends it early", () => {
  expect(toBicepComment("one\ntwo\r\u2028three\n\n\u0085")).toBe("// one\n// two  three\n//\n//");
});

test("a file is written as a whole, and never over another one without being told", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "azwise-out-"));

  await writeOut("one\n", { file: "a.bicep", cwd, force: false });
  await expect(writeOut("two\n", { file: "a.bicep", cwd, force: false })).rejects.toMatchObject({
    kind: "usage",
    message: "a.bicep is there already, and was not changed",
    hint: "give another file, or --force to replace it",
  });
  expect(await readFile(join(cwd, "a.bicep"), "utf8")).toBe("one\n");
  await writeOut("three\n", { file: "a.bicep", cwd, force: true });
  expect(await readFile(join(cwd, "a.bicep"), "utf8")).toBe("three\n");
  expect((await stat(join(cwd, "a.bicep"))).nlink).toBe(1);
  expect(await readdir(cwd)).toEqual(["a.bicep"]);
});

test("--force replaces the file that a link leads to, and nothing that is no file", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "azwise-out-"));
  const force = (file: string): Promise<void> => writeOut("new\n", { file, cwd, force: true });
  await mkdir(join(cwd, "shared"));
  await writeFile(join(cwd, "shared", "real.bicep"), "old\n");
  await symlink(join("shared", "real.bicep"), join(cwd, "link.bicep"));
  await symlink("nowhere", join(cwd, "broken.bicep"));
  const pipe = createServer().listen(join(cwd, "socket"));
  await once(pipe, "listening");

  await force("link.bicep");
  expect((await lstat(join(cwd, "link.bicep"))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(cwd, "shared", "real.bicep"), "utf8")).toBe("new\n");
  for (const file of ["socket", "broken.bicep", "shared"]) {
    await expect(force(file)).rejects.toMatchObject({
      kind: "usage",
      message: expect.stringMatching(/^[\w.]+ is .*, and was not changed$/) as string,
      hint: "give the path of a file, or - for standard output",
    });
  }
  expect((await lstat(join(cwd, "socket"))).isSocket()).toBe(true);
  expect((await lstat(join(cwd, "broken.bicep"))).isSymbolicLink()).toBe(true);
  expect((await readdir(cwd)).sort()).toEqual(["broken.bicep", "link.bicep", "shared", "socket"]);
  pipe.close();
});

test("a file that cannot be written leaves nothing behind", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "azwise-out-"));
  await writeFile(join(cwd, "file"), "");
  await chmod(join(cwd, "file"), 0o600);

  await expect(writeOut("x", { file: "file/a.bicep", cwd, force: true })).rejects.toMatchObject({
    kind: "failed",
    message: "cannot write file/a.bicep",
  });
  await expect(writeOut("x", { file: ".", cwd, force: true })).rejects.toMatchObject({ kind: "usage" });
  expect(await readdir(cwd)).toEqual(["file"]);
});
