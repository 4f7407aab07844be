import { mkdir, open, readdir, readFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AppError } from "../errors.ts";
import { redact } from "../output/redact.ts";
import { Plan } from "./plan.ts";

const Entry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("plan"), at: z.string(), plan: Plan }),
  /** About to send; without a later answer the request may or may not have arrived. */
  z.object({ type: z.literal("sent"), at: z.string(), step: z.string() }),
  z.object({
    type: z.literal("answered"),
    at: z.string(),
    step: z.string(),
    outcome: z.enum(["done", "failed"]),
    code: z.string().optional(),
    message: z.string().optional(),
  }),
  z.object({ type: z.literal("ended"), at: z.string(), exit: z.number() }),
]);

export type JournalEntry = z.infer<typeof Entry>;
type Unstamped<T> = T extends unknown ? Omit<T, "at"> : never;

export interface Journal {
  id: string;
  append(entry: Unstamped<JournalEntry>): Promise<void>;
  close(): Promise<void>;
}

export interface Run {
  id: string;
  entries: JournalEntry[];
}

export interface JournalPlace {
  /** The state folder; journals are in `runs/` below it. */
  folder: string;
  now: () => Date;
}

/** Starts a journal with the plan as its first line. Fails before anything is changed. */
export async function startJournal(plan: Plan, place: JournalPlace): Promise<Journal> {
  const stamp = place.now().toISOString().replace(/[-:]/g, "").slice(0, 15);
  const id = `${stamp}-${crypto.randomUUID().slice(0, 8)}`;
  const journal = await openJournal(id, place, "wx");
  await journal.append({ type: "plan", plan });
  return journal;
}

/** Goes on writing to the journal of an earlier run. */
export async function reopenJournal(id: string, place: JournalPlace): Promise<Journal> {
  return openJournal(id, place, "a");
}

async function openJournal(id: string, place: JournalPlace, flags: "wx" | "a"): Promise<Journal> {
  const folder = join(place.folder, "runs");
  let handle: FileHandle;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    handle = await open(join(folder, `${id}.jsonl`), flags, 0o600);
  } catch (cause) {
    throw new AppError("failed", `cannot write the journal in ${folder}; nothing was changed`, {
      hint: "set XDG_STATE_HOME to a writable folder",
      cause,
    });
  }
  let last = Promise.resolve();
  return {
    id,
    append(entry) {
      const line = `${redact(JSON.stringify({ ...entry, at: place.now().toISOString() }))}\n`;
      last = last.then(() => writeDurably(handle, line));
      return last;
    },
    close: () => handle.close(),
  };
}

/** The line must be on disk before the request leaves, or a crash would hide a change. */
async function writeDurably(handle: FileHandle, line: string): Promise<void> {
  await handle.write(line);
  await handle.sync();
}

/** Reads one run; a last line cut short by a crash is ignored. */
export async function readRun(id: string, folder: string): Promise<Run> {
  let text: string;
  try {
    text = await readFile(join(folder, "runs", `${id}.jsonl`), "utf8");
  } catch (cause) {
    throw new AppError("usage", `there is no run "${id}"`, { hint: "azwise runs list", cause });
  }
  const lines = text.split("\n").filter((line) => line !== "");
  const entries = lines.flatMap((line, index) => parseLine(line, index === lines.length - 1, id));
  return { id, entries };
}

function parseLine(line: string, isLast: boolean, id: string): JournalEntry[] {
  try {
    return [Entry.parse(JSON.parse(line))];
  } catch (cause) {
    if (isLast) return [];
    throw new AppError("failed", `the journal of run ${id} is damaged`, { hint: "azwise runs list", cause });
  }
}

/** Ids of all runs, newest first. */
export async function listRuns(folder: string): Promise<string[]> {
  try {
    const files = await readdir(join(folder, "runs"));
    const journals = files.filter((file) => file.endsWith(".jsonl"));
    return journals
      .map((file) => file.slice(0, -".jsonl".length))
      .sort()
      .reverse();
  } catch {
    // No run was ever made here.
    return [];
  }
}

/** Steps that a journal proves done, and steps that were sent without an answer. */
export function progressOf(run: Run): { plan: Plan | undefined; done: Set<string>; open: Set<string> } {
  const done = new Set<string>();
  const open = new Set<string>();
  let plan: Plan | undefined;
  for (const entry of run.entries) {
    if (entry.type === "plan") plan = entry.plan;
    if (entry.type === "sent") open.add(entry.step);
    if (entry.type === "answered") open.delete(entry.step);
    if (entry.type === "answered" && entry.outcome === "done") done.add(entry.step);
  }
  return { plan, done, open };
}
