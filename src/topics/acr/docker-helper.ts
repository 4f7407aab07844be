import { runGroup, TooMuchOutput } from "../../azure/process-group.ts";
import type { Context } from "../../context.ts";
import { stripControl } from "../../output/text.ts";
import { NOT_FOUND } from "./docker-token.ts";
import { limitTime } from "../../time-limit.ts";

/** One call of a credential helper of Docker's protocol. */
export interface HelperCall {
  /** What Docker's configuration calls it: "pass" is docker-credential-pass. */
  name: string;
  action: "store" | "erase";
  input: string;
  /** What of the input must not be seen anywhere. */
  secrets: readonly string[];
}

/** "none": it knew nothing of the host that it was to forget. */
export type HelperEnd = "done" | "none" | { problem: string };

/** A keyring that is locked asks for its password in a window of its own. */
const TIMEOUT_MS = 60_000;
const MOST_BYTES = 1024 * 1024;

/** The secret passes through pipes only: other users can read arguments. Throws when the run is interrupted. */
export async function runHelper(
  { name, action, input, secrets }: HelperCall,
  { env, signal }: Pick<Context, "env" | "signal">,
  timeoutMs = TIMEOUT_MS,
): Promise<HelperEnd> {
  const program = `docker-credential-${name}`;
  const limit = limitTime(timeoutMs, signal);
  try {
    const { exit, stdout, stderr } = await runGroup(program, [action], {
      // Not the working directory: Windows looks for programs there first.
      cwd: "/",
      env: env as NodeJS.ProcessEnv,
      shell: false,
      stdin: input,
      signal: limit.signal,
      mostBytes: MOST_BYTES,
    });
    if (exit === 0) return "done";
    if (action === "erase" && stdout.includes(NOT_FOUND)) return "none";
    return { problem: `${program} failed (${exit})${wordsOf(`${stdout} ${stderr}`, secrets)}` };
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

function whyNot(error: unknown): string {
  if (error instanceof TooMuchOutput) return "said too much and was ended";
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "is not on the PATH" : `cannot be run (${code ?? "unknown"})`;
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
