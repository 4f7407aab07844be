import { CONVERSIONS } from "./functions-convert.ts";
import { LOGIC } from "./functions-logic.ts";
import { TEXTS } from "./functions-text.ts";
import { TIMES } from "./functions-time.ts";
import type { KqlFunction } from "./function.ts";

/** The scalar functions that are spoken here. */
export const FUNCTIONS: ReadonlyMap<string, KqlFunction> = new Map(
  [LOGIC, CONVERSIONS, TEXTS, TIMES].flatMap((each) => Object.entries<KqlFunction>(each)),
);
