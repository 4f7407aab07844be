import { join } from "node:path";
import { isSuspended } from "../azure/process-alive.ts";
import { AppError } from "../errors.ts";
import { completeCommands } from "../typed-target.ts";
import { holdOf, progressOf, readRun } from "./journal.ts";
import { owedFolder } from "./owed-folder.ts";
import { readNote, type OwedNote } from "./owed.ts";
import type { Hold } from "./run-lock.ts";

/** One line for each of these notes, except those of the runs that are being resumed. */
export async function tellOwed(
  names: readonly string[],
  state: string,
  resuming: readonly string[],
): Promise<string[]> {
  const lines = await Promise.all(
    names
      .map((name) => name.slice(0, -".json".length))
      .filter((id) => !resuming.includes(id))
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
  const { cloud, tenantId: tenant, subscriptionIds: subscriptions } = note;
  const hold = await holdOf(id, state);
  const what = note.debts.map(({ title, resource }) => `${title} (${resource})`).join("; ");
  const owes = `run ${id} owes in cloud ${cloud}: ${what}`;
  const typed = { cloud, tenant, subscriptions };
  if (hold?.state === "running") return completeCommands(`${owes}; ${await whoIsAtIt(hold, id)}`, typed);
  const missing = await whyNoJournal(id, state);
  const last = `; should that not be possible, delete ${path} once all is right`;
  const next = missing === undefined ? `azwise runs resume ${id}${last}` : byHand(note, missing, path);
  return completeCommands(`${owes}; ${perhaps(hold, id)}${next}`, typed);
}

/** While its process lives the run ends what it has begun by itself, unless it is kept from it. */
async function whoIsAtIt({ who, pid = 0 }: Hold, id: string): Promise<string> {
  if (!(await isSuspended(pid))) return `${who} is at it and does that itself`;
  return `${who} is to do that and is suspended: let it go on with kill -CONT ${pid}, or end it with kill -KILL ${pid} and type azwise runs resume ${id}`;
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
