import * as z from "zod";
import type { Context } from "./context.ts";
import type { OwnFormat } from "./output/format.ts";
import type { View } from "./output/view.ts";

// Each schema is used once per run, so compiling it first would cost more than it saves.
z.config({ jitless: true });

export interface Flag {
  /** As commander spells it: "--vm <name|id>", "--allow-restart". No short flags but -o. */
  flag: string;
  summary: string;
  /** May be given more than once; the input gets an array. */
  repeat?: boolean;
  /** Given twice it is refused: the last one would win without a word. */
  once?: true;
}

/** One verb: the words a user types, its input, what it does and how that looks. */
export interface Verb<Input = unknown, Result = unknown> {
  name: string;
  /** One line for the room's help. */
  summary: string;
  /** More help, shown by --help after the flags. */
  details?: string;
  /** Positional arguments as commander spells them: "[group]", "<id>", "[words...]". The input gets them by name. */
  args?: readonly string[];
  flags: readonly Flag[];
  /** Takes everything after `--` as it is: the input gets it as `command`, an array. */
  passThrough?: true;
  /** Has `-o ndjson`: it writes its result with `emit` of the Context while it is made. */
  streams?: true;
  /** Has these formats beside those of every verb; its view has their `documents`. */
  formats?: readonly OwnFormat[];
  /** Goes on until it is stopped: it writes its rows with `follow` of the Context, and has no format with an end. */
  follows?: true;
  /** Command lines shown first in --help, without the leading "azwise". */
  examples: readonly string[];
  /** Checks and converts flags (camelCase) and positional arguments; its messages reach the user. */
  input: z.ZodType<Input>;
  /**
   * True when this run will ask for confirmation, so that it can be refused early where nobody can answer. What it is
   * about may be read for that, from this machine only.
   */
  asks?: (input: Input, ctx: Context) => boolean | Promise<boolean>;
  run(input: Input, ctx: Context): Promise<Result>;
  view(result: Result): View;
}

/** Ties the types of input, run and view together; verbs are listed in their room's `room.ts`. */
export function verb<Input, Result>(definition: Verb<Input, Result>): Verb {
  return definition as unknown as Verb;
}
