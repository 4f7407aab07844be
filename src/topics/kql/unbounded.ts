import { AppError } from "../../errors.ts";
import { slotsOf } from "../../kql/places.ts";
import type { Given } from "./catalogue/fill-query.ts";

/** A text of the catalogue without the comment before it, and without the `top` or `order by` at its end. */
export function unboundedText(text: string): string {
  return text
    .trimEnd()
    .replace(/^(?:\/\/.*\n)+/, "")
    .replace(/\n\| (?:top|order by) [^|]*$/, "");
}

/** Throws AppError (usage) for a parameter that only the end of the text has; `where` is what it means nothing in. */
export function refuseBound(text: string, given: Given, where: string): void {
  const known = slotsOf(text).map(({ name }) => name);
  const used = slotsOf(unboundedText(text)).map(({ name }) => name);
  const unused = [...given.keys()].find((name) => known.includes(name) && !used.includes(name));
  if (unused === undefined) return;
  throw new AppError("usage", `--param ${unused} means nothing in ${where}`, {
    hint: `leave --param ${unused} out`,
  });
}
