import type { Case } from "../evidence.ts";
import { isOwnMessage, saidIn } from "../log-line.ts";
import type { ConsoleLine } from "../seen.ts";

export interface Found {
  line: ConsoleLine;
  match: RegExpExecArray;
}

/** Lines that complain with this message themselves: no requests, no information, nobody quoted. */
export function complaints({ examined }: Case, sign: RegExp): Found[] {
  return examined.lines.flatMap((line) => {
    for (const { text, quiet } of saidIn(line.text)) {
      const match = quiet ? null : sign.exec(text);
      if (match && isOwnMessage(text, match.index)) return [{ line, match }];
    }
    return [];
  });
}

export function linesOf(found: readonly Found[]): ConsoleLine[] {
  return found.map(({ line }) => line);
}

/** The container that complained last. */
export function containerIn(found: readonly Found[]): string | undefined {
  return found.at(-1)?.line.container;
}

/** What a group of a pattern had, each once. */
export function valuesOf(found: readonly Found[], group: number): string[] {
  return [...new Set(found.flatMap(({ match }) => match[group] ?? []))];
}
