import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { isGuid, parseResourceId } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { alertFile, type AlertTarget } from "./alert/bicep.ts";
import { planAlert, type AlertRule } from "./alert/rule-plan.ts";
import { viewAlert } from "./alert/view.ts";
import { probeFlavours } from "./ask-catalogue.ts";
import type { CatalogueQuery } from "./catalogue/catalogue-query.ts";
import { readGiven, type Given } from "./catalogue/fill-query.ts";
import { findFlavour, findQuery } from "./catalogue/find-query.ts";
import { findWorkspace, type Asked } from "./find-workspace.ts";
import { chooseFlavour, type ProbedFlavour } from "./flavour-plan.ts";
import { Length } from "./length.ts";
import { STDOUT, writeOut } from "./write-out.ts";

const ACTION_GROUP = "microsoft.insights/actiongroups";
const WORKSPACE = "microsoft.operationalinsights/workspaces";

const AlertInput = z.object({
  name: z.string(),
  out: z.string().min(1, { error: "give a file, or - for standard output" }).default(STDOUT),
  force: z.boolean().default(false),
  workspace: z.string().optional(),
  flavour: z.string().optional(),
  param: z.array(z.string()).default([]),
  measure: z.string().optional(),
  threshold: z
    .string()
    .regex(/^\d{1,15}(?:\.\d{1,6})?$/, { error: "a number of zero or more is expected" })
    .transform(Number)
    .optional(),
  severity: z
    .string()
    .regex(/^[0-4]$/, { error: "0 (critical) to 4 (verbose) is expected" })
    .transform(Number)
    .optional(),
  window: Length.optional(),
  frequency: Length.optional(),
  actionGroup: z
    .array(
      z.string().refine((id) => parseResourceId(id)?.type === ACTION_GROUP, {
        error: "the resource id of an action group is expected",
      }),
    )
    .default([]),
});
type AlertInput = z.infer<typeof AlertInput>;

export interface AlertResult {
  rule: AlertRule;
  target: AlertTarget;
  /** As people call it; undefined when none was given. */
  workspace: string | undefined;
  /** What the tables of the flavours have, where that was looked up. */
  probed: readonly ProbedFlavour[];
  /** Undefined for standard output. */
  file: string | undefined;
  bicep: string;
}

async function run(input: AlertInput, ctx: Context): Promise<AlertResult> {
  const query = findQuery(input.name);
  const given = readGiven(input.param);
  const wish = { ...input, windowMs: input.window, frequencyMs: input.frequency };
  // All that was typed is judged before anything is asked.
  planAlert(query, { flavour: findFlavour(query, input.flavour), given }, wish);
  const workspace = input.workspace === undefined ? undefined : await workspaceOfRule(input.workspace, ctx);
  const { flavour, probed } = await chooseByRows({ query, given, workspace, wanted: input.flavour }, ctx);
  const rule = planAlert(query, { flavour: findFlavour(query, flavour), given }, wish);
  const target = { workspaceId: workspace?.id, actionGroupIds: input.actionGroup };
  const bicep = alertFile(rule, target);
  const file = input.out === STDOUT ? undefined : input.out;
  if (file !== undefined) await writeOut(bicep, { file, cwd: ctx.cwd, force: input.force });
  return { rule, target, workspace: workspace?.name, probed, file, bicep };
}

type Found = Pick<Asked, "name" | "id"> & { customerId: string | undefined };

/** An id is taken as it is; a name is looked up. */
async function workspaceOfRule(wanted: string, ctx: Context): Promise<Found> {
  const parts = parseResourceId(wanted);
  if (parts?.type === WORKSPACE) return { name: parts.name, id: wanted, customerId: undefined };
  if (parts !== undefined || isGuid(wanted)) {
    throw new AppError("usage", "a rule needs the resource id of its workspace", {
      hint: "give --workspace its name, or its id from: az monitor log-analytics workspace list --query [].id",
    });
  }
  return findWorkspace(wanted, ctx);
}

interface Choosing {
  query: CatalogueQuery;
  given: Given;
  workspace: Found | undefined;
  wanted: string | undefined;
}

const LOOK_BACK_MS = 86_400_000;

/** A rule on the flavour that nothing writes to never fires, so the one with rows is taken where that can be seen. */
async function chooseByRows(
  { query, given, workspace, wanted }: Choosing,
  ctx: Context,
): Promise<{ flavour: string | undefined; probed: ProbedFlavour[] }> {
  const customerId = workspace?.customerId;
  if (customerId === undefined) return { flavour: wanted, probed: [] };
  const { logs, clock } = await ctx.azure();
  if (!logs) return { flavour: wanted, probed: [] };
  const until = clock.now();
  const window = { from: new Date(until.getTime() - LOOK_BACK_MS), until };
  const probed = await probeFlavours({ logs, customerId, query, given, window });
  return { flavour: wanted ?? chooseFlavour(probed).flavour, probed };
}

export const alert = verb({
  name: "alert",
  summary: "A scheduled query rule on a query of the catalogue, as Bicep",
  args: ["<name>"],
  flags: [
    { flag: "--out <file>", summary: "where to write it; - (the default) is standard output", once: true },
    { flag: "--force", summary: "replace the file when it is there" },
    {
      flag: "--workspace <name|id>",
      summary: "the workspace; otherwise it is a parameter of the file",
      once: true,
    },
    { flag: "--flavour <name>", summary: "the text for these tables", once: true },
    {
      flag: "--param <name=value>",
      summary: "a parameter's value; what is not given has its default",
      repeat: true,
    },
    { flag: "--measure <column>", summary: "the column to go by, where a query has several", once: true },
    { flag: "--threshold <number>", summary: "it fires above this, within one window", once: true },
    {
      flag: "--severity <0-4>",
      summary: "0 critical, 1 error, 2 warning, 3 informational, 4 verbose",
      once: true,
    },
    {
      flag: "--window <length>",
      summary: "how long a time is looked at: 1m, 5m, 15m … 6h, 1d, 2d",
      once: true,
    },
    { flag: "--frequency <length>", summary: "how often: 1m, 5m, 15m … 6h, 1d", once: true },
    { flag: "--action-group <id>", summary: "who is told, by resource id; repeatable", repeat: true },
  ],
  examples: [
    "kql alert postgres-tls-failures --out tls-alert.bicep",
    "kql alert container-restarts --workspace logs-shop --threshold 5 --severity 2 --window 15m --frequency 5m --out restarts.bicep",
  ],
  details: `
Threshold, severity, window and frequency are an article's where one gives them, and otherwise have to be given: none is
made up. One alert for each app, server, dataset: what the query tells apart. Nothing is deployed. Azure is asked only
where --workspace is a name: then the flavour that has rows is taken. A file that is there stays, unless --force says so.`,
  input: AlertInput,
  run,
  view: viewAlert,
});
