import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTestHost, runCli, type CliResult } from "../../harness.ts";

export interface Asking {
  files?: Record<string, string | Uint8Array>;
  stdin?: string;
  tty?: boolean;
}

/** Nobody is signed in and no address answers, so that whatever is asked of Azure fails. */
export async function ask(text: string, flags: readonly string[], how: Asking = {}): Promise<CliResult> {
  const { files = {}, stdin = "", tty = false } = how;
  const host = createTestHost({ env: { AZWISE_CLOUD: "public" }, stdin, tty, columns: 140 });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(host.folder, name), content);
  writeFileSync(join(host.folder, "query.kql"), text);
  return runCli(host, "kql", "run", "-f", "query.kql", ...flags);
}

export const ROWS = [
  { TimeGenerated: "2026-11-20T08:00:00Z", App: "shop-web", Level: "info", Ms: 10, Tags: { zone: 1 } },
  { TimeGenerated: "2026-11-20T08:30:00Z", App: "shop-api", Level: "error", Ms: 2.5, Tags: null },
  { TimeGenerated: "2026-11-20T09:00:00.5Z", App: "shop-api", Level: "error", Ms: null, Tags: { zone: 2 } },
];
export const LINES = ROWS.map((row) => `${JSON.stringify(row)}\n`).join("");
export const ERRORS = 'T | where Level == "error" | summarize Errors = count(), Longest = max(Ms) by App';
export const T = { "T.ndjson": LINES };
