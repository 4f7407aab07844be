import { AzureError } from "../../../azure/azure-error.ts";
import type { LogsPort } from "../../../azure/log-ports.ts";
import type { Context } from "../../../context.ts";
import type { JsonObject } from "../../../json.ts";
import { toLiteral } from "../../../kql/literal.ts";
import { askCatalogue } from "../ask-catalogue.ts";
import { findQuery } from "../catalogue/find-query.ts";
import { findWorkspace, type Asked } from "../find-workspace.ts";
import { probeTable, type TableState } from "../probe-table.ts";
import { requireLogs, toObject } from "../ask-once.ts";
import type { NameSeen } from "../run/result.ts";
import { seeName } from "../see-name.ts";
import type { Window } from "../window.ts";

export interface ReportInput {
  workspace: string;
  table: string;
  environment: string | undefined;
  /** Whole days, up to now. */
  days: number;
}

/** What one query of the catalogue told. */
export interface Section {
  rows: JsonObject[];
  /** Why rows are missing, or all of them. */
  problem: string | undefined;
}

export const SECTIONS = {
  days: "pipeline-failures-by-day",
  datasets: "pipeline-failures-by-dataset",
  layers: "pipeline-failures-by-layer",
  environments: "pipeline-failures-by-environment",
  errors: "pipeline-failures-by-error",
  changes: "pipeline-changes",
  outages: "pipeline-time-to-resolve",
} as const;
export type SectionName = keyof typeof SECTIONS;

export interface ReportResult {
  input: ReportInput;
  workspace: Asked;
  window: Window;
  /** What the table has in both periods. */
  state: TableState;
  /** What it has of the period before. */
  before: TableState;
  /** Whether the environment occurs in both periods; undefined where none was given. */
  seen: NameSeen | undefined;
  /** Whether it has any event of the environment in the period before, so that the two can be compared. */
  isComparable: boolean;
  /** Undefined when the table has nothing to report on, or nothing of the environment. */
  sections: Record<SectionName, Section> | undefined;
}

const DAY_MS = 86_400_000;
/** Rows of each list. */
export const MOST_ROWS = 10;

export async function runReport(input: ReportInput, ctx: Context): Promise<ReportResult> {
  const azure = await ctx.azure();
  const { clock } = azure;
  const logs = requireLogs(azure);
  const until = clock.now();
  const window = { from: new Date(until.getTime() - input.days * DAY_MS), until };
  const workspace = await findWorkspace(input.workspace, ctx);
  const { customerId } = workspace;
  // Both periods: one without an event may be compared with one that has some.
  const both = { from: new Date(until.getTime() - 2 * input.days * DAY_MS), until };
  const earlier = { from: both.from, until: window.from };
  const [state, before, seen] = await Promise.all([
    probeTable(input.table, { logs, customerId, window: both }),
    probeTable(input.table, { logs, customerId, window: earlier, only: onlyOf(input.environment) }),
    seeEnvironment({ logs, customerId, input, window: both }),
  ]);
  const isComparable = before.state === "quiet";
  const result = { input, workspace, window, state, seen, before, isComparable, sections: undefined };
  if (state.state !== "quiet" || seen?.state === "absent") return result;
  return { ...result, sections: await askSections({ logs, customerId, input, window, both }) };
}

async function seeEnvironment(
  asked: Pick<Asking, "logs" | "customerId" | "input" | "window">,
): Promise<NameSeen | undefined> {
  const { table, environment = "" } = asked.input;
  const query = findQuery(SECTIONS.days);
  const given = new Map(Object.entries({ table, environment }));
  return seeName({ ...asked, query, given }, query.flavours[0]);
}

/** The same events that the catalogue's texts let through; nobody may have sent an environment yet. */
function onlyOf(environment: string | undefined): string | undefined {
  if (environment === undefined) return undefined;
  return `column_ifexists("Environment", "") =~ ${toLiteral(environment, "string")}`;
}

interface Asking {
  logs: LogsPort;
  customerId: string;
  input: ReportInput;
  window: Window;
  both: Window;
}

async function askSections(asking: Asking): Promise<Record<SectionName, Section>> {
  const { window, both, input } = asking;
  const top = { window, more: { rows: String(MOST_ROWS) } };
  const daily = { window: both, more: { rows: String(2 * input.days + 1) } };
  const [days, datasets, layers, environments, errors, changes, outages] = await Promise.all([
    ask("days", daily, asking),
    ask("datasets", top, asking),
    ask("layers", top, asking),
    ask("environments", top, asking),
    ask("errors", top, asking),
    ask("changes", { window: both, more: { period: `${input.days}d` } }, asking),
    ask("outages", { window, more: {} }, asking),
  ]);
  return { days, datasets, layers, environments, errors, changes, outages };
}

/** One query that fails does not take the others' answers. */
async function ask(
  name: SectionName,
  { window, more }: { window: Window; more: Record<string, string> },
  { logs, customerId, input }: Asking,
): Promise<Section> {
  const { table, environment } = input;
  const given = new Map(
    Object.entries({ table, ...more, ...(environment === undefined ? {} : { environment }) }),
  );
  const query = findQuery(SECTIONS[name]);
  try {
    const { whole } = await askCatalogue({ logs, customerId, query, given, flavour: "custom", window });
    if (!whole) return { rows: [], problem: `there is no table ${table} any more` };
    const { columns, rows, end } = whole.answer;
    const problem = end.outcome === "complete" ? undefined : (end.problem?.message ?? end.outcome);
    return { rows: rows.map((row) => toObject(row, columns)), problem };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { rows: [], problem: error.message };
  }
}
