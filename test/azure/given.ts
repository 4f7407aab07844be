import type { Given, SourceKind } from "../../src/azure/target.ts";

const KINDS: [RegExp, SourceKind][] = [
  [/^--/, "flag"],
  [/^(AZWISE|AZURE)_/, "variable"],
  [/\.azwise\.json$/, "pin"],
  [/^context\b/, "context"],
  [/^az's profile$/, "az"],
  [/^the sandbox's world$/, "sandbox"],
  [/^the plan$/, "plan"],
];

/** A value as the look-up of the target gives it to the rest. */
export function given(value: string, from: string): Given {
  return { value, from, by: kindOf(from) };
}

export function kindOf(from: string): SourceKind {
  return KINDS.find(([text]) => text.test(from))?.[1] ?? "default";
}
