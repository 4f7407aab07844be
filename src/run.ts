import type * as z from "zod";
import type { Target } from "./azure/ports.ts";
import type { RunVerb } from "./command.ts";
import type { Context, Host } from "./context.ts";
import { cite } from "./docs/cite.ts";
import { AppError, EXIT } from "./errors.ts";
import { checkFormat, type GlobalFlags } from "./global-flags.ts";
import { decideAscii, decideColour } from "./output/colour.ts";
import { FOLLOWED } from "./output/follow.ts";
import { FORMATS, STREAMED, type Format, type OwnFormat } from "./output/format.ts";
import { render, type Rendered } from "./output/render.ts";
import type { View } from "./output/view.ts";
import { openSession } from "./session.ts";
import { completeError, completeView } from "./typed-target.ts";
import type { Verb } from "./verb.ts";

/** The one road: checked input, run, view, render, and the only place that writes a result. */
export const runVerb: RunVerb = async ({ verb, globals, input, host, command, path }) => {
  const checked = checkInput(verb, input, path);
  const format = chooseFormat(globals, host);
  requireFormat(verb, globals, format);
  if (globals.query !== undefined) await checkQueryFirst(globals.query);
  const showing = { globals, host, format, command };
  const session = openSession({
    host,
    globals,
    mayAsk: mayAsk(globals, host, format),
    command,
    streams: format === STREAMED && verb.streams === true,
    follows: verb.follows ? format : undefined,
    preview: (view) => toPreview(view, { ...showing, format: "table" }),
  });
  try {
    if (!globals.yes && !mayAsk(globals, host, format))
      await requireNoQuestion(verb, checked, session.context);
    const result = await verb.run(checked, session.context);
    session.context.progress(undefined);
    const view = verb.view(result);
    if (view.silent) return view.exit ?? EXIT.ok;
    const rendered = await toText(view, session.target(), showing);
    if (rendered.stdout !== "") host.stdout.write(rendered.stdout);
    if (rendered.stderr !== "") host.stderr.write(rendered.stderr);
    return view.exit ?? EXIT.ok;
  } catch (error) {
    if (session.context.signal.aborted && !(error instanceof AppError)) {
      throw new AppError("interrupted", "interrupted; nothing was being changed", { cause: error });
    }
    throw completeError(error, globals);
  } finally {
    session.close();
  }
};

function checkInput(verb: Verb, input: Record<string, unknown>, path: string): unknown {
  const parsed = verb.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("usage", describeIssue(verb, issue), { hint: `see ${path} --help` });
}

function describeIssue(verb: Verb, issue: z.core.$ZodIssue | undefined): string {
  const key = String(issue?.path[0] ?? "");
  const positional = (verb.args ?? []).some((each) => each.replace(/[<>[\].]/g, "") === key);
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const subject = key === "" ? "" : `${positional ? key : flag}: `;
  return `${subject}${issue?.message ?? "wrong input"}`;
}

function chooseFormat(globals: GlobalFlags, host: Host): Format {
  return (
    globals.output ??
    checkFormat(host.env["AZWISE_OUTPUT"] || undefined) ??
    (host.stdout.isTTY ? "table" : "tsv")
  );
}

/** What only some verbs have is refused for the others, and with --query, which reads the JSON result. */
function requireFormat(
  { streams, follows, formats = [] }: Verb,
  { query }: GlobalFlags,
  format: Format,
): void {
  if (follows) return requireFollowed(query, format);
  if (FORMATS.some((each) => each === format)) return;
  const own: readonly (typeof STREAMED | OwnFormat)[] = streams ? [STREAMED, ...formats] : formats;
  if (!own.some((each) => each === format)) {
    throw new AppError("usage", `this command has no -o ${format}`, {
      hint: `use -o ${[...FORMATS, ...own].join("|")}`,
    });
  }
  if (query !== undefined) {
    throw new AppError("usage", `--query needs the whole result, and -o ${format} has none`, {
      hint:
        format === STREAMED ? "use -o json with --query, or filter the lines" : "use -o json with --query",
    });
  }
}

function requireFollowed(query: string | undefined, format: Format): void {
  if (FOLLOWED.includes(format) && query === undefined) return;
  const wanted = query === undefined ? `-o ${format}` : "--query";
  throw new AppError("usage", `${wanted} needs the whole result, and this command goes on`, {
    hint: `use -o ${FOLLOWED.join("|")}`,
  });
}

/** Questions need a person: a terminal on both sides, and not a program that asked for JSON or YAML. */
function mayAsk(globals: GlobalFlags, host: Host, format: Format): boolean {
  const forPrograms = format === "json" || format === "yaml" || globals.query !== undefined;
  return host.stdin.isTTY && host.stderr.isTTY && !forPrograms;
}

/** Refused before anything is asked of Azure: nobody could answer later. */
async function requireNoQuestion(verb: Verb, input: unknown, ctx: Context): Promise<void> {
  if ((await verb.asks?.(input, ctx)) !== true) return;
  throw new AppError("usage", "applying needs a confirmation, and nobody can be asked here", {
    hint: "look at the plan, then add --yes",
  });
}

/** A wrong expression must be refused before anything is changed, not after. */
async function checkQueryFirst(query: string): Promise<void> {
  const { checkQuery } = await import("./output/query.ts");
  await checkQuery(query);
}

interface Showing {
  globals: GlobalFlags;
  host: Host;
  format: Format;
  command: string;
}

/** What a person sees before a question: warnings, too, as they are what the answer depends on. */
async function toPreview(view: View, showing: Showing): Promise<string> {
  const notes = view.notes.filter(({ isNext }) => isNext !== true);
  const { stdout, stderr } = await toText({ ...view, notes }, undefined, showing);
  return stdout + stderr;
}

async function toText(view: View, target: Target | undefined, showing: Showing): Promise<Rendered> {
  const { globals, host, format, command } = showing;
  const { env } = host;
  return render(completeView(view, globals), {
    format,
    ...(globals.query === undefined ? {} : { query: globals.query }),
    colour: {
      stdout: decideColour({ isTTY: host.stdout.isTTY, env, flag: globals.color }),
      stderr: decideColour({ isTTY: host.stderr.isTTY, env, flag: globals.color }),
    },
    columns: host.stdout.columns,
    ascii: decideAscii(env),
    showIds: globals.showIds,
    command,
    now: host.now(),
    ...(target ? { target } : {}),
    cite,
  });
}
