import { Chalk } from "chalk";
import type { Palette } from "./colour.ts";

/** The sixteen basic colours only, so that the user's terminal theme decides how they look. */
export function createPalette(colour: boolean): Palette {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return { good: chalk.green, warn: chalk.yellow, bad: chalk.red, dim: chalk.dim, bold: chalk.bold };
}
