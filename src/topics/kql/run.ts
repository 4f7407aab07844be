import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { AzureError } from "../../azure/azure-error.ts";
import { LogQueryError } from "../../azure/log-refusal.ts";
import type { LogsPort } from "../../azure/log-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { findWorkspaces, type Asked } from "./find-workspace.ts";
import { toObject, type Answer, type TakeRows } from "./run-ask.ts";
import type { TableState } from "./probe-table.ts";
import { explainEmpty, similarTables } from "./run-empty.ts";
import { askWhole, type Whole } from "./run-split.ts";
import { viewRun } from "./run-view.ts";
import { Moment, windowOf, type Window } from "./window.ts";

const RunInput = z.object({
  file: z.string({ error: "give the file of a query, or - for standard input" }),
  workspace: z.array(z.string(), { error: "give a workspace by its name, id or GUID" }).min(1),
  since: Moment.optional(),
  until: Moment.optional(),
  split: z.boolean().default(true),
});
type RunInput = z.infer<typeof RunInput>;

/** What became of the question in one workspace. */
export interface Result {
  workspace: Asked;
  /** Without rows when these were streamed. */
  answer: Answer | undefined;
  /** How many answers it was put together from. */
  parts: number;
  /** Why an answer that was cut at a limit was not asked for in parts. */
  unsplit: string | undefined;
  /** Why there is no row, where an answer has none. */
  empty: TableState[] | undefined;
  /** The table that the text needs and the workspace does not have. */
  missingTable: string | undefined;
  /** Tables that it has and that are called alike. */
  similarTables: string[];
  /** Why this workspace gave no answer, when others did. */
  error: AzureError | undefined;
}

export interface RunResult {
  text: string;
  window: Window;
  results: Result[];
}

async function run(input: RunInput, ctx: Context): Promise<RunResult> {
  const text = await readText(input.file, ctx);
  const { logs, clock, target } = await ctx.azure();
  if (!logs) {
    throw new AppError("usage", `azwise knows no address of Log Analytics in cloud ${target.cloud}`);
  }
  const window = windowOf(input, clock.now());
  const workspaces = await findWorkspaces(input.workspace, ctx);
  const asking = { logs, text, window, ctx, split: input.split, isOne: workspaces.length === 1 };
  const results = await Promise.all(workspaces.map((each) => askWorkspace(each, asking)));
  const [first] = results;
  if (first?.error && results.every(({ error }) => error)) throw first.error;
  return { text, window, results };
}

async function readText(file: string, ctx: Context): Promise<string> {
  const text = file === "-" ? await ctx.stdinText() : await readQueryFile(resolve(ctx.cwd, file));
  if (text.trim() !== "") return text;
  const where = file === "-" ? "standard input" : file;
  throw new AppError("usage", `there is no query in ${where}`, {
    hint: "azwise kql run -f FILE --workspace W",
  });
}

async function readQueryFile(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new AppError("usage", `${path} cannot be read`, {
      hint: "give the path of a file with KQL",
      cause,
    });
  }
}

interface Asking {
  logs: LogsPort;
  text: string;
  window: Window;
  ctx: Context;
  split: boolean;
  isOne: boolean;
}

const NOTHING = {
  answer: undefined,
  parts: 1,
  unsplit: undefined,
  empty: undefined,
  missingTable: undefined,
  similarTables: [],
  error: undefined,
};

async function askWorkspace(workspace: Asked, asking: Asking): Promise<Result> {
  const { logs, text, window, isOne } = asking;
  const nothing = { ...NOTHING, workspace };
  const { customerId } = workspace;
  try {
    const whole = await askText(workspace, asking);
    const isEmpty = whole.answer.count === 0 && whole.answer.end.outcome === "complete";
    const empty = isEmpty ? await explainEmpty({ logs, customerId, text, window }) : undefined;
    return { ...nothing, ...whole, empty };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    if (error instanceof LogQueryError) {
      if (error.unknown?.mayBeTable !== true) throw withPlace(error, text);
      const { name } = error.unknown;
      const { workspaces } = await asking.ctx.azure();
      const similar = await similarTables(name, workspace, workspaces);
      return { ...nothing, missingTable: name, similarTables: similar };
    }
    if (isOne) throw error;
    return { ...nothing, error };
  }
}

async function askText(workspace: Asked, asking: Asking): Promise<Whole> {
  const { logs, text, window, split } = asking;
  const take = writer(workspace, asking);
  const unsplit = split ? undefined : "--no-split";
  return askWhole({ logs, take, unsplit }, { workspace: workspace.customerId, text, ...window });
}

/** Lines leave as rows arrive, with the workspace where there are several. */
function writer({ name }: Asked, { ctx, isOne }: Asking): TakeRows | undefined {
  const { emit } = ctx;
  if (!emit) return undefined;
  return async (rows, columns) => {
    const objects = rows.map((row) => ({ ...(isOne ? {} : { workspace: name }), ...toObject(row, columns) }));
    return emit(objects.map((each) => `${JSON.stringify(each)}\n`).join(""));
  };
}

/** The line that the service means, under its own words. */
function withPlace({ message, code, place }: LogQueryError, text: string): AppError {
  const line = place ? (text.split(/\r?\n/)[place.line - 1] ?? "").trim() : "";
  const where = place ? { hint: `line ${place.line}, column ${place.column}: ${line}` } : {};
  return new AppError("usage", message, { ...where, ...(code === undefined ? {} : { code }) });
}

export const runQuery = verb({
  name: "run",
  summary: "Ask workspaces a query, and say whether the answer is all",
  examples: [
    "kql run -f restarts.kql --workspace logs-shop --since 24h",
    "kql run -f - --workspace logs-shop --workspace logs-platform --since 7d -o ndjson < errors.kql",
  ],
  flags: [
    { flag: "-f, --file <file>", summary: "a file with the query, or - for standard input", once: true },
    { flag: "--workspace <name|id|guid>", summary: "a workspace to ask; repeatable", repeat: true },
    { flag: "--since <length|time>", summary: "30m, 24h (the default), 7d, PT30M or a time", once: true },
    { flag: "--until <length|time>", summary: "the end of the window; now when left out", once: true },
    { flag: "--no-split", summary: "do not ask in parts what was cut at a limit" },
  ],
  details: `
A name or id is looked up in the given subscriptions, a GUID is used as it is. The window is sent beside the query, and
what the text itself says of time narrows it. An answer that is cut at a limit is asked for again in halves of its window,
where these are together the whole: rows as the tables have them, with TimeGenerated, in its order or none. -o ndjson writes rows as they arrive and keeps none.
Exits 0 when the answer is all, and when nothing matched although the tables have rows in the window; 6 when rows are
missing (a limit, a partial answer), or when nothing could have matched: no such table, or nothing in it; 7 when the
service took too long.`,
  input: RunInput,
  streams: true,
  run,
  view: viewRun,
});
