import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { secretsOf } from "../written.ts";
import type { Double } from "./azure-double.ts";

const BIN = join(fileURLToPath(new URL("../..", import.meta.url)), "bin");

export interface Finished {
  exit: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves once stderr contains the text. */
  said(text: string): Promise<void>;
}

export interface CliOptions {
  /** Added to the double's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** What it reads; nothing when left out. */
  stdin?: string;
  /** Another program than azwise. Its stdout is for who calls it, and may hold a secret. */
  program?: "docker-credential-azwise";
  /** A process group of its own, so that all of it can be signalled as a terminal does. */
  group?: true;
}

/** Starts the built command line against the double. */
export function startCli(double: Double, args: readonly string[], options: CliOptions = {}): Running {
  const { env = {}, stdin, program, group = false } = options;
  const variables = Object.entries({ ...double.env, ...env }).filter(([, value]) => value !== undefined);
  for (const secret of secretsOf(env)) double.secrets.add(secret);
  const child = spawn(process.execPath, [join(BIN, `${program ?? "azwise"}.js`), ...args], {
    cwd: double.home,
    env: Object.fromEntries(variables) as NodeJS.ProcessEnv,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    detached: group,
  });
  child.stdin?.end(stdin);
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const check of waiting) check();
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => {
      double.printed.push(program === undefined ? stdout : "", stderr);
      resolve({ exit, stdout, stderr });
    });
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!stderr.includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { child, finished, said };
}

export async function runCli(
  double: Double,
  args: readonly string[],
  options: CliOptions = {},
): Promise<Finished> {
  return startCli(double, args, options).finished;
}
