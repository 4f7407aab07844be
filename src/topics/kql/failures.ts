import * as z from "zod";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { isGuid, parseResourceId } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { readRanges } from "./failures/batch-plan.ts";
import { viewReport } from "./failures/report-view.ts";
import { runReport, type ReportResult } from "./failures/report.ts";
import { viewSend } from "./failures/send-view.ts";
import { runSend, type SendResult } from "./failures/send.ts";
import { runSetup, viewSetup, type SetupResult } from "./failures/setup.ts";
import { pipelineErrors } from "./schemas/pipelines.ts";

const named = (what: string) => z.string().min(1, `${what} has a name`).optional();

const Events = z.string().transform((text, check) => {
  const ranges = readRanges(text);
  if (ranges) return ranges;
  check.addIssue({ code: "custom", message: "as 201-400,601- or 7: numbers of events, from 1" });
  return z.NEVER;
});

/** A comparison with the time before needs whole days that end now. */
const Days = z
  .string()
  .regex(/^(?:[1-9]\d{0,2}d|24h)$/, { error: "a number of days such as 7d, which are up to now" })
  .transform((text) => (text === "24h" ? 1 : Number(text.slice(0, -1))))
  .refine((days) => days <= 180, { error: "180d at most" });

const FailuresInput = z
  .object({
    action: z.enum(["send", "setup", "report"], {
      error: ({ input }) => `"${String(input)}" is neither send, setup nor report`,
    }),
    file: named("a file"),
    rule: named("a rule"),
    endpoint: z.url({ protocol: /^https$/, error: "an address begins with https://" }).optional(),
    stream: named("a stream"),
    events: Events.optional(),
    allowUnknown: z.boolean().optional(),
    dryRun: z.boolean().optional(),
    out: named("a file"),
    force: z.boolean().optional(),
    workspace: named("a workspace"),
    table: z
      .string()
      .regex(/^[A-Za-z]\w{0,59}_CL$/, { error: "the name of a custom table ends in _CL" })
      .optional(),
    location: z
      .string()
      .regex(/^[a-z0-9]+$/i, { error: "a region such as westeurope" })
      .optional(),
    principal: z.guid({ error: "the object id of an identity is a GUID" }).optional(),
    since: Days.optional(),
    environment: named("an environment"),
  })
  .superRefine((input, check) => {
    const say = (flag: string, message: string): void =>
      check.addIssue({ code: "custom", path: [flag], message });
    const { action, ...flags } = input;
    const { needs, takes } = FLAGS[action];
    for (const [flag, value] of Object.entries(flags)) {
      if (value === undefined || flag in needs || takes.includes(flag)) continue;
      const others = ACTIONS.filter((each) => flag in FLAGS[each].needs || FLAGS[each].takes.includes(flag));
      say(flag, `goes with azwise kql failures ${others.join(" or ")}`);
    }
    for (const [flag, message] of Object.entries(needs)) {
      if (flags[flag as keyof typeof flags] === undefined) say(flag, message);
    }
    const isWorkspace = parseResourceId(input.workspace ?? "")?.type === WORKSPACE_TYPE;
    const isName = /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/.test(input.workspace ?? "");
    if (action === "setup" && !isWorkspace && (!isName || isGuid(input.workspace ?? ""))) {
      say("workspace", "a deployment needs the name or resource id of a workspace");
    }
  });
type FailuresInput = z.infer<typeof FailuresInput>;

const WORKSPACE_TYPE = "microsoft.operationalinsights/workspaces";
const ACTIONS = ["send", "setup", "report"] as const;

/** The flags of each action: what is said where one is missing, and those that may be left out. */
const FLAGS: Record<FailuresInput["action"], { needs: Record<string, string>; takes: readonly string[] }> = {
  send: {
    needs: {
      file: "say which events: -f FILE, or -f - for standard input",
      rule: "say by which data collection rule: --rule NAME",
    },
    takes: ["endpoint", "stream", "events", "allowUnknown", "dryRun"],
  },
  setup: {
    needs: {
      out: "say where to: --out FILE, or --out - for standard output",
      workspace: "say for which workspace: --workspace NAME",
    },
    takes: ["force", "table", "location", "principal"],
  },
  report: {
    needs: { workspace: "say which workspace: --workspace NAME" },
    takes: ["table", "since", "environment"],
  },
};

type FailuresResult =
  | { action: "send"; result: SendResult }
  | { action: "setup"; result: SetupResult }
  | { action: "report"; result: ReportResult };

async function runFailures(input: FailuresInput, ctx: Context): Promise<FailuresResult> {
  const { action, workspace = "", table = pipelineErrors.name } = input;
  if (action === "setup") {
    const { out = "", force = false, location, principal } = input;
    return { action, result: await runSetup({ out, force, workspace, table, location, principal }, ctx) };
  }
  if (action === "report") {
    const { environment, since: days = 7 } = input;
    return { action, result: await runReport({ workspace, table, environment, days }, ctx) };
  }
  const { file = "", rule = "", endpoint, stream, events, allowUnknown = false, dryRun = false } = input;
  const sending = { file, rule, endpoint, stream, events, allowUnknown, dryRun };
  return { action, result: await runSend(sending, ctx) };
}

function viewFailures(done: FailuresResult): View {
  if (done.action === "setup") return viewSetup(done.result);
  return done.action === "report" ? viewReport(done.result) : viewSend(done.result);
}

export const failures = verb({
  name: "failures",
  summary: "Send failures of pipelines to their table, set it up, and report on it",
  args: ["<action>"],
  examples: [
    "kql failures setup --out failures.bicep --workspace logs-data --principal 00000000-0000-0000-0000-000000000000",
    "kql failures send -f events.ndjson --rule dcr-pipeline-failures",
    "kql failures report --workspace logs-data --since 7d -o md",
  ],
  flags: [
    { flag: "-f, --file <file>", summary: "send: events as JSON, or - for standard input", once: true },
    { flag: "--rule <name|id>", summary: "send: the data collection rule that takes them", once: true },
    { flag: "--endpoint <url>", summary: "send: its address, where it has none of its own", once: true },
    { flag: "--stream <name>", summary: "send: which stream, where the rule has several", once: true },
    { flag: "--events <numbers>", summary: "send: only these, as 201-400,601-", once: true },
    { flag: "--allow-unknown", summary: "send: also fields that no column is for, which are lost" },
    { flag: "--dry-run", summary: "send: check, and show the requests instead of sending them" },
    { flag: "--out <file>", summary: "setup: where the Bicep goes, or - for standard output", once: true },
    { flag: "--force", summary: "setup: replace a file that is there" },
    {
      flag: "--workspace <name|id>",
      summary: "setup, report: the workspace; report also takes its GUID",
      once: true,
    },
    {
      flag: "--table <name>",
      summary: `setup, report: the table (default ${pipelineErrors.name})`,
      once: true,
    },
    {
      flag: "--location <region>",
      summary: "setup: the workspace's region; its resource group's when left out",
      once: true,
    },
    { flag: "--principal <guid>", summary: "setup: object id of the identity that sends", once: true },
    { flag: "--since <days>", summary: "report: 7d when left out", once: true },
    { flag: "--environment <name>", summary: "report: only events of this environment", once: true },
  ],
  details: `
<action> is send, setup or report.
send checks all events against the columns of the rule first, and sends nothing when one is wrong: exit 2. It asks for no
confirmation, as it is for scripts. Exits 6 when some events were not accepted, with the command that sends the rest, or
when --events has numbers that the input does not have. An event without TimeGenerated gets the time of sending.
setup writes Bicep for table, rule and role, and asks no Azure.
report compares the last days with as many before, and exits 6 when something could not be told for lack of an answer.`,
  input: FailuresInput,
  run: runFailures,
  view: viewFailures,
});
