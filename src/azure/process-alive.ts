import { readFile } from "node:fs/promises";
import { kill } from "node:process";

/** Whether a process of this machine runs; one that may not be signalled does. */
export async function isAlive(processId: number): Promise<boolean> {
  try {
    kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  // A process that ended keeps its number until it is reaped, which in a container may be never.
  const status = await readFile(`/proc/${processId}/status`, "utf8").catch(() => "");
  return !/^State:\tZ/m.test(status);
}
