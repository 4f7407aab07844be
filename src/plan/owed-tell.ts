import { join } from "node:path";
import { AppError } from "../errors.ts";
import { holdOf, progressOf, readRun } from "./journal.ts";
import { owedFolder } from "./owed-folder.ts";
import { readNote, type OwedNote } from "./owed.ts";
import type { Hold } from "./run-lock.ts";

/** One line for each of these notes whose run does not go on, except that of the run that is being resumed. */
export async function tellOwed(
  names: readonly string[],
  state: string,
  resuming: string | undefined,
): Promise<string[]> {
  const lines = await Promise.all(
    names
      .map((name) => name.slice(0, -".json".length))
      .filter((id) => id !== resuming)
      .map((id) => tellOne(id, state)),
  );
  return lines.filter((line) => line !== undefined);
}

async function tellOne(id: string, state: string): Promise<string | undefined> {
  const path = join(owedFolder(state), `${id}.json`);
  const read = await readNote(path);
  if (read === undefined) return undefined;
  if ("broken" in read) {
    return `run ${id} may owe something, but ${path} cannot be used: ${read.broken}; see azwise runs show ${id}, and delete the file once all is right`;
  }
  const { note } = read;
  const [hold, missing] = await Promise.all([holdOf(id, state), whyNoJournal(id, state)]);
  if (hold?.state === "running" || note.debts.length === 0) return undefined;
  const what = note.debts.map(({ title, resource }) => `${title} (${resource})`).join("; ");
  const next = missing === undefined ? `azwise runs resume ${id}` : byHand(note, missing, path);
  return `run ${id} owes in cloud ${note.cloud}: ${what}; ${perhaps(hold, id)}${next}`;
}

function perhaps(hold: Hold | undefined, id: string): string {
  return hold === undefined ? "" : `cannot tell whether run ${id} still runs, because ${hold.who} has it; `;
}

/** Undefined when the run can be resumed. */
async function whyNoJournal(id: string, state: string): Promise<string | undefined> {
  try {
    return progressOf(await readRun(id, state)).plan ? undefined : "holds no plan";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.kind === "usage" ? "is gone" : "cannot be read";
  }
}

function byHand({ debts }: OwedNote, missing: string, path: string): string {
  const commands = debts.map((each) => each.byHand ?? "no command is known");
  return `its journal ${missing}, so do it by hand: ${commands.join("; ")}; then delete ${path}`;
}
