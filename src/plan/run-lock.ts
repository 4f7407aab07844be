import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { pid } from "node:process";
import * as z from "zod";
import { readPrivate, withLock, writePrivate } from "../azure/private-file.ts";
import { birthOf, isAlive } from "../azure/process-alive.ts";
import { AppError } from "../errors.ts";

const Holder = z.object({
  pid: z.int().min(1),
  host: z.string(),
  since: z.string(),
  /** As `birthOf` tells it, where it does. */
  birth: z.string().optional(),
});

/** Who may be at work on a run: "running" is a process of this machine, "locked" one that cannot be asked about. */
export interface Hold {
  state: "running" | "locked";
  /** "process 4711 since 2026-11-21T08:00:00.000Z" */
  who: string;
  /** Of the process, where it is one of this machine. */
  pid?: number;
}

/** Undefined when nobody is: there is no lock, or its process is gone. `journal` is the path of the run's journal. */
export async function readHold(journal: string): Promise<Hold | undefined> {
  return readLock(lockOf(journal));
}

async function readLock(lock: string): Promise<Hold | undefined> {
  const found = await readPrivate(lock);
  if (found === undefined) return undefined;
  const holder = Holder.safeParse("text" in found ? parse(found.text) : undefined).data;
  if (holder === undefined) return { state: "locked", who: "a process that its lock does not tell" };
  const who = `process ${holder.pid} since ${holder.since}`;
  if (holder.host !== hostname()) return { state: "locked", who: `${who} on ${holder.host}` };
  return (await isHeldBy(holder)) ? { state: "running", who, pid: holder.pid } : undefined;
}

/** Another process may have the number by now. */
async function isHeldBy({ pid: processId, birth }: z.infer<typeof Holder>): Promise<boolean> {
  if (!(await isAlive(processId))) return false;
  const now = birth === undefined ? undefined : await birthOf(processId);
  return now === undefined || now === birth;
}

/**
 * Keeps other processes off a run until the returned function is called. Throws AppError "failed" while another one
 * has it, or may have it.
 */
export async function lockRun(id: string, journal: string, now: Date): Promise<() => Promise<void>> {
  const lock = lockOf(journal);
  return takeLock(lock, now, (hold) => refuse(id, hold, lock));
}

/** As `lockRun`, for a lock of any path, with the error of whoever asks. */
export async function takeLock(
  lock: string,
  now: Date,
  refuse: (hold: Hold) => AppError,
): Promise<() => Promise<void>> {
  const birth = await birthOf(pid);
  const holder: z.infer<typeof Holder> = { pid, host: hostname(), since: now.toISOString(), birth };
  const text = JSON.stringify(holder);
  // Looking and taking is one thing, or two who find the lock of a dead process would both take it.
  await withLock(lock, async () => {
    const hold = await readLock(lock);
    if (hold) throw refuse(hold);
    await writePrivate(lock, text);
  });
  return async () => {
    // Somebody may have been told to delete it, and have it by now.
    const found = await readPrivate(lock);
    if (found !== undefined && "text" in found && found.text === text) await rm(lock, { force: true });
  };
}

function refuse(id: string, { state, who }: Hold, lock: string): AppError {
  const isHere = state === "running";
  const text = isHere
    ? `run ${id} is still running: ${who}`
    : `cannot tell whether run ${id} still runs, because ${who} has it`;
  const look = `see how far it is with: azwise runs show ${id}`;
  return new AppError("failed", text, {
    hint: `${look}; if that is no azwise${isHere ? "" : " any more"}, delete ${lock}`,
  });
}

function lockOf(journal: string): string {
  return journal.replace(/\.jsonl$/, ".lock");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
