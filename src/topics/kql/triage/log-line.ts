/** One thing that a line says: its words, and whether it is only told, not complained of. */
export interface Said {
  text: string;
  quiet: boolean;
}

const QUIET_LEVEL = /^(?:trce|dbug|info|trace|debug|verbose|information|notice)$/i;
const PLAIN_LEVEL =
  /^(?:\S+[T ]\S+\s+)?\[?(trce|dbug|info|trace|debug|verbose|information|notice)\]?(?::|\s|$)|^\[[^\]]*\]\s+(?:\[[^\]]*\]\s+)*\[?(trace|debug|info|notice)\]?[\s:]/i;

/** What a line says: its own text, or the texts of a log in JSON or logfmt. Empty for a line about a request. */
export function saidIn(line: string): Said[] {
  const told = jsonIn(line) ??
    logfmtIn(line) ?? [{ text: line.trimStart(), quiet: PLAIN_LEVEL.test(line.trim()) }];
  return told.filter(({ text }) => !isAboutRequest(text));
}

const TEXTS = ["message", "msg", "exception", "error", "stack", "stacktrace", "log"];

function jsonIn(line: string): Said[] | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    const object = Object.entries(JSON.parse(line) as Record<string, unknown>);
    const level = object.find(([key]) => /^(?:log)?_?level$|^severity$|^@l$/i.test(key))?.[1];
    const quiet = typeof level === "string" && QUIET_LEVEL.test(level);
    return object
      .filter(([key, value]) => TEXTS.includes(key.toLowerCase()) && typeof value === "string")
      .flatMap(([, value]) => String(value).split(/\r?\n/))
      .map((text) => ({ text: text.trimStart(), quiet }));
  } catch {
    return undefined;
  }
}

const PAIR = /\b(level|lvl|msg|message|err|error)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/gi;

/** `level=error msg="…"`, as programs in Go write. */
function logfmtIn(line: string): Said[] | undefined {
  if (!/\b(?:level|lvl)=\w/i.test(line)) return undefined;
  const pairs = [...line.matchAll(PAIR)].map(([, key = "", quoted, plain]) => ({
    isLevel: /^(?:level|lvl)$/i.test(key),
    text: (quoted ?? plain ?? "").replaceAll(/\\(.)/g, "$1"),
  }));
  const quiet = pairs.some(({ isLevel, text }) => isLevel && QUIET_LEVEL.test(text));
  return pairs.filter(({ isLevel }) => !isLevel).map(({ text }) => ({ text, quiet }));
}

const METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS";
const REQUEST = new RegExp(
  [
    String.raw`"(?:${METHODS}) [^"]*"`,
    String.raw`\bHTTP/\d(?:\.\d)?\b`,
    String.raw`^(?:\S+\s+){0,4}(?:${METHODS}) (?:/|https?:)`,
    String.raw`\bRequest (?:starting|finished)\b`,
    String.raw`\b(?:path|url|uri|query|user_?agent)=`,
  ].join("|"),
);

function isAboutRequest(text: string): boolean {
  return REQUEST.test(text);
}

/** Whether what stands before a message is a time, a level, a logger or a sentence, and not a text that quotes it. */
export function isOwnMessage(text: string, at: number): boolean {
  const before = text.slice(0, at).replaceAll(/\w'\w/g, "");
  const isQuoted = ['"', "'", "`"].some((quote) => before.split(quote).length % 2 === 0);
  return !isQuoted && !/[?&]|=\S*$|\b(?:said|says|wrote|searched for|results? for|query for)\b/i.test(before);
}
