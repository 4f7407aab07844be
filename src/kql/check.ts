import { loadParser, type Diagnostic, type Schema } from "./official.ts";

/**
 * What the official analysis finds in a text over tables of these schemas, in the order of the text: syntax errors,
 * unknown names, types that do not go together.
 */
export async function check(text: string, schemas: readonly Schema[]): Promise<Diagnostic[]> {
  const { diagnostics } = (await loadParser()).parse(text, schemas);
  return [...diagnostics].sort(
    (left, right) => left.place.line - right.place.line || left.place.column - right.place.column,
  );
}
