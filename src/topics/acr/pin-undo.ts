import { join } from "node:path";
import { withLock } from "../../azure/private-file.ts";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { readRecord, removeRecord, restore, type Restored } from "./pin-record.ts";
import { readTextFiles, replaceTextFiles, type TextFile } from "./text-files.ts";

export interface UndoneFile {
  file: TextFile;
  /** "unknown": azwise has not pinned it. */
  restored: Restored | "unknown";
}

export interface UndoResult {
  undone: UndoneFile[];
  applied: boolean;
}

interface How {
  apply: boolean;
  /** What a person sees before the question. */
  show: (shown: UndoResult) => View;
}

/** Gives files the bytes back that they had before azwise pinned them; others are left alone. Asks no service. */
export async function undoPins(
  files: readonly string[],
  { apply, show }: How,
  ctx: Context,
): Promise<UndoResult> {
  const undone: UndoneFile[] = [];
  for (const file of await readTextFiles(files, ctx.cwd)) {
    const record = await readRecord(file.path, ctx.folders.state);
    undone.push({ file, restored: record ? restore(record, file.text) : "unknown" });
  }
  const back = undone.flatMap(({ file, restored }) =>
    typeof restored === "string" ? [] : [{ file, text: restored.text }],
  );
  if (!apply || back.length === 0) return { undone, applied: false };
  await ctx.confirmOrStop(
    `Restore ${back.length === 1 ? "1 file" : `${back.length} files`}?`,
    show({ undone, applied: false }),
  );
  await withLock(join(ctx.folders.state, "pins"), async () => {
    await replaceTextFiles(back, async () => {});
    for (const { file } of back) await removeRecord(file.path, ctx.folders.state);
  });
  return { undone, applied: true };
}
