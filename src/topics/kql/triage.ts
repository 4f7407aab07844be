import * as z from "zod";
import type { Context } from "../../context.ts";
import { nearestIds } from "../../docs/nearest.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { requireLogs } from "./ask-once.ts";
import { findWorkspace, type Asked } from "./find-workspace.ts";
import { rankCauses } from "./triage/causes.ts";
import { findApp, findLogs, type FoundApp, type LogsSent } from "./triage/find-app.ts";
import { keepOwn, readNames, readRows, type Asking, type Own, type Part } from "./triage/read-rows.ts";
import type { Cause, Examined } from "./triage/seen.ts";
import { notJob } from "./triage/whose-rows.ts";
import { adviseGap, lastStarts, type GapAdvice, type Start } from "./triage/timeline.ts";
import { viewTriage } from "./triage/view.ts";
import { Moment, windowOf, type Window } from "./window.ts";

const TriageInput = z.object({
  what: z.literal("containerapp", { error: "say what: azwise kql triage containerapp NAME" }),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/i, { error: "the name of a container app or job is expected" }),
  workspace: z.string({ error: "give the workspace of its logs: --workspace <name|id|guid>" }),
  since: Moment.optional(),
  until: Moment.optional(),
  resourceGroup: z.string().optional(),
  job: z.boolean().default(false),
});
type TriageInput = z.infer<typeof TriageInput>;

export interface TriageResult {
  examined: Examined;
  workspace: Asked;
  window: Window;
  causes: Cause[];
  starts: Start[];
  /** Of the largest gap of the newest start. */
  advice: GapAdvice[];
  parts: Part[];
  /** Why the resource is not known. */
  unknown: string | undefined;
  hasTwin: boolean;
  /** Whose rows of the name were left out. */
  others: string[];
  /** How many of the last lines are its own, where not all are. */
  ownOfLast: number | undefined;
  /** Why some rows may be another's. */
  mixed: string | undefined;
  /** Whether its logs are sent here; undefined where its environment is not known. */
  logs: LogsSent | undefined;
  /** Names that are like the one that no row has. */
  nearest: string[];
}

async function runTriage(input: TriageInput, ctx: Context): Promise<TriageResult> {
  const azure = await ctx.azure();
  const { clock } = azure;
  const logs = requireLogs(azure);
  const window = windowOf(input, clock.now());
  const workspace = await findWorkspace(input.workspace, ctx);
  ctx.progress("reading what the container app wrote, and what the platform said of it");
  const asking: Asking = { logs, customerId: workspace.customerId, window };
  const [found, all] = await Promise.all([findApp(input, ctx), readRows(input.name, asking)]);
  const sent = await findLogs(found, workspace, ctx);
  const { name, resourceGroup, job } = input;
  const { resource, elsewhere } = found;
  const rows = keepOwn(all, {
    name,
    resourceGroup,
    job,
    resource,
    elsewhere,
    environments: sent?.environments,
  });
  const nearest = await namesLike(input.name, { found, rows, asking });
  const examined = toExamined(input, { found, rows, window });
  const starts = lastStarts(examined);
  return {
    examined,
    workspace,
    window,
    causes: rankCauses(examined),
    starts,
    advice: adviseGap(starts[0]?.gap, examined),
    parts: rows.parts,
    unknown: found.unknown,
    hasTwin: found.hasTwin,
    others: rows.whose.others,
    ownOfLast: rows.ownOfLast,
    mixed: rows.whose.gap,
    logs: sent,
    nearest,
  };
}

interface Answers {
  found: FoundApp;
  rows: Own;
}

function toExamined(input: TriageInput, { found, rows, window }: Answers & { window: Window }): Examined {
  const { resource } = found;
  const { lines, events, usage, tables, whose } = rows;
  const system = rows.parts.find(({ what }) => what === "system events");
  return {
    name: resource?.name ?? input.name,
    kind: whose.kind,
    resource,
    resourceId: whose.resourceId,
    resourceGroup: input.resourceGroup,
    lines,
    events,
    usage,
    tables,
    untilMs: window.until.getTime(),
    knowsEvents: events.length > 0 || system?.gap === undefined,
  };
}

/**
 * Names like one that no row has; none where rows have it. Throws AppError (usage) where it is nobody's: no row has it
 * although there are rows, and no resource either.
 */
async function namesLike(
  name: string,
  { found, rows, asking }: Answers & { asking: Asking },
): Promise<string[]> {
  if (rows.lines.length > 0 || rows.events.length > 0) return [];
  const names = [...new Set([...(await readNames(asking)), ...found.names])].filter(
    (each) => each.toLowerCase() !== name.toLowerCase(),
  );
  const nearest = names.length === 0 ? [] : nearestIds(name, names);
  const { resource, isApp, unknown = "" } = found;
  if (isApp && !resource) throw notJob(name);
  const hasLogs = rows.parts.some(({ what, gap }) => what !== "processor and memory" && gap === undefined);
  if (resource || !hasLogs) return nearest;
  throw new AppError("usage", `no row of the window is of ${name}, and ${unknown}`, {
    hint: nearest.length === 0 ? "check --since and --subscription" : `did you mean ${nearest.join(", ")}?`,
  });
}

export const triage = verb({
  name: "triage",
  summary: "Why a container app or job does not start: causes, evidence, what to type",
  args: ["<what>", "<name>"],
  examples: [
    "kql triage containerapp shop-api --workspace logs-shop",
    "kql triage containerapp nightly-invoices --workspace logs-shop --since 12h -o md",
  ],
  flags: [
    { flag: "--workspace <name|id|guid>", summary: "the workspace that has its logs", once: true },
    { flag: "--since <length|time>", summary: "30m, 24h (the default), 7d, PT30M or a time", once: true },
    { flag: "--until <length|time>", summary: "the end of the window; now when left out", once: true },
    { flag: "--resource-group <name>", summary: "where several apps have the name", once: true },
    { flag: "--job", summary: "the job, where an app has the name, too" },
  ],
  details: `
<what> is containerapp; an app or a job is found by its name. Reads the resource, its lines, the platform's events and
its metrics, and changes nothing. What a line shows is without passwords, keys and tokens.
Causes are in the order in which they explain each other; what a good start came after is history, and last.
Nothing found means that none of the known causes was seen, and is not health.
Exits 3 when there is a cause or an end without a known one, otherwise 6 when something could not be told, and 0.`,
  input: TriageInput,
  run: runTriage,
  view: viewTriage,
});
