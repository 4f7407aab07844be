import { AzureError } from "../../../azure/azure-error.ts";
import { LogQueryError } from "../../../azure/log-refusal.ts";
import { shellWord } from "../../../azure/shell-word.ts";
import type { LogsPort } from "../../../azure/log-ports.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import type { Asked } from "../find-workspace.ts";
import { toLine, toObject, type Answer, type TakeRows } from "../ask-once.ts";
import { explainEmpty, explainTotal, similarTables, type Emptiness } from "./empty.ts";
import { askNamed } from "./named.ts";
import { NOTHING, type Question, type Result } from "./result.ts";
import { askWhole } from "../ask-whole.ts";
import type { Window } from "../window.ts";

export interface Asking {
  logs: LogsPort;
  question: Question;
  window: Window;
  /** What the window was reckoned from. */
  now: Date;
  ctx: Context;
  split: boolean;
  isOne: boolean;
}

/** Asks one workspace; of several one that refuses does not stop the run. */
export async function askWorkspace(workspace: Asked, asking: Asking): Promise<Result> {
  const { logs, question, window, now, ctx, isOne } = asking;
  const take = writer(workspace, asking);
  const unsplit = asking.split ? undefined : "--no-split";
  const whether = { logs, take, unsplit };
  try {
    return "query" in question
      ? await askNamed({ ...whether, ...question, workspace, window }, ctx)
      : await askText({ ...whether, ...question, workspace, window, now }, ctx);
  } catch (error) {
    if (isOne || !(error instanceof AzureError)) throw error;
    return { ...NOTHING, workspace, error };
  }
}

interface AskedText {
  logs: LogsPort;
  take: TakeRows | undefined;
  unsplit: string | undefined;
  text: string;
  file?: string;
  workspace: Asked;
  window: Window;
  now: Date;
}

async function askText(asked: AskedText, ctx: Context): Promise<Result> {
  const { logs, text, workspace, window, now } = asked;
  const { customerId } = workspace;
  const nothing = { ...NOTHING, workspace, text };
  try {
    const whole = await askWhole(asked, { workspace: customerId, text, ...window });
    const asking = { logs, customerId, text, window, now };
    return { ...nothing, ...whole, ...(await whyNothing(whole.answer, asking)) };
  } catch (error) {
    if (!(error instanceof LogQueryError)) throw error;
    if (error.unknown?.mayBeTable !== true) throw withPlace(error, asked);
    const { name } = error.unknown;
    const { workspaces } = await ctx.azure();
    const similar = await similarTables(name, workspace, workspaces);
    return { ...nothing, missingTable: name, similarTables: similar };
  }
}

/** Undefined for an answer that says something. */
async function whyNothing(
  { end, count, last, columns }: Answer,
  asking: Parameters<typeof explainEmpty>[0],
): Promise<Emptiness | undefined> {
  if (end.outcome !== "complete" || count > 1) return undefined;
  return count === 0 ? explainEmpty(asking) : explainTotal({ cells: last ?? [], columns }, asking);
}

/** Lines leave as rows arrive, with the workspace where there are several. */
function writer({ name }: Asked, { ctx, isOne }: Asking): TakeRows | undefined {
  const { emit } = ctx;
  if (!emit) return undefined;
  return async (rows, columns) => {
    const objects = rows.map((row) => ({ ...(isOne ? {} : { workspace: name }), ...toObject(row, columns) }));
    return emit(objects.map(toLine).join(""));
  };
}

/** The line that the service means, under its own words, and what tells the columns that there are. */
function withPlace({ message, code, place, unknown }: LogQueryError, asked: AskedText): AppError {
  const { text, file = "-", workspace } = asked;
  const line = place ? (text.split(/\r?\n/)[place.line - 1] ?? "").trim() : "";
  const where = place ? [`line ${place.line}, column ${place.column}: ${line}`] : [];
  const lint = `azwise kql lint ${shellWord(file)} --schema-from ${shellWord(workspace.id ?? workspace.name)}`;
  const hint = [...where, ...(unknown ? [lint] : [])].join("; ");
  return new AppError("usage", message, {
    ...(hint === "" ? {} : { hint }),
    ...(code === undefined ? {} : { code }),
  });
}
