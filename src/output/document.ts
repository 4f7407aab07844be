import type { JsonObject } from "../json.ts";
import { type Cite, collectCitations } from "./citations.ts";
import type { View } from "./view.ts";

export const FORMAT_VERSION = 1;

/** Where the command ran. */
export interface Target {
  cloud: string;
  tenantId: string;
  subscriptionIds: readonly string[];
  auth: string;
}

export interface DocumentParts {
  command: string;
  target?: Target;
  cite: Cite;
}

/** The one object that JSON and YAML print and that --query reads. */
export function buildDocument(view: View, { command, target, cite }: DocumentParts): JsonObject {
  const head = {
    formatVersion: FORMAT_VERSION,
    command,
    ...(target && { target: { ...target, subscriptionIds: [...target.subscriptionIds] } }),
  };
  return {
    ...head,
    ...view.data,
    // Again, so that a verb's data cannot take their place; the first mention keeps them on top.
    ...head,
    notes: view.notes.map(({ level, text, because = [] }) => ({ level, text, because: [...because] })),
    citations: collectCitations(view, cite).list.map((citation) => ({ ...citation })),
  };
}
