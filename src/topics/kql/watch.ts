import * as z from "zod";
import { tellRefusal } from "../../azure/known.ts";
import type { Azure } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError, EXIT } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { alertShapes } from "./alert/shapes.ts";
import type { CatalogueQuery } from "./catalogue/catalogue-query.ts";
import { fillQuery, readGiven, type Given } from "./catalogue/fill-query.ts";
import { judgeText } from "./ask-whole.ts";
import { findFlavour, findQuery } from "./catalogue/find-query.ts";
import { requireLogs } from "./ask-once.ts";
import { findWorkspace, type Asked } from "./find-workspace.ts";
import { Length } from "./length.ts";
import { refuseBound, unboundedText } from "./unbounded.ts";
import { farText, watchOn, type Look, type Watching } from "./watch/loop.ts";
import { beginWatch } from "./watch/rows-plan.ts";
import { lockWatch, readWatch, watchFile, writeWatch, type Watched } from "./watch/state.ts";
import { Moment, windowOf } from "./window.ts";

const MINUTE_MS = 60_000;
const LONGEST_LATE_MS = 2 * 1440 * MINUTE_MS;

const WatchInput = z
  .object({
    name: z.string(),
    workspace: z.string({ error: "give a workspace by its name, id or GUID" }),
    every: Length.refine((ms) => ms >= 5000, { error: "five seconds is the shortest" }).default(MINUTE_MS),
    since: Moment.optional(),
    flavour: z.string().optional(),
    param: z.array(z.string()).default([]),
    late: Length.refine((ms) => ms >= MINUTE_MS && ms <= LONGEST_LATE_MS, {
      error: "rows are late by a minute to two days",
    }).default(30 * MINUTE_MS),
    for: Length.optional(),
    once: z.boolean().default(false),
    restart: z.boolean().default(false),
  })
  .refine((input) => !(input.once && input.for !== undefined), {
    path: ["once"],
    error: "one question takes no time: leave --for or --once out",
  });
type WatchInput = z.infer<typeof WatchInput>;

async function runWatch(input: WatchInput, ctx: Context): Promise<Look> {
  const { name, workspace: wanted } = input;
  const given = readGiven(input.param);
  const query = await watchable(findQuery(name), given, input.flavour);
  const azure = await ctx.azure();
  const { clock } = azure;
  const logs = requireLogs(azure);
  const workspace = await findWorkspace(wanted, ctx);
  const { customerId } = workspace;
  const watched: Watched = { customerId, query: name, params: [...given], flavour: input.flavour };
  const file = watchFile(ctx.folders.state, watched);
  const release = await lockWatch(file, ctx.now());
  try {
    const kept = input.restart ? undefined : await readWatch(file);
    const since = input.since ?? Moment.parse(query.window);
    const mark = beginWatch(windowOf({ since }, clock.now()).from.getTime());
    const begun = { mark, flavour: undefined };
    const state = kept ?? begun;
    const { every: everyMs, late: lateMs } = input;
    const forMs = input.once ? 0 : input.for;
    const watching = {
      ctx,
      logs,
      clock,
      query,
      given,
      watched,
      file,
      state,
      everyMs,
      lateMs,
      forMs,
      rows: 0,
      explained: undefined,
    };
    await tellStart(watching, { workspace, azure, isResumed: kept !== undefined, input });
    // A start without any answer is one, too: the next one asks about the same time.
    if (!kept) await writeWatch(file, watched, state);
    const look = await watchOn(watching).catch((error: unknown) => {
      const isInterrupt = error instanceof AppError && error.kind === "interrupted";
      if (!isInterrupt) ctx.say(`${soFar(watching)}; the same command goes on from there`);
      throw error;
    });
    ctx.say(soFar(watching));
    return look;
  } finally {
    await release();
  }
}

function soFar({ state, rows }: Watching): string {
  return `${farText(state)}; ${rows} new rows`;
}

/** The query without what bounds its texts. Throws AppError (usage) for one whose rows are not those of a table. */
async function watchable(
  query: CatalogueQuery,
  given: Given,
  flavour: string | undefined,
): Promise<CatalogueQuery> {
  refuseBound(findFlavour(query, flavour).text, given, "a watch, which tells all that is new");
  const [first, ...others] = query.flavours.map((each) => ({ ...each, text: unboundedText(each.text) }));
  if (!first) return query;
  for (const each of [first, ...others]) {
    const judged = await judgeText(fillQuery(query, each, given));
    if (!("why" in judged)) continue;
    throw new AppError(
      "usage",
      `${query.name} has no new rows, as they come from several rows each: ${judged.why}`,
      {
        hint: hintFor(query),
      },
    );
  }
  return { ...query, flavours: [first, ...others] };
}

function hintFor({ name, alert }: CatalogueQuery): string {
  const hasNumbers = alert !== undefined;
  const shape = alertShapes[name];
  const numbers = "--threshold 5 --severity 2 --window 15m --frequency 5m";
  const command = `azwise kql alert ${name}${hasNumbers ? "" : ` ${numbers}`}`;
  const rule = shape === undefined || "why" in shape ? "" : `; for a rule of this one: ${command}`;
  return `container-console-errors, container-job-failures and container-startup can be watched${rule}`;
}

interface Start {
  workspace: Asked;
  azure: Azure;
  isResumed: boolean;
  input: WatchInput;
}

async function tellStart(
  { ctx, query, state, clock }: Watching,
  { workspace, azure, isResumed, input }: Start,
): Promise<void> {
  const from = new Date(state.mark.fromMs);
  const what = `${query.name} in ${workspace.name}`;
  if (isResumed)
    ctx.say(`watching ${what} again, ${farText(state)}; rows since ${from.toISOString()} are asked for`);
  else ctx.say(`watching ${what}; rows since ${from.toISOString()} are asked for`);
  if (isResumed && input.since !== undefined)
    ctx.say("--since means nothing here, as this was watched before; --restart forgets that");
  const gone = await goneBefore(workspace, azure, clock.now());
  if (gone !== undefined && from < gone)
    ctx.say(`the workspace keeps no rows before ${gone.toISOString()}: what was there is lost`);
}

/** Before when a workspace has nothing any more; undefined where that is not known. */
async function goneBefore({ id }: Asked, { workspaces }: Azure, now: Date): Promise<Date | undefined> {
  if (id === undefined) return undefined;
  // Whoever may ask for rows may not be allowed to read the workspace.
  const read = await tellRefusal("the workspace", () => workspaces.get(id));
  const days = "value" in read ? read.value?.retentionDays : undefined;
  return days === undefined ? undefined : new Date(now.getTime() - days * 1440 * MINUTE_MS);
}

export const watch = verb({
  name: "watch",
  summary: "New rows of a query as they come, each once, also over restarts",
  args: ["<name>"],
  flags: [
    { flag: "--workspace <name|id|guid>", summary: "the workspace to ask", once: true },
    { flag: "--every <length>", summary: "pause between two questions (default 1m)", once: true },
    {
      flag: "--since <length|time>",
      summary: "where the first start begins; the query's own window when left out",
      once: true,
    },
    {
      flag: "--flavour <name>",
      summary: "the text for these tables; otherwise those that have rows",
      once: true,
    },
    {
      flag: "--param <name=value>",
      summary: "a parameter's value; what is not given has its default",
      repeat: true,
    },
    {
      flag: "--late <length>",
      summary: "how late a row may come and still be told (default 30m, at most 2d)",
      once: true,
    },
    {
      flag: "--for <length>",
      summary: "end after this time; otherwise it goes on until it is stopped",
      once: true,
    },
    { flag: "--once", summary: "ask once and end, for a schedule" },
    { flag: "--restart", summary: "forget how far was asked" },
  ],
  examples: [
    "kql watch container-console-errors --workspace logs-shop --every 1m",
    "kql watch container-job-failures --workspace logs-shop --once -o ndjson",
  ],
  details: `
Rows arrive late and out of order, so each question goes back --late behind the one before, and drops what was told.
How far was asked is kept in the state folder once rows were handed over, by workspace, query, parameters and flavour: the
same command goes on from there, and after a crash rows may come twice, but none is lost. What was not answered in full
is asked for again. Queries that summarize have no new rows and are refused.
Where a question brings no row, it is looked for why: a name that does not occur, a table without rows, or rows elsewhere.
Exits 0 at the end of --for or --once, 6 when the last question was not answered in full, or no row could come for such a
reason, 130 on Ctrl-C.`,
  input: WatchInput,
  follows: true,
  run: runWatch,
  view: (look) => ({
    data: {},
    tables: [],
    notes: [],
    silent: true,
    exit: look === "all" || look === "unread" ? EXIT.ok : EXIT.partial,
  }),
});
