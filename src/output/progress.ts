import { stripControl } from "./text.ts";
import { truncate, widthAtMost } from "./width.ts";

export interface ProgressStream {
  isTTY: boolean;
  columns: number | undefined;
  write(text: string): void;
}

const USUAL_COLUMNS = 80;
const CLEAR_TO_END = "\u001b[K";

/** Rewrites one line on a terminal; undefined clears it. Elsewhere it does nothing. */
export function createProgress(stderr: ProgressStream): (text: string | undefined) => void {
  if (!stderr.isTTY) return () => {};
  let isShown = false;
  return (text) => {
    if (text === undefined && !isShown) return;
    isShown = text !== undefined;
    // The last column stays free: some terminals wrap as soon as it is filled.
    const room = (stderr.columns ?? USUAL_COLUMNS) - 1;
    stderr.write(`\r${truncate(stripControl(text ?? ""), room, widthAtMost)}${CLEAR_TO_END}`);
  };
}
