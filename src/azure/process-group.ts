import { spawn, type ChildProcess } from "node:child_process";
import { platform } from "node:os";
import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Readable } from "node:stream";

/** How a program that was started ended. */
export interface Ended {
  /** The number, or the name of the signal that ended it. */
  exit: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

export interface GroupOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  shell: boolean;
  /** Ends the program and all that it started; its reason is thrown when nothing of them is left. */
  signal: AbortSignal;
  /** What it reads; nothing when left out. */
  stdin?: string;
  /** Longest output of each stream. */
  mostBytes: number;
}

/** What was asked for with SIGTERM has this long to end. */
const GRACE_MS = 2000;
/** What SIGKILL ended is gone at once, unless the machine is busy; a zombie that nobody reaps stays. */
const GONE_WITHIN_MS = 1000;

const HAS_GROUPS = platform() !== "win32";

/** Longer output than is accepted. */
export class TooMuchOutput extends Error {}

/**
 * Runs a program in a process group of its own, so that what it starts ends together with it: a launcher need not
 * pass signals on. Throws what spawn throws, the signal's reason, or TooMuchOutput.
 */
export async function runGroup(
  program: string,
  args: readonly string[],
  options: GroupOptions,
): Promise<Ended> {
  const { cwd, env, shell, signal, stdin, mostBytes } = options;
  signal.throwIfAborted();
  const stdio: ["pipe", "pipe", "pipe"] = ["pipe", "pipe", "pipe"];
  const child = spawn(program, [...args], { cwd, env, shell, detached: HAS_GROUPS, stdio });
  // It may end without reading; its exit code says why.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const tooMuch = new AbortController();
  const refuse = (): void => tooMuch.abort(new TooMuchOutput());
  const [stdout, stderr] = [
    collect(child.stdout, mostBytes, refuse),
    collect(child.stderr, mostBytes, refuse),
  ];
  const stopped = AbortSignal.any([signal, tooMuch.signal]);
  const exit = await endOf(child, stopped);
  if (stopped.aborted) {
    await endGroup(child);
    throw stopped.reason;
  }
  return { exit, stdout: stdout(), stderr: stderr() };
}

async function endOf(child: ChildProcess, stopped: AbortSignal): Promise<number | NodeJS.Signals> {
  let late: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child, "SIGTERM");
    late = setTimeout(() => {
      signalGroup(child, "SIGKILL");
      // Held open by what has left the group, or where there are no groups.
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    }, GRACE_MS);
  };
  stopped.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exit, signal) => resolve(signal ?? exit ?? 1));
    });
  } finally {
    clearTimeout(late);
    stopped.removeEventListener("abort", stop);
  }
}

/** The program is gone, but not all that it started need be. */
async function endGroup(child: ChildProcess): Promise<void> {
  for (let waitedMs = 0; signalGroup(child, "SIGKILL") && waitedMs < GONE_WITHIN_MS; waitedMs += 20) {
    await sleep(20);
  }
}

/** False when there is nobody left to hear it. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return kill(HAS_GROUPS ? -pid : pid, signal);
  } catch {
    return false;
  }
}

function collect(stream: Readable, mostBytes: number, refuse: () => void): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  stream.on("data", (part: Buffer) => {
    size += part.length;
    if (size > mostBytes) return refuse();
    parts.push(part);
  });
  return () => Buffer.concat(parts).toString("utf8");
}
