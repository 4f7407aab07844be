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
  return !(await stateOf(processId)).startsWith("Z");
}

/** Whether a process stands still until it is told to go on, by SIGSTOP or a debugger; false where that is not told. */
export async function isSuspended(processId: number): Promise<boolean> {
  return /^T/i.test(await stateOf(processId));
}

/** "S (sleeping)"; empty where the system does not tell. */
async function stateOf(processId: number): Promise<string> {
  const status = await readFile(`/proc/${processId}/status`, "utf8").catch(() => "");
  return /^State:\t(.*)$/m.exec(status)?.[1] ?? "";
}

/**
 * When a process began, as its system numbers that; undefined where it does not tell. A number of a process is given
 * again after a while, and at once after a restart of the machine.
 */
export async function birthOf(processId: number): Promise<string | undefined> {
  const [boot, stat] = await Promise.all(
    ["/proc/sys/kernel/random/boot_id", `/proc/${processId}/stat`].map((path) =>
      readFile(path, "utf8").catch(() => undefined),
    ),
  );
  // Its name stands in parentheses and may hold any of these signs; the 22nd field is the time.
  const began = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return boot === undefined || began === undefined ? undefined : `${boot.trim()} ${began}`;
}
