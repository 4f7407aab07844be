import * as z from "zod";
import type { Context } from "../../context.ts";
import { EXIT } from "../../errors.ts";
import type { Note, View } from "../../output/view.ts";
import {
  isOpen,
  progressOf,
  readRun,
  type JournalEntry,
  type PursuitSoFar,
  type Run,
} from "../../plan/journal.ts";
import { CHANGED } from "../../plan/notes.ts";
import type { Plan } from "../../plan/plan.ts";
import { applying } from "../../plan/pursuit-view.ts";
import { verb } from "../../verb.ts";
import { summarise, type RunSummary } from "./list.ts";

const ShowInput = z.object({ id: z.string().min(1) });

interface Shown {
  run: Run;
  summary: RunSummary;
}

async function runShow({ id }: z.infer<typeof ShowInput>, ctx: Context): Promise<Shown> {
  const run = await readRun(id, ctx.folders.state);
  return { run, summary: await summarise(run, ctx.folders.state) };
}

function viewShow({ run, summary }: Shown): View {
  const { plan, pursuit } = progressOf(run);
  const steps = (plan?.steps ?? []).map((step) => ({ step, state: stateOf(step.id, run.entries) }));
  return {
    data: {
      run: { ...summary, createdBy: plan?.createdBy ?? null },
      ...(pursuit
        ? { pursuit: { started: pursuit.started, until: pursuit.until, tries: pursuit.tried.length } }
        : {}),
      progress: steps.map(({ step, state }) => ({ id: step.id, title: step.title, ...state })),
    },
    tables: [
      {
        columns: [{ header: "step" }, { header: "state" }, { header: "at" }, { header: "detail" }],
        rows: steps.map(({ step, state }) => ({ cells: [step.title, state.state, state.at, state.detail] })),
      },
    ],
    notes: [
      ...(pursuit ? [triesNote(pursuit)] : []),
      ...(plan?.rehearsal && summary.state === "finished" && summary.done < summary.steps ? [OVER] : []),
      ...(plan && !["finished", "running"].includes(summary.state) ? [goOn(run, plan, pursuit)] : []),
    ],
  };
}

const OVER: Note = {
  level: "info",
  text: "the rehearsal is over: what is not done is not begun again, and nothing is left to put back",
};

function triesNote({ tried, until }: PursuitSoFar): Note {
  const count = `${tried.length} ${tried.length === 1 ? "try" : "tries"}`;
  return { level: "info", text: `${count} so far; none begins after ${until}` };
}

/** A pursuit whose time is up makes no further try; one without an answer is still looked at. */
function goOn({ id, entries }: Run, plan: Plan, pursuit: PursuitSoFar | undefined): Note {
  const ended = entries.findLast((each) => each.type === "ended");
  if (pursuit && !isOpen(pursuit) && ended?.exit === EXIT.timeout) {
    return { level: "info", text: `the time is up; for more time, with a longer --for: ${applying(plan)}` };
  }
  const isChanged = plan.steps.some((step) => {
    const entry = newest(step.id, entries);
    return entry?.type === "answered" && CHANGED.some((code) => code === entry.code);
  });
  const text = isChanged ? `make a new plan: ${plan.command}` : `go on with: azwise runs resume ${id}`;
  return { level: "info", text };
}

function newest(step: string, entries: readonly JournalEntry[]): JournalEntry | undefined {
  return entries.findLast((each) => "step" in each && each.step === step);
}

/** The newest entry about a step tells its state; "sent" means that no answer was ever seen. */
function stateOf(
  step: string,
  entries: readonly JournalEntry[],
): { state: string; at: string; detail: string } {
  const entry = newest(step, entries);
  if (entry?.type === "sent") return { state: "sent, no answer", at: entry.at, detail: "" };
  if (entry?.type !== "answered") return { state: "not tried", at: "", detail: "" };
  const detail = [entry.code, entry.message].filter((each) => each !== undefined).join(": ");
  return { state: entry.outcome, at: entry.at, detail };
}

export const show = verb({
  name: "show",
  summary: "What one run did, step by step",
  examples: ["runs show <id>"],
  args: ["<id>"],
  flags: [],
  input: ShowInput,
  run: runShow,
  view: viewShow,
});
