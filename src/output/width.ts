/** How many terminal columns a text takes. */
export type Width = (text: string) => number;

/** Characters of exactly one column each: ASCII, European letters, dashes, quotes, ellipsis, arrows. */
const SIMPLE = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2013\u2014\u2018-\u201d\u2026\u2190-\u2193]*$/;

const ELLIPSIS = "…";

/**
 * Measures the given texts and parts of them. string-width is loaded only for texts that need it:
 * it takes half as long to load as Node itself, and Azure names are ASCII.
 */
export async function widthFor(texts: readonly string[]): Promise<Width> {
  if (texts.every((text) => SIMPLE.test(text))) return (text) => text.length;
  const { default: stringWidth } = await import("string-width");
  return (text) => (SIMPLE.test(text) ? text.length : stringWidth(text));
}

/** Never less than the real width: counts everything unusual as two columns. */
export function widthAtMost(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += SIMPLE.test(character) ? 1 : 2;
  return columns;
}

export function padding(text: string, columns: number, width: Width): string {
  return " ".repeat(Math.max(0, columns - width(text)));
}

/** Cuts between whole characters as the reader sees them, and marks the cut. */
export function truncate(text: string, columns: number, width: Width): string {
  if (width(text) <= columns) return text;
  if (columns < 1) return "";
  if (SIMPLE.test(text)) return text.slice(0, columns - 1) + ELLIPSIS;
  let kept = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += width(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return kept + ELLIPSIS;
}

/** Cuts in the middle, as texts that begin alike mostly end in what tells them apart. */
export function truncateMiddle(
  text: string,
  columns: number,
  { width, mark }: { width: Width; mark: string },
): string {
  if (width(text) <= columns) return text;
  if (columns < 1) return "";
  const segments = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  let [head, tail] = ["", ""];
  while (segments.length > 0) {
    const isTail = width(tail) <= width(head);
    const next = (isTail ? segments.pop() : segments.shift()) ?? "";
    if (width(head) + width(tail) + width(next) > columns - 1) break;
    if (isTail) tail = next + tail;
    else head += next;
  }
  return head + mark + tail;
}

/** Breaks between words, and inside a word only where it is wider than the column. */
export function wrap(text: string, columns: number, width: Width): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => splitWord(each, columns, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (width(longer) <= columns) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

function splitWord(word: string, columns: number, width: Width): string[] {
  if (width(word) <= columns) return [word];
  const parts = [""];
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    const part = `${parts.at(-1)}${segment}`;
    if (width(part) <= columns) parts[parts.length - 1] = part;
    else parts.push(segment);
  }
  return parts;
}
