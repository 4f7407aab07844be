import { platform } from "node:os";
import type { Env } from "../context.ts";
import { AppError } from "../errors.ts";
import { runGroup, TooMuchOutput } from "./process-group.ts";
import { limitTime } from "../time-limit.ts";

/** How one run of az ended. Its streams may hold tokens: they are never logged. */
export interface AzResult {
  exit: number;
  stdout: string;
  stderr: string;
}

export interface AzOptions {
  env: Env;
  signal: AbortSignal;
  timeoutMs: number;
}

/** Longest answer of az that is accepted; a profile of ten thousand subscriptions fits. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** A cold start of az on a slow disk takes ten seconds. */
const VERSION_TIMEOUT_MS = 20_000;

/**
 * Runs the az CLI; stopped, it has ended with all that it started. Arguments are never secrets: other users of the
 * machine can read them. Throws AppError "auth" when az is not on the path, "timeout" when it does not end in time.
 */
export async function runAz(args: readonly string[], options: AzOptions): Promise<AzResult> {
  const { env, signal, timeoutMs } = options;
  const shell = platform() === "win32";
  // Not the working directory: Windows would look there first for something called az.
  const cwd = shell ? (env["SystemRoot"] ?? "C:\\") : "/";
  const limit = limitTime(timeoutMs, signal);
  try {
    const { exit, ...streams } = await runGroup(shell ? "az.cmd" : "az", args, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      shell,
      signal: limit.signal,
      mostBytes: MOST_OUTPUT_BYTES,
    });
    if (typeof exit === "number") return { exit, ...streams };
    throw new AppError("failed", `az was ended by ${exit}`);
  } catch (error) {
    if (signal.aborted || error instanceof AppError) throw error;
    if (limit.isOver()) {
      throw new AppError("timeout", "az did not answer in time", { hint: "run az account show" });
    }
    throw failedToRun(error);
  } finally {
    limit.clear();
  }
}

function failedToRun(error: unknown): AppError {
  if (error instanceof TooMuchOutput) return new AppError("failed", "az answered more than 64 MB");
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "EACCES") {
    const hint = "install the Azure CLI, or use another --auth";
    return new AppError("auth", "the Azure CLI (az) is not installed", { hint, code: "AzNotFound" });
  }
  // Its message would hold the command line.
  return new AppError("failed", `az could not be run: ${code}`);
}

/** az's version such as "2.86.0", or in words why it is not known. Throws AppError "auth" when az is not on the path. */
export async function readAzVersion(
  options: Omit<AzOptions, "timeoutMs">,
): Promise<{ version: string } | { reason: string }> {
  try {
    const { exit, stdout } = await runAz(["version", "--output", "json"], {
      ...options,
      timeoutMs: VERSION_TIMEOUT_MS,
    });
    const version = exit === 0 ? versionIn(stdout) : undefined;
    if (version !== undefined) return { version };
    return { reason: `az version ended with exit code ${exit} and told none` };
  } catch (error) {
    if (options.signal.aborted || !(error instanceof AppError) || error.code === "AzNotFound") throw error;
    return { reason: error.message };
  }
}

function versionIn(stdout: string): string | undefined {
  try {
    const version = (JSON.parse(stdout) as Record<string, unknown> | null)?.["azure-cli"];
    return typeof version === "string" ? version : undefined;
  } catch {
    // The caller says so; the text is not shown.
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
