/* oxlint-disable no-control-regex -- control characters are what is looked for */
/** OSC and its kin, with their payload: window titles, links, clipboard. */
const CONTROL_STRING =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f\n]*(?:\u0007|\u001b\\|\u009c)/;
/** Colours, cursor movement, clearing. */
const CONTROL_SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/;
const SHORT_ESCAPE = /\u001b[ -/]*[0-~]?/;
/* oxlint-enable no-control-regex */
const ESCAPES = new RegExp(
  [CONTROL_STRING, CONTROL_SEQUENCE, SHORT_ESCAPE].map(({ source }) => source).join("|"),
  "g",
);
const SPACES = /\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g;
const INVISIBLE = /[\p{Cc}\p{Bidi_Control}]/gu;
const ANY_UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** Text from a service as one line that a terminal can only show; tabs and line ends become spaces. */
export function stripControl(text: string): string {
  if (!ANY_UNSAFE.test(text)) return text;
  return text.replaceAll(ESCAPES, "").replaceAll(SPACES, " ").replaceAll(INVISIBLE, "");
}

/** Text that Markdown shows as it is, also inside a table cell; always one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\r\n|[\r\n]/g, " ")
    .replaceAll(/[\\`*[\]|~]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
    .replaceAll(/&(?=#?\w+;)/g, "&amp;")
    .replaceAll("<", "&lt;");
}

const TSV_ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** A cell that cannot end its row or column; reversible. */
export function escapeTsv(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (character) => TSV_ESCAPES[character] ?? character);
}

/**
 * Makes JSON text, or YAML text whose strings are double-quoted, safe to show without losing anything:
 * both leave C1 controls and bidi overrides as they are, and both read \uXXXX.
 */
export function escapeInvisible(text: string): string {
  return text.replaceAll(
    /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Whether text holds characters that must not reach a terminal; a line end or a tab alone is harmless. */
export function hasInvisible(text: string): boolean {
  return ANY_UNSAFE.test(text.replaceAll(/[\n\t]/g, ""));
}
