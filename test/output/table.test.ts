import { expect, test } from "vitest";
import { render } from "../../src/output/render.ts";
import { ESC, empty, options, sample, tableOf } from "./sample.ts";

const GUID = "a0000000-0000-4000-8000-00000000000a";

async function stdoutOf(...args: Parameters<typeof render>): Promise<string> {
  return (await render(...args)).stdout;
}

test("shows tables, reasons and sources, and the notes on stderr", async () => {
  expect(await render(sample, options())).toEqual({
    stdout: `Group crg-1
NAME   SLOTS  STATE    WHY
web-1      2  running
db_1      12  over     [1]
spare

ZONE
   1

Sources
[1] A group may hold more VMs than it has slots. (Capacity reservations, Overallocation; published 2026-06-08) https://example.com/odcr
[2] The service does not say which VM holds a slot. (Wire observations, Instance view; applies to API 2024-11-01; publication date unknown; contradicts [3] Capacity reservations)
[3] The instance view lists the VMs that use the reservation. (Capacity reservations, View; published 2026-06-08)
`,
    stderr: "warning: slots are not attributed [2][1]\nnote: read 2 VMs\n",
  });
});

test("colours each stream by itself, and never the blanks", async () => {
  const view = { ...tableOf(["State"], [{ text: "ok", tone: "good" }]), notes: sample.notes.slice(1) };

  expect(await render(view, options({ colour: { stdout: true, stderr: false } }))).toEqual({
    stdout: `${ESC}[1mSTATE${ESC}[22m\n${ESC}[32mok${ESC}[39m\n`,
    stderr: "note: read 2 VMs\n",
  });
  expect(await render(view, options({ colour: { stdout: false, stderr: true } }))).toEqual({
    stdout: "STATE\nok\n",
    stderr: `${ESC}[2mnote: read 2 VMs${ESC}[22m\n`,
  });
});

test("aligns wide characters by the columns they take", async () => {
  const view = tableOf(["Name", "Zone"], ["日本語", "1"], ["👩‍💻", "2"], ["vm", "3"]);

  expect(await stdoutOf(view, options())).toBe("NAME    ZONE\n日本語  1\n👩‍💻      2\nvm      3\n");
});

test("wraps the widest text column to the terminal, never numbers, headers or reasons", async () => {
  const view = tableOf(["Name", "Text", "Count"], ["web-01, web-02", "one two three four", 123_456_789]);
  view.tables[0]!.rows[0]!.because = ["odcr/overallocation"];
  const table = async (columns: number) => (await stdoutOf(view, options({ columns }))).split("\n\n")[0];

  expect(await table(45)).toBe(
    [
      "NAME           TEXT                COUNT  WHY",
      "web-01,        one two three   123456789  [1]",
      "web-02         four",
    ].join("\n"),
  );
  expect(await table(10)).toBe(
    [
      "NAME     TEXT       COUNT  WHY",
      "web-01,  one    123456789  [1]",
      "web-02   two",
      "         three",
      "         four",
    ].join("\n"),
  );
});

test("breaks a word only when it is longer than any name is likely to be", async () => {
  const view = tableOf(["Name"], ["x".repeat(40)]);

  expect(await stdoutOf(view, options({ columns: 10 }))).toBe(`NAME\n${"x".repeat(36)}\n${"x".repeat(4)}\n`);
});

test("wraps wide characters whole", async () => {
  const view = tableOf(["Name", "Z"], ["日本語 データ ベース", "1"]);

  expect(await stdoutOf(view, options({ columns: 12 }))).toBe("NAME       Z\n日本語     1\nデータ\nベース\n");
});

test("shows escape sequences, line ends and nulls of a service as harmless text", async () => {
  const view = tableOf(["Name", "Power"], [`${ESC}[2Jvm${ESC}]0;x\u0007`, "a\nb\tc"], [null, true]);

  expect(await stdoutOf(view, options({ columns: 80 }))).toBe("NAME  POWER\nvm    a b c\n      true\n");
});

test("a row with too few cells is filled up", async () => {
  expect(await stdoutOf(tableOf(["A", "B"], ["1"], ["2", "x"]), options())).toBe("A  B\n1\n2  x\n");
});

test("a table without rows is its title; a view without tables is nothing", async () => {
  const untitled = { columns: [{ header: "Name" }], rows: [] };
  const view = { ...empty, tables: [untitled, { ...untitled, title: "Replicas" }] };

  expect(await stdoutOf(view, options())).toBe("Replicas\n");
  expect(await render(empty, options())).toEqual({ stdout: "", stderr: "" });
});

test("leaves out the last of the wide columns first, says so, and breaks no word before that", async () => {
  const view = tableOf(
    ["Tool", "Cloud", "Id", "From"],
    ["az", "public", GUID, "/home/ada/.azure/profile.json"],
  );
  for (const index of [1, 3]) view.tables[0]!.columns[index]!.wide = true;
  const linesAt = async (columns: number): Promise<string[]> =>
    (await stdoutOf(view, options({ columns }))).split("\n").slice(1, -1);

  expect(await linesAt(100)).toEqual([`az    public  ${GUID}  /home/ada/.azure/profile.json`]);
  expect(await linesAt(60)).toEqual([
    `az    public  ${GUID}`,
    "not shown at this width: FROM; -o md shows all",
  ]);
  expect(await linesAt(42)).toEqual([
    `az    ${GUID}`,
    "not shown at this width: CLOUD, FROM; -o md shows all",
  ]);
  expect(await linesAt(24)).toEqual([
    `az    ${GUID.slice(0, 18)}`,
    `      ${GUID.slice(18)}`,
    "not shown at this width: CLOUD, FROM; -o md shows all",
  ]);
});

test("what is copied is never broken: where it does not fit it goes below the table, a line each", async () => {
  const host = "shop.westeurope.geo.azurecr.io";
  const view = tableOf(
    ["Region", "Host", "Serves"],
    ["we", host, "x y z"],
    ["ne", "", "z"],
    ["eu", host, "y"],
  );
  view.tables[0]!.columns[1]!.whole = true;
  const linesAt = async (columns: number): Promise<string[]> =>
    (await stdoutOf(view, options({ columns }))).split("\n").slice(1, -1);

  expect(await linesAt(46)).toEqual([
    `we      ${host}  x y z`,
    `ne      ${" ".repeat(30)}  z`,
    `eu      ${host}  y`,
  ]);
  expect(await linesAt(30)).toEqual([
    "we      #1    x y z",
    "ne            z",
    "eu      #1    y",
    `#1  ${host}`,
  ]);
});
