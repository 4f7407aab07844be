import { isOwnMessage, saidIn } from "./log-line.ts";
import type { ConsoleLine } from "./seen.ts";

/** Where an application says that it takes connections. */
export interface Listening {
  host: string;
  port: number;
  by: ".NET" | "gunicorn" | "uvicorn" | "Django";
}

const SIGNS: readonly [Listening["by"], RegExp][] = [
  [".NET", /\bNow listening on: https?:\/\/(\[[^\]]+\]|[^:/\s]+):(\d+)/],
  ["gunicorn", /\bListening at: https?:\/\/(\[[^\]]+\]|[^:/\s]+):(\d+)/],
  ["uvicorn", /\bUvicorn running on https?:\/\/(\[[^\]]+\]|[^:/\s]+):(\d+)/],
  ["Django", /\bStarting development server at https?:\/\/(\[[^\]]+\]|[^:/\s]+):(\d+)/],
];

export function listeningIn(line: ConsoleLine): Listening | undefined {
  for (const { text } of saidIn(line.text)) {
    for (const [by, sign] of SIGNS) {
      const found = sign.exec(text);
      if (found && isOwnMessage(text, found.index))
        return { by, host: found[1] ?? "", port: Number(found[2]) };
    }
  }
  return undefined;
}

export function isLoopback({ host }: Listening): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/i.test(host);
}

const MARKER = /(?:^|[\s\]])(?:Application started\b|Application startup complete\b)/;

/** Whether the application says that it has started. */
export function isStartupMarker(line: ConsoleLine): boolean {
  if (listeningIn(line) !== undefined) return true;
  return saidIn(line.text).some(({ text }) => {
    const at = text.search(MARKER);
    return at >= 0 && isOwnMessage(text, at);
  });
}
