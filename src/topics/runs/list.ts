import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { holdOf, listRuns, progressOf, readRun, type Run } from "../../plan/journal.ts";
import { finishedIn, isFinished } from "../../plan/resume.ts";
import { verb } from "../../verb.ts";

const ListInput = z.object({});

async function runList(_input: unknown, ctx: Context): Promise<RunSummary[]> {
  const ids = await listRuns(ctx.folders.state);
  return Promise.all(ids.map((id) => summariseById(id, ctx.folders.state)));
}

/** One damaged journal must not hide the others. */
async function summariseById(id: string, folder: string): Promise<RunSummary> {
  try {
    return await summarise(await readRun(id, folder), folder);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { id, state: "damaged", done: 0, steps: 0, command: "" };
  }
}

function viewList(rows: RunSummary[]): View {
  return {
    data: { runs: rows.map((row) => ({ ...row })) },
    tables: [
      {
        columns: [{ header: "run" }, { header: "state" }, { header: "steps" }, { header: "command" }],
        rows: rows.map(({ id, state, done, steps, command }) => ({
          cells: [id, state, `${done}/${steps}`, command],
        })),
      },
    ],
    notes: rows.length === 0 ? [{ level: "info", text: "no plan was applied here yet" }] : [],
  };
}

export interface RunSummary {
  id: string;
  /**
   * running, locked (a process has it that cannot be asked about), finished (resuming has nothing to do), incomplete (ended with steps left),
   * interrupted (never ended) or damaged (cannot be read).
   */
  state: string;
  done: number;
  steps: number;
  command: string;
}

export async function summarise(run: Run, folder: string): Promise<RunSummary> {
  const hold = await holdOf(run.id, folder);
  const { plan, done, sent } = progressOf(run);
  const steps = plan?.steps.length ?? 0;
  const ended = run.entries.some(({ type }) => type === "ended");
  const unfinished = ended ? "incomplete" : "interrupted";
  const left =
    plan && steps > 0 && isFinished(plan, finishedIn(plan, { done, sent })) ? "finished" : unfinished;
  const state = hold?.state ?? left;
  return { id: run.id, state, done: done.size, steps, command: plan?.command ?? "" };
}

export const list = verb({
  name: "list",
  summary: "Runs of applied plans, newest first",
  examples: ["runs list"],
  flags: [],
  input: ListInput,
  run: runList,
  view: viewList,
});
