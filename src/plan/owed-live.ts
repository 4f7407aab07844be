import { holdOf } from "./journal.ts";
import { listOwed } from "./owed-folder.ts";
import { noteFile, readNote } from "./owed.ts";
import type { Hold } from "./run-lock.ts";

/** A run that goes on, and what it will do to a resource. */
export interface Doing {
  run: string;
  hold: Hold;
  title: string;
  resource: string;
}

/** What runs whose process lives owe to these resources. Of a note that cannot be read it is told elsewhere. */
export async function whatRunsWillDo(resources: readonly string[], state: string): Promise<Doing[]> {
  const wanted = new Set(resources.map((id) => id.toLowerCase()));
  const names = await listOwed(state);
  if (!Array.isArray(names) || wanted.size === 0) return [];
  const found = await Promise.all(
    names.map(async (name) => {
      const run = name.slice(0, -".json".length);
      const [read, hold] = await Promise.all([readNote(noteFile(run, state)), holdOf(run, state)]);
      if (hold?.state !== "running" || !read || !("note" in read)) return [];
      return read.note.debts
        .filter(({ resource }) => wanted.has(resource.toLowerCase()))
        .map(({ title, resource }) => ({ run, hold, title, resource }));
    }),
  );
  return found.flat();
}
