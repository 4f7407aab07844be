import { AppError } from "../errors.ts";
import { type Cite, citationLines, numberFacts } from "./citations.ts";
import type { Palette } from "./colour.ts";
import { createPalette } from "./palette.ts";
import { redact } from "./redact.ts";
import { stripControl } from "./text.ts";

export interface ErrorLook {
  /** Whether stderr shows colour. */
  colour: boolean;
  cite: Cite;
}

/** What stderr says when a command stops: a refusal with what to type next, or a bug with its stack. */
export function renderError(error: unknown, { colour, cite }: ErrorLook): string {
  const palette = createPalette(colour);
  const lines = error instanceof AppError ? refusal(error, palette, cite) : bug(error, palette);
  return lines.map((line) => `${line}\n`).join("");
}

function refusal(error: AppError, palette: Palette, cite: Cite): string[] {
  const { message, code, hint } = error;
  const suffix = code === undefined || message.includes(code) ? "" : ` (${code})`;
  return [
    `${palette.bad("error:")} ${safe(message + suffix)}`,
    ...(hint === undefined ? [] : [`  ${palette.bold("next:")} ${safe(hint)}`]),
    ...sourceLines(error.because, cite).map((line) => `  ${safe(line)}`),
  ];
}

function sourceLines(because: readonly string[], cite: Cite): string[] {
  try {
    return citationLines(numberFacts(because, cite));
  } catch {
    // An unknown fact must not hide the error it was to explain.
    return because.map((id) => `[${id}]`);
  }
}

function bug(error: unknown, palette: Palette): string[] {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return [
    `${palette.bad("bug:")} ${safe(message)}`,
    ...stack
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .map(safe),
    "This is a fault in azwise, not in your input: please report it with the lines above.",
  ];
}

function safe(line: string): string {
  return redact(stripControl(line));
}
