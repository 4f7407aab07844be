import { execFile, type ExecFileException } from "node:child_process";
import { platform } from "node:os";
import type { Env } from "../context.ts";

/** Which sign-in a secret belongs to. */
export interface SecretSlot {
  cloud: string;
  tenantId: string;
}

export interface SecretToolOptions {
  env: Env;
  signal: AbortSignal;
}

/** The secret, if there is one, or why none can be kept here, in words. */
export type SecretRead = { text: string | undefined } | { unavailable: string };

/** A keyring that is locked asks for its password in a window of its own. */
const TIMEOUT_MS = 60_000;

/**
 * A secret in the desktop's Secret Service, by the command line tool of libsecret, which refuses what is long: 8 KiB
 * are safe. The stores of macOS and Windows are out of scope, as their tools take secrets as arguments.
 */
export async function readSecret(slot: SecretSlot, options: SecretToolOptions): Promise<SecretRead> {
  const { exit, stdout, problem } = await runSecretTool(["lookup", ...attributesOf(slot)], options);
  if (exit === 0) return { text: stdout };
  // Not found is an exit code without a word.
  return problem === "" ? { text: undefined } : { unavailable: problem };
}

/** Stores the secret; returns why it could not be kept, or nothing. */
export async function writeSecret(
  slot: SecretSlot,
  text: string,
  options: SecretToolOptions,
): Promise<string | undefined> {
  const label = `azwise: sign-in to ${slot.tenantId} (${slot.cloud})`;
  const args = ["store", "--label", label, ...attributesOf(slot)];
  const { exit, problem } = await runSecretTool(args, { ...options, stdin: text });
  return exit === 0 ? undefined : problem || `secret-tool failed (exit ${exit})`;
}

/** Removes the secret where there is one; returns why it may still be there, or nothing. */
export async function clearSecret(slot: SecretSlot, options: SecretToolOptions): Promise<string | undefined> {
  const { problem } = await runSecretTool(["clear", ...attributesOf(slot)], options);
  return problem || undefined;
}

function attributesOf({ cloud, tenantId }: SecretSlot): string[] {
  return ["application", "azwise", "cloud", cloud, "tenant", tenantId];
}

interface Ended {
  exit: number;
  stdout: string;
  /** That it complained, or why it could not be run; empty when it said nothing. */
  problem: string;
}

/** The secret passes through pipes only: other users can read arguments. */
async function runSecretTool(
  args: readonly string[],
  { env, signal, stdin = "" }: SecretToolOptions & { stdin?: string },
): Promise<Ended> {
  if (platform() !== "linux") {
    return {
      exit: 1,
      stdout: "",
      problem: "azwise keeps sign-ins only in the Secret Service of Linux desktops",
    };
  }
  return new Promise((resolve, reject) => {
    const options = { cwd: "/", env: env as NodeJS.ProcessEnv, signal, timeout: TIMEOUT_MS };
    const child = execFile("secret-tool", [...args], options, (error, stdout, stderr) => {
      if (signal.aborted) return reject(error ?? signal.reason);
      const exit = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ exit, stdout, problem: problemOf(error, stderr) });
    });
    // It may end without reading; its exit code says why.
    child.stdin?.on("error", () => {});
    child.stdin?.end(stdin);
  });
}

function problemOf(error: ExecFileException | null, stderr: string): string {
  if (error === null) return "";
  if (error.code === "ENOENT") return "secret-tool (package libsecret-tools) is not installed";
  if (error.killed === true) return "the secret service did not answer in time";
  // Its words are not repeated: the secret may be among them.
  return stderr.trim() === "" ? "" : "the secret service refused, or cannot be reached";
}
