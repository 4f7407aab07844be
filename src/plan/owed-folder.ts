import { readdir } from "node:fs/promises";
import { join } from "node:path";

export function owedFolder(state: string): string {
  return join(state, "owed");
}

/** Names of the notes of what runs owe, one look at a folder that is hardly ever there; or why it cannot be looked at. */
export async function listOwed(state: string): Promise<string[] | { unread: string }> {
  try {
    return (await readdir(owedFolder(state))).filter((name) => name.endsWith(".json")).sort();
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? [] : { unread: code };
  }
}
