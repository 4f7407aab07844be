import { execFile, type ExecFileException } from "node:child_process";
import { platform } from "node:os";
import type { Env } from "../context.ts";
import { AppError } from "../errors.ts";

/** How one run of az ended. Its streams may hold tokens: they are never logged. */
export interface AzResult {
  exit: number;
  stdout: string;
  stderr: string;
}

export interface AzOptions {
  env: Env;
  signal: AbortSignal;
  timeoutMs?: number;
}

/** Longest answer of az that is accepted; a profile of ten thousand subscriptions fits. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 120_000;

/**
 * Runs the az CLI. Arguments are never secrets: other users of the machine can read them.
 * Throws AppError "auth" when az is not on the path, "timeout" when it does not end in time.
 */
export async function runAz(args: readonly string[], options: AzOptions): Promise<AzResult> {
  const { env, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const isWindows = platform() === "win32";
  // Not the working directory: Windows would look there first for something called az.
  const cwd = isWindows ? (env["SystemRoot"] ?? "C:\\") : "/";
  return new Promise((resolve, reject) => {
    execFile(
      isWindows ? "az.cmd" : "az",
      [...args],
      {
        cwd,
        env: env as NodeJS.ProcessEnv,
        signal,
        timeout: timeoutMs,
        shell: isWindows,
        maxBuffer: MOST_OUTPUT_BYTES,
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ exit: 0, stdout, stderr });
        if (typeof error.code === "number") return resolve({ exit: error.code, stdout, stderr });
        reject(signal.aborted ? error : failedToRun(error));
      },
    );
  });
}

function failedToRun(error: ExecFileException): AppError {
  if (error.code === "ENOENT" || error.code === "EACCES") {
    const hint = "install the Azure CLI, or use another --auth";
    return new AppError("auth", "the Azure CLI (az) is not installed", { hint, code: "AzNotFound" });
  }
  if (error.killed === true)
    return new AppError("timeout", "az did not answer in time", { hint: "run az account show" });
  // Its message would hold the command line.
  return new AppError("failed", `az could not be run: ${error.code ?? "killed"}`);
}

/** az's version such as "2.86.0"; undefined when az is not installed or does not say. */
export async function readAzVersion(options: AzOptions): Promise<string | undefined> {
  try {
    const { exit, stdout } = await runAz(["version", "--output", "json"], options);
    const version = exit === 0 ? (JSON.parse(stdout) as Record<string, unknown>)["azure-cli"] : undefined;
    return typeof version === "string" ? version : undefined;
  } catch (error) {
    if (options.signal.aborted) throw error;
    // A version that cannot be read is "unknown"; who needs az will meet the same problem with its reason.
    return undefined;
  }
}

/** The version that brought --skip-subscription-discovery. */
export const FAST_LOGIN_VERSION = "2.86.0";

/** Whether this az knows --skip-subscription-discovery; false when its version is unknown. */
export function hasFastLogin(version: string | undefined): boolean {
  return isAtLeast(version, FAST_LOGIN_VERSION);
}

/** Which flag names a user-assigned identity: 2.69 brought --client-id, 2.73 took --username away. */
export function identityFlag(version: string | undefined): string {
  return isAtLeast(version, "2.69.0") ? "--client-id" : "--username";
}

/** Which flag takes a certificate: 2.66 brought --certificate, 2.67 no longer takes one as password. */
export function certificateFlag(version: string | undefined): string {
  return isAtLeast(version, "2.66.0") ? "--certificate" : "--password";
}

/** Compares versions such as "2.67.0"; false when az's is unknown. */
function isAtLeast(version: string | undefined, least: string): boolean {
  if (version === undefined) return false;
  const [have, need] = [version, least].map((each) => each.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (have?.[part] ?? 0) - (need?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
