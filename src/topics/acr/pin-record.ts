import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { readPrivate, writePrivate } from "../../azure/private-file.ts";
import { AppError } from "../../errors.ts";
import { reverse, splice, type Edit } from "./pin-plan.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** How a file came to be pinned. Of its text only the replaced hosts are kept, as it may hold secrets. */
const PinRecord = z.strictObject({
  formatVersion: z.literal(1),
  path: z.string(),
  /** Of the bytes before the first change. */
  original: Hash,
  /** Each change, with the hash of the bytes after it. */
  layers: z.array(
    z.strictObject({
      pinned: Hash,
      edits: z.array(z.strictObject({ at: z.int().min(0), from: z.string(), to: z.string() })),
    }),
  ),
});
type PinRecord = z.infer<typeof PinRecord>;

/** A file's text before azwise pinned it, or why that cannot be had. */
export type Restored =
  | { text: string; edits: Edit[] }
  /** "original": nothing is left of any change; "changed": somebody changed it after azwise. */
  | "original"
  | "changed";

function hashOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** The record after one more change of the file at `path`, from `text` by `edits`. */
export function extend(
  record: PinRecord | undefined,
  { path, text }: { path: string; text: string },
  edits: Edit[],
): PinRecord {
  const before = hashOf(text);
  const layer = { pinned: hashOf(splice(text, edits)), edits };
  const last = record?.layers.findLastIndex(({ pinned }) => pinned === before) ?? -1;
  // What was done by hand since, and what azwise did before that, is no way back any more.
  if (!record || last < 0) return { formatVersion: 1, path, original: before, layers: [layer] };
  return { ...record, layers: [...record.layers.slice(0, last + 1), layer] };
}

/** Takes all changes back, from the newest that the text is the result of. */
export function restore({ original, layers }: PinRecord, text: string): Restored {
  const now = hashOf(text);
  if (now === original) return "original";
  const last = layers.findLastIndex(({ pinned }) => pinned === now);
  const edits = layers.slice(0, last + 1).map((layer) => layer.edits);
  const restored = edits.reduceRight((later, each) => splice(later, reverse(each)), text);
  return hashOf(restored) === original ? { text: restored, edits: edits.flat() } : "changed";
}

function fileOf(path: string, state: string): string {
  return join(state, "pins", `${hashOf(path)}.json`);
}

/** Undefined when azwise has not pinned the file. Throws AppError "failed" for a record that cannot be trusted. */
export async function readRecord(path: string, state: string): Promise<PinRecord | undefined> {
  const file = fileOf(path, state);
  const read = await readPrivate(file);
  if (read === undefined) return undefined;
  const refuse = (why: string, cause?: unknown): AppError =>
    new AppError("failed", `what azwise kept of ${path} is not usable: ${why}`, {
      hint: `delete ${file}; the file itself is as it is`,
      cause,
    });
  if ("refused" in read) throw refuse(read.refused);
  try {
    return PinRecord.parse(JSON.parse(read.text));
  } catch (cause) {
    throw refuse("it is damaged", cause);
  }
}

/** Throws AppError "failed" when it cannot be written. */
export async function writeRecord(record: PinRecord, state: string): Promise<void> {
  await writePrivate(fileOf(record.path, state), `${JSON.stringify(record)}\n`);
}

export async function removeRecord(path: string, state: string): Promise<void> {
  await rm(fileOf(path, state), { force: true });
}
