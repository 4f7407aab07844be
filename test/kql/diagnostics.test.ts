import { expect, test } from "vitest";
import { loadParser, type Diagnostic } from "../../src/kql/official.ts";

const SCHEMAS = [
  {
    name: "ContainerAppConsoleLogs_CL",
    columns: [
      { name: "TimeGenerated", type: "datetime" },
      { name: "Log_s", type: "string" },
      { name: "it's", type: "long" },
    ],
  },
];

async function check(text: string): Promise<readonly Diagnostic[]> {
  return (await loadParser()).parse(text, SCHEMAS).diagnostics;
}

test.for<[string, string, number, number, string]>([
  ["ContainerAppConsoleLogs_CL | where Log == 'x'", "KS142", 1, 36, "Log"],
  ["ContainerAppConsoleLogs | take 1", "KS204", 1, 1, "ContainerAppConsoleLogs"],
  ["ContainerAppConsoleLogs_CL\r\n| where Log_s ==\r\n", "KS006", 2, 17, "<EOF>"],
  ["ContainerAppConsoleLogs_CL // all\u2028| wher Log_s == 'x'", "KS176", 2, 3, "wher"],
  ["ContainerAppConsoleLogs_CL | where Log_s > 5", "KS106", 1, 42, ">"],
  ["ContainerAppConsoleLogs_CL | summarize coutn()", "KS211", 1, 40, "coutn"],
])("%j has %s at %i:%i", async ([text, code, line, column, word]) => {
  const [first] = await check(text);
  expect(first).toMatchObject({ severity: "error", code, place: { line, column, text: word } });
});

test("a text without faults has no diagnostics, whatever its columns are called", async () => {
  const text =
    "ContainerAppConsoleLogs_CL | where TimeGenerated > ago(1h) and ['it\\'s'] > 1 | summarize count() by Log_s";
  expect(await check(text)).toEqual([]);
});
