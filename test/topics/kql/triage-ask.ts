import type { World } from "../../../src/sandbox/world.ts";
import { OTHER_SUBSCRIPTION, runCli, type CliResult } from "../../harness.ts";
import { hostWith } from "../host-with.ts";

export const SHOP = ["--workspace", "logs-shop"];
export const PLATFORM = ["--workspace", "logs-platform", "--subscription", OTHER_SUBSCRIPTION];
export const GROUP =
  "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop-prod/providers";
const nothing = (): void => {};

export interface Printed {
  kind: string;
  id: string | null;
  causes: {
    id: string;
    certainty: string;
    explainedBy: string | null;
    fixes: { command: string | null }[];
  }[];
  starts: Record<string, unknown>[];
  lookedAt: { what: string; table: string; rows: number; cannotTell: string | null }[];
  cannotTell: string[];
  nearest: string[];
  logsOfEnvironment: string[] | null;
  notes: { text: string }[];
}

/** What `kql triage containerapp` answers as JSON, in contoso with a change. */
export async function ask(
  words: readonly string[],
  change: (world: World) => void = nothing,
): Promise<CliResult & { json: Printed }> {
  const host = await hostWith(change);
  const result = await runCli(host, "kql", "triage", "containerapp", ...words, "-o", "json");
  return { ...result, json: (result.stdout === "" ? {} : JSON.parse(result.stdout)) as Printed };
}

/** The notes that are nothing but a command. */
export function commandsIn({ notes }: Printed): string[] {
  return notes.flatMap(({ text }) => (text.startsWith("az ") ? [text] : []));
}
