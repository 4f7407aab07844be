import type { Json } from "../json.ts";
import { escapeInvisible, hasInvisible } from "./text.ts";

/** Reads the same in YAML 1.1 and 1.2: "no" and "2026-08-01" stay strings for older parsers too. */
export async function renderYaml(value: Json): Promise<string> {
  // A bundle gives a CommonJS package its default export only.
  const { Document, Scalar, visit } = (await import("yaml")).default;
  const document = new Document(value, { compat: "yaml-1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      // Only this style can hold an escaped character.
      if (typeof node.value === "string" && hasInvisible(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeInvisible(document.toString({ lineWidth: 0 }));
}
