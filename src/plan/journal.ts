import { mkdir, open, readdir, readFile, truncate, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AppError } from "../errors.ts";
import type { Json } from "../json.ts";
import { redact } from "../output/redact.ts";
import { openOwing, type Owing } from "./owed.ts";
import { Plan } from "./plan.ts";
import { TryCause, TryResult } from "./pursuit.ts";
import { lockRun, readHold, type Hold } from "./run-lock.ts";
import { TROUBLES, type Trouble } from "./send.ts";

const Tried = z.object({
  type: z.literal("tried"),
  at: z.string(),
  choice: z.string(),
  result: TryResult,
  cause: TryCause.optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

const Entry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("plan"), at: z.string(), plan: Plan }),
  /** About to send; without a later answer the request may or may not have arrived. `version` is from before. */
  z.object({ type: z.literal("sent"), at: z.string(), step: z.string(), version: z.json().optional() }),
  z.object({
    type: z.literal("answered"),
    at: z.string(),
    step: z.string(),
    outcome: z.enum(["done", "failed"]),
    code: z.string().optional(),
    message: z.string().optional(),
    trouble: z.enum(TROUBLES).optional(),
  }),
  /** When a pursuit began and has to end, on the clock of the cloud; a resumed run keeps to it. */
  z.object({
    type: z.literal("pursuit"),
    at: z.string(),
    started: z.iso.datetime(),
    until: z.iso.datetime(),
  }),
  /** How one try of a choice ended. */
  Tried,
  z.object({ type: z.literal("ended"), at: z.string(), exit: z.number() }),
]);

export type JournalEntry = z.infer<typeof Entry>;
type Unstamped<T> = T extends unknown ? Omit<T, "at"> : never;

export interface Journal {
  id: string;
  append(entry: Unstamped<JournalEntry>): Promise<void>;
  /** What has been begun and must be ended. */
  owing: Owing;
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

/** Starts a journal with the plan as its first line, and holds the run until it is closed. Fails before anything is changed. */
export async function startJournal(plan: Plan, place: JournalPlace): Promise<Journal> {
  const stamp = place.now().toISOString().replace(/[-:]/g, "").slice(0, 15);
  const id = `${stamp}-${crypto.randomUUID().slice(0, 8)}`;
  const journal = await openJournal(id, place, "ax");
  let release: (() => Promise<void>) | undefined;
  const close = async (): Promise<void> => {
    await journal.close();
    await release?.();
  };
  try {
    // Nobody can resume it before it has a plan.
    release = await lockRun(id, fileOf(id, place.folder), place.now());
    await journal.append({ type: "plan", plan });
  } catch (error) {
    await close();
    throw error;
  }
  return { ...journal, close };
}

/** Goes on writing to the journal of an earlier run, after its last whole line; whoever does holds the run. */
export async function reopenJournal(id: string, place: JournalPlace): Promise<Journal> {
  const text = await readJournal(id, place.folder);
  const whole = wholeLines(text);
  if (whole !== text) await truncate(fileOf(id, place.folder), Buffer.byteLength(whole));
  return openJournal(id, place, "a");
}

/** Does work on an earlier run while no other process does. Throws AppError "failed" while one has it. */
export async function holdRun<T>(id: string, place: JournalPlace, work: () => Promise<T>): Promise<T> {
  // That it is there, and its name one of a run, before anything is written beside it.
  await readJournal(id, place.folder);
  const release = await lockRun(id, fileOf(id, place.folder), place.now());
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Who may be at work on a run now. */
export async function holdOf(id: string, folder: string): Promise<Hold | undefined> {
  return readHold(fileOf(id, folder));
}

async function openJournal(id: string, place: JournalPlace, flags: "ax" | "a"): Promise<Journal> {
  const folder = join(place.folder, "runs");
  let handle: FileHandle;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    handle = await open(fileOf(id, place.folder), flags, 0o600);
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
      const line = `${JSON.stringify({ ...withoutSecrets(entry), at: place.now().toISOString() })}\n`;
      last = last.then(() => writeDurably(handle, line, id));
      return last;
    },
    owing: openOwing(id, place.folder),
    close: () => handle.close(),
  };
}

/** Messages come from elsewhere; a plan is kept as it is, or it could not be resumed. */
function withoutSecrets(entry: Unstamped<JournalEntry>): Unstamped<JournalEntry> {
  if (!("message" in entry) || entry.message === undefined) return entry;
  return { ...entry, message: redact(entry.message) };
}

/** The line must be on disk before the request leaves, or a crash would hide a change. */
async function writeDurably(handle: FileHandle, line: string, id: string): Promise<void> {
  try {
    await handle.appendFile(line);
    await handle.sync();
  } catch (cause) {
    const hint = `make room, then look at the run with: azwise runs show ${id}`;
    throw new AppError("failed", `cannot write the journal of run ${id}`, { hint, cause });
  }
}

const RUN_ID = /^\d{8}T\d{6}-[0-9a-f]{8}$/;

function fileOf(id: string, folder: string): string {
  return join(folder, "runs", `${id}.jsonl`);
}

/** Reads one run; a last line cut short by a crash is ignored. */
export async function readRun(id: string, folder: string): Promise<Run> {
  const lines = wholeLines(await readJournal(id, folder)).split("\n");
  return { id, entries: lines.filter((line) => line !== "").map((line) => parseLine(line, id)) };
}

async function readJournal(id: string, folder: string): Promise<string> {
  try {
    if (RUN_ID.test(id)) return await readFile(fileOf(id, folder), "utf8");
  } catch (cause) {
    if (!isMissing(cause)) throw new AppError("failed", `cannot read the journal of run ${id}`, { cause });
  }
  throw new AppError("usage", `there is no run "${id}"`, { hint: "azwise runs list" });
}

/** Every line is written together with its end, so one without it was cut off. */
function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function parseLine(line: string, id: string): JournalEntry {
  try {
    return Entry.parse(JSON.parse(line));
  } catch (cause) {
    const hint = "do not resume it: make a new plan, which starts from the state as it is";
    throw new AppError("failed", `the journal of run ${id} is damaged`, { hint, cause });
  }
}

/** Ids of all runs, newest first. */
export async function listRuns(folder: string): Promise<string[]> {
  try {
    const files = await readdir(join(folder, "runs"));
    const ids = files
      .filter((file) => file.endsWith(".jsonl"))
      .map((file) => file.slice(0, -".jsonl".length));
    return ids
      .filter((id) => RUN_ID.test(id))
      .sort()
      .reverse();
  } catch (cause) {
    if (isMissing(cause)) return [];
    const hint = "check the permissions of the state folder";
    throw new AppError("failed", `cannot read the runs in ${folder}`, { hint, cause });
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** What an earlier part of a pursuit left: its time, and the tries so far. */
export interface PursuitSoFar {
  started: string;
  until: string;
  tried: z.infer<typeof Tried>[];
  /** Steps that were sent since the last try, and whose answer was never seen. */
  unanswered: Set<string>;
}

/** Whether a try has no answer, so that it may have been granted. */
export function isOpen({ tried, unanswered }: PursuitSoFar): boolean {
  return unanswered.size > 0 || tried.at(-1)?.result === "unsure";
}

export interface RunProgress {
  plan: Plan | undefined;
  done: Set<string>;
  sent: Map<string, Json>;
  /** Undefined when there is none, or none has begun. */
  pursuit: PursuitSoFar | undefined;
}

/** Steps that a journal proves done, and those that were sent, whatever came of it, with the version before that. */
export function progressOf(run: Run): RunProgress {
  const done = new Set<string>();
  const sent = new Map<string, Json>();
  let plan: Plan | undefined;
  const unanswered = new Set<string>();
  let pursuit: PursuitSoFar | undefined;
  for (const entry of run.entries) {
    if (entry.type === "plan") plan = entry.plan;
    if (entry.type === "sent") {
      // The first counts: what is seen by a later try may be what an earlier one, and somebody after it, made.
      if (!sent.has(entry.step)) sent.set(entry.step, entry.version ?? null);
      unanswered.add(entry.step);
    }
    if (entry.type === "answered" && !isUnseen(entry.trouble)) unanswered.delete(entry.step);
    if (entry.type === "answered" && entry.outcome === "done") done.add(entry.step);
    if (entry.type === "pursuit")
      pursuit ??= { started: entry.started, until: entry.until, tried: [], unanswered };
    if (entry.type === "tried") {
      pursuit?.tried.push(entry);
      unanswered.clear();
    }
  }
  return { plan, done, sent, pursuit };
}

/** The end of what was sent was not seen, so it may have taken effect. */
function isUnseen(trouble: Trouble | undefined): boolean {
  return trouble === "unsure" || trouble === "stop";
}
