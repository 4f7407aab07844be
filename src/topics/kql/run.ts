import * as z from "zod";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { requireLogs } from "./ask-once.ts";
import { findWorkspaces } from "./find-workspace.ts";
import { withChart } from "./run/chart.ts";
import { dataFlags, isStdin, runOverData, type DataRun } from "./run/data.ts";
import { viewDataRun } from "./run/data-view.ts";
import { readQuestion } from "./run/question.ts";
import type { RunResult } from "./run/result.ts";
import { viewRun } from "./run/view.ts";
import { askWorkspace } from "./run/workspace.ts";
import { windowOfText } from "./text-window.ts";
import { Moment, windowOfQuery } from "./window.ts";

const RunInput = z
  .object({
    name: z.string().optional(),
    file: z.string().optional(),
    workspace: z.array(z.string()).optional(),
    ...dataFlags,
    since: Moment.optional(),
    until: Moment.optional(),
    param: z.array(z.string()).default([]),
    flavour: z.string().optional(),
    split: z.boolean().default(true),
    chart: z.boolean().default(false),
  })
  .refine(({ workspace, data }) => workspace || data, {
    path: ["workspace"],
    error: "give a workspace by its name, id or GUID, or rows with --data",
  })
  .refine(({ table, data }) => table === undefined || data, {
    path: ["table"],
    error: "names the table of --data",
  })
  .refine(({ file, data = [] }) => file !== "-" || !data.some(isStdin), {
    path: ["data"],
    error: "standard input is the query already",
  });
type RunInput = z.infer<typeof RunInput>;

async function run(input: RunInput, ctx: Context): Promise<RunResult | DataRun> {
  const { data, workspace = [] } = input;
  const question = await readQuestion(input, ctx);
  if (data) return runOverData(question, { ...input, data }, ctx);
  const azure = await ctx.azure();
  const { clock } = azure;
  const logs = requireLogs(azure);
  const now = clock.now();
  const { window, isUnread } =
    "query" in question
      ? { window: windowOfQuery(question, input, now), isUnread: false }
      : await windowOfText(question.text, input, now);
  const workspaces = await findWorkspaces(workspace, ctx);
  const isOne = workspaces.length === 1;
  const asking = { logs, question, window, now, ctx, split: input.split, isOne };
  const results = await Promise.all(workspaces.map((each) => askWorkspace(each, asking)));
  const [first] = results;
  if (first?.error && results.every(({ error }) => error)) throw first.error;
  const isWindowTyped = input.since !== undefined || input.until !== undefined;
  return { question, window, isWindowTyped, isUnread, results };
}

/** What was streamed is not there to be drawn. */
function viewAny({ result, chart }: { result: RunResult | DataRun; chart: boolean }): View {
  const view = "kind" in result ? viewDataRun(result) : viewRun(result);
  if (!chart) return view;
  return withChart(
    view,
    "kind" in result ? [{ workspace: { name: "" }, answer: result.answer }] : result.results,
  );
}

export const runQuery = verb({
  name: "run",
  summary: "Ask workspaces a query, and say whether the answer is all",
  args: ["[name]"],
  examples: [
    "kql run container-restarts --workspace logs-shop --param app=shop-api",
    "kql run -f restarts.kql --workspace logs-shop --since 24h",
    "kql run -f - --workspace logs-shop --workspace logs-platform --since 7d -o ndjson < errors.kql",
    "kql run -f errors.kql --data AppTraces=exported.ndjson --until 2026-11-20T08:00Z",
  ],
  flags: [
    { flag: "-f, --file <file>", summary: "a file with the query, or - for standard input", once: true },
    { flag: "--workspace <name|id|guid>", summary: "a workspace to ask; repeatable", repeat: true },
    {
      flag: "--since <length|time>",
      summary: "30m, 24h, 7d, PT30M or a time; otherwise the query's own window, of a file 24h",
      once: true,
    },
    { flag: "--until <length|time>", summary: "the end of the window; now when left out", once: true },
    {
      flag: "--param <name=value>",
      summary: "a parameter's value, for a query by name; repeatable",
      repeat: true,
    },
    {
      flag: "--flavour <name>",
      summary: "ask these tables; otherwise those that have rows in the window",
      once: true,
    },
    {
      flag: "--data <file|table=file>",
      summary: "ask rows in a file (or -) in place of a workspace; repeatable",
      repeat: true,
    },
    { flag: "--table <name>", summary: "the table that the rows of --data are of", once: true },
    { flag: "--chart", summary: "draw a time series, or a number for each text, on a terminal and in md" },
    { flag: "--no-split", summary: "do not ask in parts what was cut at a limit" },
  ],
  details: `
Asks a query that azwise kql list shows, by its name, or a text of your own with -f. A query by name has a text for each
table where the same logs may be (a flavour); the one with rows in the window is asked, in each workspace its own.
A workspace's name or id is looked up in the given subscriptions, a GUID is used as it is. The window is sent beside the
query, and what the text itself says of time narrows it; where none is typed, it begins where the text's own filter does. An answer that is cut at a limit is asked for again in halves of
its window, where these are together the whole: rows as the tables have them, with TimeGenerated, in its order or none.
-o ndjson writes one row a line as they arrive and keeps none, so nothing is asked for again.
No rows are explained: no such table, nothing in it since when, the other flavour has rows, the name does not occur and
which ones do, or logs that nobody sends there.
--data asks azwise's own interpreter over exported rows (one JSON object a line, a list, or kql run -o json): no Azure, no
sign-in. Types come from the table's schema, where azwise knows it, and else from the rows; --until is also now() there.
--chart draws answers with one column of times and numbers, or with texts and one number, in place of the rows on a
terminal and beside them in Markdown; all other answers are shown as they are, and a note says why.
Exits 0 when the answer is all, and when nothing matched although the tables have rows in the window; 6 when rows are
missing (a limit, a partial answer), or when nothing could have matched; 7 when the service took too long.`,
  input: RunInput,
  streams: true,
  run: async (input, ctx) => ({ result: await run(input, ctx), chart: input.chart && !ctx.emit }),
  view: viewAny,
});
