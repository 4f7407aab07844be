import type { Palette } from "./colour.ts";
import { stripControl } from "./text.ts";
import type { Note } from "./view.ts";

/** One line for each note, for stderr. */
export function renderNotes(
  notes: readonly Note[],
  palette: Palette,
  reference: (ids: readonly string[]) => string,
): string {
  return notes
    .map(({ level, text, because = [] }) => {
      const label = level === "warning" ? "warning" : "note";
      const style = level === "warning" ? palette.warn : palette.dim;
      const reasons = because.length === 0 ? "" : ` ${reference(because)}`;
      return `${style(stripControl(`${label}: ${text}${reasons}`))}\n`;
    })
    .join("");
}
