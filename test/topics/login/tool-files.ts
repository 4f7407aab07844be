import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A home of its own with these files in it; objects become JSON. Removed when the test ends. */
export function makeHome(files: Record<string, unknown> = {}): string {
  const home = mkdtempSync(join(tmpdir(), "azwise-home-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  putFiles(home, files);
  return home;
}

/** Writes files below a folder, their folders included. */
export function putFiles(folder: string, files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}
