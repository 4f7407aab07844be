import { loadParser } from "../../../src/kql/official.ts";
import { checkText } from "../../../src/topics/kql/lint/check.ts";
import type { Spot } from "../../../src/topics/kql/lint/rules.ts";
import type { Known } from "../../../src/topics/kql/lint/schemas.ts";
import { schemas } from "../../../src/topics/kql/schemas/all.ts";

export const SHIPPED: Known = { schemas, workspace: undefined };
export const OWN: Known = { schemas, workspace: "logs-shop" };
/** Filtered, and bounded by what a test adds, so that only what that has is found. */
export const FINE = "AppRequests | where TimeGenerated > ago(1h)";

const parser = await loadParser();

export function spotsOf(text: string, known: Known = SHIPPED): Spot[] {
  return checkText(text, known, parser);
}

/** Each finding as `rule weight "what stands there"`. */
export function lint(text: string, known: Known = SHIPPED): string[] {
  return spotsOf(text, known).map(
    ({ rule, weight, start, end }) => `${rule} ${weight} ${JSON.stringify(text.slice(start, end))}`,
  );
}

export function fixesOf(text: string, known: Known = SHIPPED): string[] {
  return spotsOf(text, known).map(({ fix }) => fix);
}
