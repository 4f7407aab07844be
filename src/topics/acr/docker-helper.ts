import { runGroup, TooMuchOutput, type Ended } from "../../azure/process-group.ts";
import type { Context } from "../../context.ts";
import { stripControl } from "../../output/text.ts";
import { limitTime } from "../../time-limit.ts";
import { NOT_FOUND } from "./docker-token.ts";

/** One call of a credential helper of Docker's protocol. */
export interface HelperCall {
  /** What Docker's configuration calls it: "pass" is docker-credential-pass. */
  name: string;
  action: "store" | "erase" | "list";
  input: string;
  /** Longest time for its answer. */
  timeoutMs: number;
}

const MOST_BYTES = 1024 * 1024;

/** How it ended, or why it did not. What it said may hold secrets. Throws when the run is interrupted. */
export async function callHelper(
  { name, action, input, timeoutMs }: HelperCall,
  { env, signal }: Pick<Context, "env" | "signal">,
): Promise<Ended | { problem: string }> {
  const program = helperProgram(name);
  const limit = limitTime(timeoutMs, signal);
  try {
    return await runGroup(program, [action], {
      // Not the working directory: Windows looks for programs there first.
      cwd: "/",
      env: env as NodeJS.ProcessEnv,
      shell: false,
      stdin: input,
      signal: limit.signal,
      mostBytes: MOST_BYTES,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    const why = limit.isOver()
      ? `did not answer in ${timeoutMs / 1000} seconds and was ended`
      : whyNot(error);
    return { problem: `${program} ${why}` };
  } finally {
    limit.clear();
  }
}

export function helperProgram(name: string): string {
  return `docker-credential-${name}`;
}

/** Throws what is no failure of starting or ending a program. */
function whyNot(error: unknown): string {
  if (error instanceof TooMuchOutput) return "said too much and was ended";
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string") throw error;
  return code === "ENOENT" ? "is not on the PATH" : `cannot be run (${code})`;
}

/** What a helper is to keep or to forget. */
export interface HelperOrder extends Omit<HelperCall, "action" | "timeoutMs"> {
  action: "store" | "erase";
  /** What of the input must not be seen anywhere. */
  secrets: readonly string[];
}

/** "none": it knew nothing of the host that it was to forget. */
export type HelperEnd = "done" | "none" | { problem: string };

/** A keyring that is locked asks for its password in a window of its own. */
const TIMEOUT_MS = 60_000;

/** The secret passes through pipes only: other users can read arguments. Throws when the run is interrupted. */
export async function runHelper(
  { name, action, input, secrets }: HelperOrder,
  ctx: Pick<Context, "env" | "signal">,
  timeoutMs = TIMEOUT_MS,
): Promise<HelperEnd> {
  const ended = await callHelper({ name, action, input, timeoutMs }, ctx);
  if ("problem" in ended) return ended;
  const { exit, stdout, stderr } = ended;
  if (exit === 0) return "done";
  if (action === "erase" && stdout.includes(NOT_FOUND)) return "none";
  return { problem: `${helperProgram(name)} failed (${exit})${wordsOf(`${stdout} ${stderr}`, secrets)}` };
}

const MOST_CHARACTERS = 300;
/** No word of a language, and too little of a secret to be of use. */
const PART = 12;

/** What it said, as one line; nothing when a part of a secret is in it. */
function wordsOf(said: string, secrets: readonly string[]): string {
  const line = stripControl(said).replaceAll(/\s+/g, " ").trim();
  if (line === "") return "";
  if (secrets.some((secret) => sharesPart(said, secret) || sharesPart(line, secret))) {
    return "; what it said is not shown, as the secret is in it";
  }
  return `: ${line.slice(0, MOST_CHARACTERS)}`;
}

function sharesPart(text: string, secret: string): boolean {
  if (secret.length <= PART) return text.includes(secret);
  for (let at = 0; at + PART <= secret.length; at += 1) {
    if (text.includes(secret.slice(at, at + PART))) return true;
  }
  return false;
}
