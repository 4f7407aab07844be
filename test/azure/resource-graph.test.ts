import { expect, test } from "vitest";
import type { GraphPage } from "../../src/azure/ports.ts";
import { answerOf, recorded } from "./recorded.ts";
import { ARM, openPorts, refusalOf, reply, type Outcome } from "./wire.ts";

const QUERY = `POST ${ARM}/providers/Microsoft.ResourceGraph/resources`;
const SUBSCRIPTIONS = ["5a000000-0000-4000-8000-000000000001", "5a000000-0000-4000-8000-000000000002"];

async function run(answers: Outcome[]): Promise<{ pages: GraphPage[]; asked: unknown[] }> {
  const { graph, wire } = openPorts({ [QUERY]: answers });
  const pages: GraphPage[] = [];
  for await (const page of graph.query("resources | project id", SUBSCRIPTIONS)) pages.push(page);
  return { pages, asked: wire.requests.map(({ body }) => JSON.parse(body) as unknown) };
}

test("the same query is asked again with each page's token, a thousand rows at a time", async () => {
  const { pages, asked } = await run([answerOf("graph-page-1"), answerOf("graph-page-2")]);

  const options = { resultFormat: "objectArray", $top: 1000 };
  const common = { subscriptions: SUBSCRIPTIONS, query: "resources | project id" };
  expect(asked).toEqual([
    { ...common, options },
    { ...common, options: { ...options, $skipToken: "ew0KICAiJGlkIjogIjEi" } },
  ]);
  expect(pages).toEqual([
    { rows: recorded("graph-page-1")["data"], total: 3, truncated: false },
    { rows: recorded("graph-page-2")["data"], total: 3, truncated: false },
  ]);
});

test.each(["true", true])(
  "truncated (%o) without a token means that rows are lost",
  async (resultTruncated) => {
    const { pages } = await run([reply(200, { totalRecords: 9, data: [], resultTruncated })]);

    expect(pages).toEqual([{ rows: [], total: 9, truncated: true }]);
  },
);

test("truncated with a token means only that there is more", async () => {
  const more = reply(200, { data: [], resultTruncated: "true", $skipToken: "t" });
  const { pages } = await run([more, reply(200, { data: [], resultTruncated: "false" })]);

  expect(pages.map(({ truncated }) => truncated)).toEqual([false, false]);
});

test("an answer that says hardly anything is an empty page", async () => {
  expect((await run([reply(200, {})])).pages).toEqual([{ rows: [], total: undefined, truncated: false }]);
});

test("an empty token ends the paging", async () => {
  expect((await run([reply(200, { data: [], $skipToken: "" })])).pages).toHaveLength(1);
});

test("a wrong query keeps the code of the service", async () => {
  const error = {
    code: "BadRequest",
    message: "Please provide below info",
    details: [{ code: "InvalidQuery" }],
  };

  expect(await refusalOf(run([reply(400, { error })]))).toEqual({
    kind: "failed",
    message: "Please provide below info",
    code: "BadRequest",
    status: 400,
    uncertain: false,
  });
});

test("an answer cut short is an error, not a crash", async () => {
  expect(await refusalOf(run([reply(200, '{"data":[')]))).toMatchObject({
    message: "Resource Graph answered something that is not JSON",
  });
});
