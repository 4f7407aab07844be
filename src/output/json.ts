import type { Json } from "../json.ts";
import { escapeInvisible } from "./text.ts";

/** Nothing is lost: control characters are escaped, not removed. */
export function renderJson(value: Json): string {
  return `${escapeInvisible(JSON.stringify(value, null, 2))}\n`;
}
