import type { Replica } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { whatRunsWillDo } from "../../plan/owed-live.ts";

/** Throws AppError "changes" where a run of this machine that goes on will undo that these regions leave. */
export async function requireNotOwed(
  replicas: readonly Replica[],
  regions: readonly string[],
  { folders }: Context,
): Promise<void> {
  const leaving = replicas.filter(({ region }) => regions.includes(region)).flatMap(({ id }) => id ?? []);
  const [doing] = await whatRunsWillDo(leaving, folders.state);
  if (!doing) return;
  const { run, title, hold } = doing;
  const { who, pid = 0 } = hold;
  throw new AppError("changes", `run ${run} (${who}) would undo it, as it is to do this: ${title}`, {
    hint: `see azwise runs show ${run}; kill -INT ${pid} ends it, with the replica back, and then this can be done`,
  });
}
