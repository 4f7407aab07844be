import { textHash } from "../run/text-hash.ts";

/** Characters that the name of a rule of kind Direct may have (azure-wire/ingestion-direct-rule-name). */
export const RULE_NAME = { least: 3, most: 30 };

const HASH_DIGITS = 6;

/** The rule of a table: letters, digits and hyphens. A name that is cut ends with a hash, so that two tables have two rules. */
export function ruleNameFor(table: string): string {
  const lower = table.toLowerCase();
  const name = withoutEnd(`dcr-${lower.replace(/_cl$/, "").replaceAll("_", "-")}`);
  if (name.length <= RULE_NAME.most) return name;
  const kept = withoutEnd(name.slice(0, RULE_NAME.most - HASH_DIGITS - 1));
  return `${kept}-${textHash(lower).slice(0, HASH_DIGITS)}`;
}

function withoutEnd(name: string): string {
  return name.replace(/-+$/, "");
}
