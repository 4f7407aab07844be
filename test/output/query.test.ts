import { describe, expect, test } from "vitest";
import { AppError } from "../../src/errors.ts";
import { checkQuery, runQuery } from "../../src/output/query.ts";
import type { Format } from "../../src/output/format.ts";
import { render } from "../../src/output/render.ts";
import { ESC, empty, options, sample } from "./sample.ts";

const view = {
  ...empty,
  data: {
    vms: [
      { name: "a", zones: ["1", "2"], tags: { k: "v" }, on: true },
      { name: `b\tc${ESC}[31m`, size: null },
    ],
  },
};

async function queried(format: Format, query: string): Promise<string> {
  return (await render(view, options({ format, query }))).stdout;
}

describe("tsv follows az", () => {
  test.each([
    ["a scalar is one line", "vms[0].name", "a\n"],
    ["an array of scalars is a line each", "vms[].name", "a\nb\\tc\n"],
    ["an array of arrays is rows", "vms[].[name, on]", "a\ttrue\nb\\tc\t\n"],
    ["an array of objects is rows, with columns for all keys", "vms", "a\t2\t\ttrue\t\nb\\tc\t\t\t\t\n"],
    ["an object is one row", "vms[0].{n: name, z: zones}", "a\t2\n"],
    ["null is nothing", "nothing", ""],
    ["an empty array is nothing", "vms[?name=='x']", ""],
    ["an inherited property is nothing", "constructor", ""],
  ])("%s", async (_, query, expected) => {
    expect(await queried("tsv", query)).toBe(expected);
  });
});

describe("table", () => {
  test.each([
    [
      "objects get their keys as headers",
      "vms[].{name: name, zones: zones}",
      'NAME  ZONES\na     ["1","2"]\nb c\n',
    ],
    ["arrays get numbered headers", "vms[].[name, on]", "COLUMN1  COLUMN2\na        true\nb c\n"],
    ["scalars are lines", "vms[].name", "a\nb c\n"],
    ["a mixture is lines", "[vms[0].name, vms[0].tags]", 'a\n{"k":"v"}\n'],
    ["null is nothing", "nothing", ""],
  ])("%s", async (_, query, expected) => {
    expect(await queried("table", query)).toBe(expected);
  });
});

test.each([
  ["json", "vms[0].zones", '[\n  "1",\n  "2"\n]\n'],
  ["json", "nothing", "null\n"],
  ["yaml", "vms[0].zones", '- "1"\n- "2"\n'],
] as const)("%s prints the value of %s", async (format, query, expected) => {
  expect(await queried(format, query)).toBe(expected);
});

test.each(["json", "yaml", "tsv", "table"] as const)("with %s the notes are not lost", async (format) => {
  expect(await render(sample, options({ format, query: "formatVersion" }))).toEqual({
    stdout: "1\n",
    stderr: "warning: slots are not attributed (wire/no-slot-owner, odcr/overallocation)\nnote: read 2 VMs\n",
  });
});

test.each([
  ["vms[", "Expected Star, got: EOF"],
  ["a..b", "not a JMESPath expression"],
  ['"', "not a JMESPath expression"],
  ["", 'Invalid token (EOF): ""'],
  ["nope(@)", "Unknown function: nope()"],
  ["abs(vms)", "abs() expected argument 1 to be type number but received type array instead"],
])("%j is a usage error that says what to type", async (query, complaint) => {
  const error = await runQuery(view.data, query).catch((error: unknown) => error);

  expect(error).toBeInstanceOf(AppError);
  expect({ ...(error as AppError), message: (error as AppError).message }).toMatchObject({
    kind: "usage",
    message: `--query ${JSON.stringify(query)}: ${complaint}`,
    hint: `start from --query "keys(@)"; text is quoted as 'text', names with dashes or spaces as "a-b"`,
  });
});

test("an expression can be checked before there is a document", async () => {
  await expect(checkQuery("vms[].name")).resolves.toBeUndefined();
  await expect(checkQuery("vms[")).rejects.toBeInstanceOf(AppError);
});
