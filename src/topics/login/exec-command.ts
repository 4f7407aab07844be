import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Context, Env } from "../../context.ts";
import { AppError } from "../../errors.ts";

export interface Command {
  program: string;
  args: readonly string[];
  env: Env;
  cwd: string;
}

/**
 * Runs a command in azwise's place: its streams are azwise's own, and signals go to it. Returns its exit code, or
 * 128 and the number of the signal that ended it, as shells do. Throws AppError "usage" when it cannot be started.
 */
export async function runCommand(command: Command, ctx: Pick<Context, "onInterrupt">): Promise<number> {
  const { program, args, env, cwd } = command;
  const child = spawn(program, [...args], { cwd, env: env as NodeJS.ProcessEnv, stdio: "inherit" });
  const stop = forwardSignals(child, ctx);
  try {
    return await endOf(child, program);
  } finally {
    stop();
  }
}

async function endOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => reject(notStarted(program, error)));
    child.on("exit", (exit, signal) =>
      resolve(exit ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

function notStarted(program: string, cause: NodeJS.ErrnoException): AppError {
  const { code = "unknown error" } = cause;
  const why = { ENOENT: "not found", EACCES: "not allowed" }[code] ?? code;
  const hint = "after -- comes a program and its arguments; no shell is in between";
  return new AppError("usage", `cannot run "${program}": ${why}`, { hint, cause });
}

/** Each signal, not only the first: how often it was asked to end is for the command to judge. */
function forwardSignals(child: ChildProcess, { onInterrupt }: Pick<Context, "onInterrupt">): () => void {
  let stop = (): void => {};
  const listen = (): void => {
    stop = onInterrupt((signal) => {
      listen();
      if (!reachesCommand(signal)) child.kill(signal);
    });
  };
  listen();
  return () => stop();
}

/** A terminal sends what its keys stand for to the whole group; a second Ctrl-C means more than a first one. */
function reachesCommand(signal: NodeJS.Signals): boolean {
  const isFromKeys = signal === "SIGINT" || signal === "SIGQUIT";
  return isFromKeys && [0, 1, 2].some((stream) => isatty(stream));
}
