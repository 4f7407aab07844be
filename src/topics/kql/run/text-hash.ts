import { createHash } from "node:crypto";

/** Tells whether two runs asked the same text, to the letter. */
export function textHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
