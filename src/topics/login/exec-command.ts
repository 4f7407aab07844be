import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Context, Env } from "../../context.ts";

export interface Command {
  program: string;
  args: readonly string[];
  env: Env;
  cwd: string;
  /** Told the number of its process, once there is one. */
  onStart: (processId: number) => void;
}

type Surroundings = Pick<Context, "onInterrupt" | "onSignal" | "say">;

/**
 * Runs a command in azwise's place: its streams are azwise's own, and signals go to it. Returns its exit code, or
 * 128 and the number of the signal that ended it, or 127 when it is not found and 126 when it cannot be run, as
 * shells do.
 */
export async function runCommand(command: Command, ctx: Surroundings): Promise<number> {
  const { program, args, env, cwd, onStart } = command;
  let child: ChildProcess | undefined;
  // Before it is started: it may be sent signals at once.
  const stop = forwardSignals((signal) => child?.kill(signal), ctx);
  try {
    child = spawn(program, [...args], { cwd, env: env as NodeJS.ProcessEnv, stdio: "inherit" });
    if (child.pid !== undefined) onStart(child.pid);
    return await endOf(child);
  } catch (error) {
    return notStarted(program, error as NodeJS.ErrnoException, ctx);
  } finally {
    stop();
  }
}

async function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      // A signal that it may not be sent, as to sudo, is an error too; it runs all the same.
      if (child.pid === undefined) reject(error);
    });
    child.on("exit", (exit, signal) =>
      resolve(exit ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

function notStarted(
  program: string,
  { code = "unknown error" }: NodeJS.ErrnoException,
  ctx: Surroundings,
): number {
  const why = { ENOENT: "not found", EACCES: "not allowed" }[code] ?? code;
  ctx.say(`error: cannot run "${program}": ${why}; after -- comes a program, no shell is in between`);
  return code === "ENOENT" ? 127 : 126;
}

/** Each signal, not only the first: how often it was asked to end is for the command to judge. */
function forwardSignals(
  send: (signal: NodeJS.Signals) => void,
  { onInterrupt, onSignal }: Surroundings,
): () => void {
  const forward = (signal: NodeJS.Signals): void => {
    if (!reachesCommand(signal)) send(signal);
  };
  let stop = (): void => {};
  const listen = (): void => {
    stop = onInterrupt((signal) => {
      listen();
      forward(signal);
    });
  };
  listen();
  const stopOthers = onSignal(forward);
  return () => {
    stop();
    stopOthers();
  };
}

const OF_TERMINALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGWINCH"];

/** A terminal tells the whole group; a second Ctrl-C means more than a first one. */
function reachesCommand(signal: NodeJS.Signals): boolean {
  return OF_TERMINALS.includes(signal) && [0, 1, 2].some((stream) => isatty(stream));
}
