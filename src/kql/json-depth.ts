/** What goes over values one inside the other needs the stack for it; nobody's rows are nested as deep. */
export const MOST_DEPTH = 1000;

const [QUOTE, BACKSLASH, LINE_END] = ['"', "\\", "\n"].map((each) => each.charCodeAt(0));
const STEPS = new Map([..."[{]}"].map((each, at) => [each.charCodeAt(0), at < 2 ? 1 : -1]));

/** The line of a JSON text, counted from one, where it is nested too deep; undefined where it nowhere is. */
export function deepLine(text: string): number | undefined {
  if (text.length <= MOST_DEPTH) return undefined;
  let line = 1;
  let depth = 0;
  let isInside = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInside) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInside = false;
    } else if (code === QUOTE) isInside = true;
    else if (code === LINE_END) line += 1;
    else {
      depth += STEPS.get(code) ?? 0;
      if (depth > MOST_DEPTH) return line;
    }
  }
  return undefined;
}
