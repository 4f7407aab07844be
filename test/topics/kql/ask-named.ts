import type { World } from "../../../src/sandbox/world.ts";
import { OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION, type CliResult, type HostOptions } from "../../harness.ts";
import { hostWith } from "../host-with.ts";

export const SHOP = ["--workspace", "logs-shop"];
export const PLATFORM = ["--subscription", OTHER_SUBSCRIPTION, "--workspace", "logs-platform"];
export const BOTH = ["--subscription", SUBSCRIPTION, ...PLATFORM, ...SHOP];

/** `kql run` in contoso, with a change of it. */
export async function runIn(
  change: (world: World) => void,
  words: readonly string[],
  options: HostOptions = {},
): Promise<CliResult> {
  return runCli(await hostWith(change, options), "kql", "run", ...words);
}

export async function run(...words: string[]): Promise<CliResult> {
  return runIn(() => {}, words);
}

export interface Told {
  query: { name: string; parameters: Record<string, string>; next: string[] };
  window: { from: string; until: string };
  rows: Record<string, unknown>[];
  workspaces: {
    name: string;
    outcome: string;
    flavour: { name: string; why: string; also: string[] } | null;
    text: string;
    sha256: string;
    missingColumn: string | null;
    otherFlavours: { flavour: string; matching: number | null }[];
    nameSeen: { state: string; nearest?: string[] } | null;
    source: { state: string; text: string; commands: string[] } | null;
  }[];
}

export function told({ stdout }: CliResult): Told {
  return JSON.parse(stdout) as Told;
}
