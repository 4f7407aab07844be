import type { Host } from "./context.ts";
import { AppError } from "./errors.ts";
import { findFolders } from "./folders.ts";
import { redact } from "./output/redact.ts";
import { stripControl } from "./output/text.ts";
import { listOwed } from "./plan/owed-folder.ts";

/**
 * Said on stderr by every command until it is done, also by one that is then refused. Not of a run that the command
 * line names to go on with it.
 */
export async function tellWhatIsOwed(argv: readonly string[], host: Host): Promise<void> {
  const state = stateOf(host);
  if (state === undefined) return;
  const say = (line: string): void => host.stderr.write(`${redact(stripControl(`warning: ${line}`))}\n`);
  const owed = await listOwed(state);
  if (!Array.isArray(owed)) {
    return say(`cannot tell whether a run owes something: its notes cannot be read (${owed.unread})`);
  }
  if (owed.length === 0) return;
  const { tellOwed } = await import("./plan/owed-tell.ts");
  const [room, word, ...rest] = argv;
  const resuming = room === "runs" && word === "resume" ? rest : [];
  for (const line of await tellOwed(owed, state, resuming)) say(line);
}

/** Undefined without a home folder, which the verb itself refuses. */
function stateOf({ env }: Host): string | undefined {
  try {
    return findFolders(env).state;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
