import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadBundledWorld, saveWorld } from "../../../src/sandbox/world-file.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, runCli, type CliResult } from "../../harness.ts";

export interface Asking {
  change?: (world: World) => void;
  tty?: boolean;
  stdin?: string;
}

/** `kql run -f` of a text in contoso, with a change of it. */
export async function ask(
  text: string | Uint8Array,
  flags: readonly string[],
  how: Asking = {},
): Promise<CliResult> {
  const { change, tty = false, stdin } = how;
  const host = createTestHost({ tty, columns: 140, ...(stdin === undefined ? {} : { stdin }) });
  if (change) {
    const world = (await loadBundledWorld("contoso"))!;
    change(world);
    await saveWorld(join(host.state, "sandbox", "world.json"), world);
  }
  writeFileSync(join(host.folder, "query.kql"), text);
  return runCli(host, "kql", "run", "-f", "query.kql", "--workspace", "logs-shop", ...flags);
}
