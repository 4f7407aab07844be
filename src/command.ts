import { Option, type Command, type CommanderError } from "commander";
import type { Host } from "./context.ts";
import { AppError, EXIT, type ExitCode } from "./errors.ts";
import { checkFormat, type GlobalFlags } from "./global-flags.ts";
import type { Flag, Verb } from "./verb.ts";

const GLOBAL_FLAGS: readonly Flag[] = [
  { flag: "-o, --output <format>", summary: "table, json, yaml, tsv or md; a pipe gets tsv" },
  { flag: "--query <jmespath>", summary: "JMESPath over the JSON result" },
  {
    flag: "--cloud <name>",
    summary: "public, usgov, china, sandbox, or a cloud of your configuration",
    once: true,
  },
  { flag: "--tenant <id>", summary: "the one tenant of this run, a GUID or a domain", once: true },
  {
    flag: "--subscription <id>",
    summary: "subscription GUID; repeatable where a verb reads several",
    repeat: true,
  },
  {
    flag: "--auth <kind>",
    summary: "auto, environment, workload, pipelines, managed, cli, browser or device",
    once: true,
  },
  { flag: "--no-token-cache", summary: "keep access tokens in memory only" },
  { flag: "--timeout <duration>", summary: "longest wait for one operation or pause, such as 90s or 30m" },
  { flag: "--concurrency <n>", summary: "most requests and steps at once (default 8)" },
  { flag: "--yes", summary: "answer yes to the confirmation" },
  { flag: "--show-ids", summary: "do not mask ids in Markdown" },
  { flag: "--verbose", summary: "log every request to stderr" },
  { flag: "--no-color", summary: "no colour" },
];

const OF_EVERY_COMMAND = "Options of every command:";

/** Runs a chosen verb: everything after argv was understood. Implemented by `run.ts`, loaded on demand. */
export type RunVerb = (chosen: {
  verb: Verb;
  globals: GlobalFlags;
  input: Record<string, unknown>;
  host: Host;
  /** The whole command line, "azwise" included. */
  command: string;
  /** The words that lead to the verb: "azwise odcr attach". */
  path: string;
}) => Promise<number>;

/** Adds a verb as a commander command; the action leads to the one road in `run.ts`. */
export function addVerb(
  parent: Command,
  verb: Verb,
  act: (input: Record<string, unknown>) => Promise<void>,
): void {
  describeVerb(parent.command(verb.name).summary(verb.summary), verb, act);
}

/** Makes a command do what a verb says; also a room's own word, beside its other verbs. */
export function describeVerb(
  command: Command,
  verb: Verb,
  act: (input: Record<string, unknown>) => Promise<void>,
): void {
  command.description(verb.summary);
  for (const argument of verb.args ?? []) command.argument(argument);
  for (const flag of verb.flags) command.addOption(toOption(flag));
  for (const flag of GLOBAL_FLAGS) command.addOption(toOption(flag).helpGroup(OF_EVERY_COMMAND));
  command.addHelpOption(new Option("-h, --help", "display help for command").helpGroup(OF_EVERY_COMMAND));
  command.addHelpText("before", exampleText(verb));
  if (verb.details !== undefined) command.addHelpText("after", `\n${verb.details.trim()}`);
  command.action(async () => {
    await act({ ...command.opts<Record<string, unknown>>(), ...positionals(command, verb) });
  });
}

function exampleText(verb: Verb): string {
  const lines = verb.examples.map((example) => `  azwise ${example}`);
  return `Examples:\n${lines.join("\n")}\n`;
}

function toOption(flag: Flag): Option {
  const option = new Option(flag.flag, flag.summary);
  if (flag.once === true) {
    return option.argParser((value: string, earlier: string | undefined) => {
      if (earlier === undefined) return value;
      throw new AppError("usage", `${option.long ?? ""} is given twice`, { hint: "give it once" });
    });
  }
  if (flag.repeat !== true) return option;
  return option.argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]);
}

function positionals(command: Command, verb: Verb): Record<string, unknown> {
  const names = (verb.args ?? []).map((each) => each.replace(/[<>[\].]/g, ""));
  const values = command.processedArgs as unknown[];
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

/** Splits the flags that every verb has from the verb's own. */
export function splitGlobals(values: Record<string, unknown>): {
  globals: GlobalFlags;
  input: Record<string, unknown>;
} {
  const { output, query, cloud, tenant, subscription, auth, timeout, concurrency, ...rest } = values;
  const { yes, showIds, verbose, color, tokenCache, ...input } = rest;
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return {
    input,
    globals: {
      output: checkFormat(text(output)),
      query: text(query),
      cloud: text(cloud),
      tenant: text(tenant),
      subscriptions: Array.isArray(subscription) ? subscription.map(String) : [],
      auth: text(auth),
      tokenCache: tokenCache !== false,
      timeout: text(timeout),
      concurrency: text(concurrency),
      yes: yes === true,
      showIds: showIds === true,
      verbose: verbose === true,
      color: color !== false,
    },
  };
}

/** Help and version end commander by throwing; all else it throws is wrong usage of `path`. */
export function exitOfCommander(error: CommanderError, path: string): ExitCode {
  if (error.exitCode === 0) return EXIT.ok;
  const message = error.message.replace(/^error: /, "");
  if (error.code === "commander.help") return EXIT.usage;
  const [text = message, suggestion] = message.split("\n");
  const hint = suggestion === undefined ? `see ${path} --help` : suggestion.replace(/^\(|\)$/g, "");
  throw new AppError("usage", text, { hint });
}
