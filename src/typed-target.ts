import { flagWords, shellWord } from "./azure/shell-word.ts";
import { AppError } from "./errors.ts";
import type { GlobalFlags } from "./global-flags.ts";
import type { View } from "./output/view.ts";

type Typed = Pick<GlobalFlags, "cloud" | "tenant" | "subscriptions">;

/** Commands that look at a target. Those of login, docs and sandbox mean something else by these flags, or nothing. */
const COMMAND =
  /\bazwise (?:(?:acr|odcr) [a-z-]+|kql (?:run|watch|alert|triage containerapp|failures (?:send|report))|runs resume|apply)(?= |$)/g;

/**
 * A text whose commands name the target that was typed: variables and files are still there when somebody types
 * such a command, flags are not. What a command says of the target itself stays.
 */
export function completeCommands(text: string, { cloud, tenant, subscriptions }: Typed): string {
  const given = [
    ["--cloud", cloud === undefined ? [] : [cloud]],
    ["--tenant", tenant === undefined ? [] : [tenant]],
    ["--subscription", subscriptions],
  ] as const;
  return text.replaceAll(COMMAND, (command, at: number) => {
    const [rest = ""] = text.slice(at + command.length).split(/\bazwise /);
    const missing = given.filter(([flag]) => !rest.includes(`${flag} `) && !rest.includes(`${flag}=`));
    const words = missing.flatMap(([flag, values]) => values.flatMap((value) => flagWords(flag, value)));
    return [command, ...words.map(shellWord)].join(" ");
  });
}

/** Notes and what is there to be copied; the data is left as it is, as it also holds commands of the past. */
export function completeView(view: View, typed: Typed): View {
  return {
    ...view,
    notes: view.notes.map((note) => ({ ...note, text: completeCommands(note.text, typed) })),
    tables: view.tables.map(({ columns, rows, ...table }) => ({
      ...table,
      columns,
      rows: rows.map(({ cells, ...row }) => ({
        ...row,
        cells: cells.map((cell, index) =>
          typeof cell === "string" && columns[index]?.whole ? completeCommands(cell, typed) : cell,
        ),
      })),
    })),
  };
}

export function completeError(error: unknown, typed: Typed): unknown {
  if (!(error instanceof AppError) || error.hint === undefined) return error;
  const hint = completeCommands(error.hint, typed);
  if (hint === error.hint) return error;
  const { kind, message, code, because } = error;
  return new AppError(kind, message, {
    hint,
    because,
    cause: error,
    ...(code === undefined ? {} : { code }),
  });
}
