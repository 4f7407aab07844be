import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { readPrivate } from "../azure/private-file.ts";
import { AppError } from "../errors.ts";
import { owedFolder } from "./owed-folder.ts";
import type { Plan, Step } from "./plan.ts";

const Debt = z.object({
  /** Id of the step that was about to be sent. */
  after: z.string(),
  /** Of the step that has to follow. */
  title: z.string(),
  resource: z.string(),
  byHand: z.string().optional(),
});

const Note = z.object({
  cloud: z.string(),
  tenantId: z.string(),
  subscriptionIds: z.array(z.string()),
  debts: z.array(Debt).min(1),
});

/** What a run has begun and must end: what follows a step that was sent, until it was verified. */
export type OwedNote = z.infer<typeof Note>;

/** A note, or why it cannot be used; undefined when there is none. */
export type OwedRead = { note: OwedNote } | { broken: string } | undefined;

/** The note of one run, in the state folder. Calls are carried out in their order. */
export interface Owing {
  /** Notes that these steps must follow `after`; on disk once it resolves. Throws AppError "failed". */
  owe(after: string, followers: readonly Step[], target: Plan["target"]): Promise<void>;
  /** What had to follow `after` did. A note that cannot be taken away stays, and is told. */
  settle(after: string): Promise<void>;
  /** Nothing is owed any more. */
  settleAll(): Promise<void>;
}

export function openOwing(id: string, folder: string): Owing {
  const path = noteFile(id, folder);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  const others = async (after: string): Promise<OwedNote["debts"]> => {
    const read = await readNote(path);
    return read && "note" in read ? read.note.debts.filter((each) => each.after !== after) : [];
  };
  const remove = (): Promise<void> => rm(path, { force: true }).catch(() => {});
  return {
    owe: (after, followers, target) =>
      inTurn(async () => {
        const debts = followers.map(({ title, resource, byHand }) => ({
          after,
          title,
          resource,
          ...(byHand === undefined ? {} : { byHand }),
        }));
        await writeDurably(path, { ...target, debts: [...(await others(after)), ...debts] });
      }),
    settle: (after) =>
      inTurn(async () => {
        const read = await readNote(path);
        if (read === undefined || !("note" in read)) return;
        const debts = await others(after);
        if (debts.length === 0) await remove();
        else await writeDurably(path, { ...read.note, debts }).catch(() => {});
      }),
    settleAll: () => inTurn(remove),
  };
}

export function noteFile(id: string, folder: string): string {
  return join(owedFolder(folder), `${id}.json`);
}

export async function readNote(path: string): Promise<OwedRead> {
  const found = await readPrivate(path);
  if (found === undefined) return undefined;
  if ("refused" in found) return { broken: found.refused };
  try {
    return { note: Note.parse(JSON.parse(found.text)) };
  } catch {
    return { broken: "it is damaged" };
  }
}

/** On disk as a whole before the request leaves, its folders' entries included, or a crash would hide what is owed. */
async function writeDurably(path: string, note: OwedNote): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  const folder = dirname(path);
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(temporary, "wx", 0o600);
    await andClose(file, async () => {
      await file.writeFile(`${JSON.stringify(note)}\n`);
      await file.sync();
    });
    await rename(temporary, path);
    await syncFolder(folder);
    if (made !== undefined) await syncFolder(dirname(folder));
  } catch (cause) {
    // Where nothing could be written there is nothing to remove either.
    await rm(temporary, { force: true }).catch(() => {});
    throw new AppError("failed", `cannot note what is owed in ${folder}`, {
      hint: "make room, and check the permissions of the state folder",
      cause,
    });
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and keeps their entries by itself.
  const folder = await open(path, "r").catch(() => undefined);
  if (folder) await andClose(folder, () => folder.sync().catch(() => {}));
}

async function andClose(file: FileHandle, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await file.close();
  }
}
