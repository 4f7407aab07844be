import type { Host } from "./context.ts";
import { cite } from "./docs/cite.ts";
import { decideColour } from "./output/colour.ts";
import { renderError } from "./output/error-text.ts";

/** Says on stderr why a command stopped. Loaded only when one did. */
export function reportError(error: unknown, { stderr, env }: Host, { color }: { color: boolean }): void {
  const colour = decideColour({ isTTY: stderr.isTTY, env, flag: color });
  stderr.write(renderError(error, { colour, cite }));
}
