import * as z from "zod";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { listRuns, progressOf, readRun, type Run } from "../../plan/journal.ts";
import { verb } from "../../verb.ts";

const ListInput = z.object({});

async function runList(_input: unknown, ctx: Context): Promise<Run[]> {
  const ids = await listRuns(ctx.folders.state);
  return Promise.all(ids.map((id) => readRun(id, ctx.folders.state)));
}

function viewList(runs: Run[]): View {
  const rows = runs.map(summarise);
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
  /** finished, incomplete (ended with steps left) or interrupted (never ended). */
  state: string;
  done: number;
  steps: number;
  command: string;
}

export function summarise(run: Run): RunSummary {
  const { plan, done } = progressOf(run);
  const steps = plan?.steps.length ?? 0;
  const ended = run.entries.some(({ type }) => type === "ended");
  const unfinished = ended ? "incomplete" : "interrupted";
  const state = steps > 0 && done.size >= steps ? "finished" : unfinished;
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
