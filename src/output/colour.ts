import type { Tone } from "./view.ts";

export type Style = (text: string) => string;
export type Palette = Readonly<Record<Tone | "bold", Style>>;

const asIs: Style = (text) => text;
export const PLAIN: Palette = { good: asIs, warn: asIs, bad: asIs, dim: asIs, bold: asIs };

export interface ColourChoice {
  /** Of the one stream that is asked about. */
  isTTY: boolean;
  env: Readonly<Record<string, string | undefined>>;
  /** False when --no-color was given. */
  flag?: boolean | undefined;
}

export function decideColour({ isTTY, env, flag }: ColourChoice): boolean {
  if (flag === false || env["NO_COLOR"] || env["TERM"] === "dumb") return false;
  if (env["FORCE_COLOR"] && env["FORCE_COLOR"] !== "0") return true;
  return isTTY;
}

/** Whether a drawing has to be ASCII: a locale of another encoding, or a terminal without the characters. */
export function decideAscii(env: ColourChoice["env"]): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return (locale !== "" && !/utf-?8/i.test(locale)) || env["TERM"] === "linux" || env["TERM"] === "dumb";
}

/** Loads chalk only when there is something to colour. */
export async function loadPalette(colour: boolean): Promise<Palette> {
  return colour ? (await import("./palette.ts")).createPalette(colour) : PLAIN;
}
