import { expect, test } from "vitest";
import { ask, LINES, ROWS, T } from "./ask-data.ts";

const AZ = ROWS.map(({ TimeGenerated, App, Level, Ms, Tags }) => ({
  TableName: "PrimaryResult",
  TimeGenerated,
  App,
  Level,
  Ms: Ms === null ? null : String(Ms),
  Tags: Tags && JSON.stringify(Tags),
}));
const DOCUMENT = {
  formatVersion: 1,
  columns: ["TimeGenerated datetime", "App string", "Level string", "Ms real", "Tags dynamic"].map((each) => {
    const [name, type] = each.split(" ");
    return { name, type };
  }),
  rows: ROWS,
};

test.each<[string, string | Uint8Array]>([
  ["lines", LINES],
  [
    "lines without a last end, with blank ones and CRLF",
    `\r\n${LINES.trimEnd().replaceAll("\n", "\r\n\r\n")}`,
  ],
  ["lines with a byte order mark", `\uFEFF${LINES}`],
  ["UTF-16, as PowerShell writes it", Buffer.from(`\uFEFF${LINES}`, "utf16le")],
  ["a list", JSON.stringify(ROWS)],
  ["a list over many lines", JSON.stringify(ROWS, null, 2)],
  ["the list of az, where every value is a text", JSON.stringify(AZ, null, 2)],
  ["azwise's own document", JSON.stringify(DOCUMENT, null, 2)],
  ["azwise's own document in one line", JSON.stringify(DOCUMENT)],
])("%s is read", async (_, content) => {
  const text = "T | project App, Ms, Zone = tolong(Tags.zone), Hour = bin(TimeGenerated, 1h)";
  const { exit, stdout } = await ask(text, ["--data", "T.json"], { files: { "T.json": content } });

  expect(stdout).toBe(
    [
      "shop-web\t10\t1\t2026-11-20T08:00:00Z",
      "shop-api\t2.5\t\t2026-11-20T08:00:00Z",
      "shop-api\t\t2\t2026-11-20T09:00:00Z",
      "",
    ].join("\n"),
  );
  expect(exit).toBe(0);
});

test.each(["\n", ""])("rows that are not UTF-8 are refused with end %j", async (end) => {
  const rows = Buffer.from(`{"App":"Zürich"}${end}`, "latin1");
  const { exit, stderr } = await ask("T", ["--data", "T.ndjson"], { files: { "T.ndjson": rows } });

  expect(exit).toBe(2);
  expect(stderr).toContain("error: T.ndjson is not UTF-8 text");
});

test("ndjson of rows cannot steer a terminal, and loses nothing", async () => {
  const line = `${JSON.stringify({ Line: "\u009b2J\u202e\u007f\u2028ü" })}\n`;
  const { stdout } = await ask("T", ["--data", "T.ndjson", "-o", "ndjson"], { files: { "T.ndjson": line } });

  expect(stdout).toBe('{"Line":"\\u009b2J\\u202e\\u007f\\u2028ü"}\n');
  expect(JSON.parse(stdout)).toEqual(JSON.parse(line));
});

test.each([
  [
    { workspaces: [{ name: "logs-shop", outcome: "truncated" }] },
    "T.json is not all that was asked for (logs-shop truncated)",
  ],
  [
    {
      workspaces: [
        { name: "a", outcome: "complete" },
        { name: "b", outcome: "failed" },
      ],
    },
    "(b failed)",
  ],
  [{ answeredBy: "azwise", outcome: "partial" }, "(partial)"],
])("azwise's own document that was not all is none, whatever is asked of it: %j", async (more, why) => {
  const files = { "T.json": JSON.stringify({ ...DOCUMENT, ...more }) };
  for (const text of ["T | count", 'T | where App == "x"']) {
    const { exit, stdout } = await ask(text, ["--data", "T.json", "-o", "json"], { files });

    expect([exit, JSON.parse(stdout).outcome]).toEqual([6, "partial"]);
    expect(stdout).toContain(why);
  }
});

test("azwise's own document of quiet workspaces is all", async () => {
  const files = { "T.json": JSON.stringify({ ...DOCUMENT, workspaces: [{ name: "a", outcome: "quiet" }] }) };

  expect((await ask("T | count", ["--data", "T.json"], { files })).exit).toBe(0);
});

const DEEP = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

test.each([
  [2, `{"n":1}\n{"x":${DEEP}}\n`],
  [3, `[\n{"n":"\\"["},\n{"x":${DEEP}}]\n`],
  [1, `[{"x":${DEEP}}]`],
  [1, `{"formatVersion":1,"columns":[],"rows":[{"x":${DEEP}}]}`],
])("rows that are nested too deep are refused with line %i", async (line, content) => {
  const { exit, stderr } = await ask("T", ["--data", "T.json"], { files: { "T.json": content } });

  expect(exit).toBe(2);
  expect(stderr).toContain(`error: line ${line} of T.json is nested deeper than 1000 brackets`);
});

test("a text with JSON that is nested too deep stays a text", async () => {
  const files = { "AppTraces.ndjson": `${JSON.stringify({ Message: DEEP, Properties: DEEP })}\n` };
  const text =
    "AppTraces | project A = strlen(tostring(parse_json(Message))), B = strlen(tostring(Properties))";
  const { exit, stdout } = await ask(text, ["--data", "AppTraces.ndjson"], { files });

  expect([exit, stdout]).toEqual([0, "400000\t400000\n"]);
});

test("the list of az loses its column of table names, a row that has one by chance does not", async () => {
  const az = await ask("T", ["--data", "T.json", "-o", "ndjson"], {
    files: { "T.json": JSON.stringify(AZ) },
  });
  const own = await ask("T", ["--data", "T.json", "-o", "ndjson"], {
    files: { "T.json": '[{"TableName":"a","n":1}]' },
  });

  expect(JSON.parse(az.stdout.split("\n")[1]!)).toEqual(ROWS[1]);
  expect(own.stdout).toBe('{"TableName":"a","n":1}\n');
});

test("what azwise streamed is read back as it was", async () => {
  const first = await ask("T", ["--data", "T.ndjson", "-o", "ndjson"], { files: T });
  const again = await ask("T", ["--data", "T.ndjson", "-o", "ndjson"], {
    files: { "T.ndjson": first.stdout },
  });

  expect(again.stdout).toBe(first.stdout);
  expect(
    first.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(ROWS);
});

test("a text that is longer than one piece of a file loses nothing", async () => {
  const rows = Array.from({ length: 30_000 }, (_, n) => JSON.stringify({ n, text: "ä€𝄞".repeat(10) }));
  const files = { "T.ndjson": rows.join("\n") };
  const text = 'T | summarize count(), sum(n), dcount(text), max(strlen(text)), countif(text has "�")';
  const { stdout } = await ask(text, ["--data", "T.ndjson"], { files });

  expect(stdout).toMatch(/^30000\t449985000\t1\t\d+\t0\n$/);
});

test.each<[string, string, string]>([
  ["a line that is cut", `${LINES}{"App":`, "line 4 of T.json is no JSON object"],
  ["a first line that is cut", `{"App":\n${LINES}`, "line 1 of T.json is no JSON object"],
  ["a line that is a number", `${LINES}\n5\n`, "line 5 of T.json is no JSON object"],
  ["a list with a text in it", '[{"a":1},"b"]', "row 2 of T.json is no JSON object"],
  ["a list that breaks off", '[{"a":1},\n{"a":2}', "line 2 of T.json is no JSON"],
  ["a list with a comma too many", '[{"a":1},\n\n{"a":2 "b":3}]', "line 3 of T.json is no JSON"],
  ["a document of something else", '{\n"a":1\n}', "line 1 of T.json is no JSON object"],
  ["no JSON at all", "TimeGenerated,App\n", "line 1 of T.json is no JSON object"],
])("%s is one error with its place", async (_, content, message) => {
  const { exit, stdout, stderr } = await ask("T | count", ["--data", "T.json"], {
    files: { "T.json": content },
  });

  expect(stderr).toContain(`error: ${message}`);
  expect(stderr).toContain("next: give one JSON object a line");
  expect([exit, stdout]).toEqual([2, ""]);
});
