import type { CliResult } from "../harness.ts";

const PROGRESS = new RegExp(`\\r[^\\r\\n]*?${String.fromCodePoint(27)}\\[K`, "g");

/** What was printed, without progress, which is rewritten in place and leaves nothing on the screen. */
export function golden({ exit, stdout, stderr }: CliResult): string {
  return `exit ${exit}\n--- stdout\n${stdout}--- stderr\n${stderr}`.replaceAll(PROGRESS, "");
}
