import { expect, test } from "vitest";
import type { LogsPort } from "../../../src/azure/log-ports.ts";
import { askWhole } from "../../../src/topics/kql/ask-whole.ts";

const FROM = new Date("2026-11-21T07:00:00Z");
const UNTIL = new Date("2026-11-21T08:00:00Z");
const TIMES = Array.from({ length: 121 }, (_, at) => new Date(FROM.getTime() + at * 30_000).toISOString());
const CUT = "The results of this query exceed the set limit of 10 records";

/** A service whose windows have both their ends, and which answers no more than ten rows. */
function inclusive(times: readonly string[]): LogsPort {
  return {
    async *query({ from, until }) {
      const rows = times.filter((each) => new Date(each) >= from && new Date(each) <= until);
      yield { kind: "table", name: "PrimaryResult", columns: [{ name: "TimeGenerated", type: "datetime" }] };
      yield { kind: "rows", rows: rows.slice(0, 10).map((each) => [each]) };
      const isCut = rows.length > 10;
      yield {
        kind: "end",
        outcome: isCut ? "truncated" : "complete",
        problem: isCut ? { code: "EngineError", message: CUT } : undefined,
        chart: undefined,
        statistics: undefined,
      };
    },
  };
}

async function askAll(logs: LogsPort, text: string): ReturnType<typeof askWhole> {
  return askWhole({ logs }, { workspace: "w", text, from: FROM, until: UNTIL });
}

test("a row of the moment between two parts comes once, though both windows have it", async () => {
  const { answer, parts } = await askAll(inclusive(TIMES), "T | order by TimeGenerated asc");

  expect(answer.rows.flat()).toEqual(TIMES);
  expect(answer).toMatchObject({ count: 121, end: { outcome: "complete" } });
  expect(parts).toBe(16);
});

test("a minute that is beyond the limit leaves the answer truncated, with all that came", async () => {
  const dense = Array.from({ length: 50 }, (_, at) => new Date(FROM.getTime() + at * 10).toISOString());

  const { answer, unsplit } = await askAll(inclusive([...dense, ...TIMES.slice(60)]), "T");

  expect(answer.end.outcome).toBe("truncated");
  expect(unsplit).toBe("a minute of it is beyond the limit");
  expect(answer.count).toBe(10 + 61);
});

test.each(["let N = T | summarize count() by A; N", "let N = T | take 5; union N, T"])(
  "%s is not asked in parts: the table of its own is made of several rows",
  async (text) => {
    const { answer, parts, unsplit } = await askAll(inclusive(TIMES), text);

    expect([answer.end.outcome, parts]).toEqual(["truncated", 1]);
    expect(unsplit).toMatch(/it has (summarize|take)/);
  },
);

test("a row a part of a millisecond behind the moment between two parts is none of that moment", async () => {
  const half = "2026-11-21T07:30:00.0000001Z";
  const times = TIMES.map((each) => (each === "2026-11-21T07:30:00.000Z" ? half : each));
  const once = inclusive(times);
  const service: LogsPort = {
    // The newer part begins at the moment itself, so the row is in the older one alone.
    query: (question) =>
      question.from.getTime() === new Date(half).getTime()
        ? inclusive(times.filter((each) => each !== half)).query(question)
        : once.query(question),
  };

  const { answer } = await askAll(service, "T | order by TimeGenerated asc");

  expect(answer.rows.flat()).toContain(half);
});
