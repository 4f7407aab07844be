import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface OnPath {
  /** A folder of this test alone. */
  folder: string;
  /** The scripts stand before everything else that is installed. */
  env: { PATH: string };
  /** Each run so far: the program's name and its arguments. */
  runs(): string[];
}

/** Puts shell scripts on the path under the names of programs. */
export function putOnPath(scripts: Record<string, string>): OnPath {
  const folder = mkdtempSync(join(tmpdir(), "azwise-test-"));
  onTestFinished(() => removeFolder(folder));
  const log = join(folder, "runs.log");
  writeFileSync(log, "");
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> ${log}\n${script}\n`, { mode: 0o755 });
  }
  return {
    folder,
    env: { PATH: `${folder}:/usr/bin:/bin` },
    runs: () => readFileSync(log, "utf8").split("\n").slice(0, -1),
  };
}

/** A script that was left behind may write its line meanwhile, which retries of Node's own do not look for. */
function removeFolder(folder: string): void {
  for (let left = 20; ; left -= 1) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
    }
  }
}
