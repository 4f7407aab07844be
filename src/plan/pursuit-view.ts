import { adviseOn, type Advice, type Cause } from "../advice.ts";
import type { JsonObject } from "../json.ts";
import type { Note, Table, Tone } from "../output/view.ts";
import type { Report } from "./apply.ts";
import type { ChoiceReport, PursuitReport } from "./pursue.ts";
import type { Pursuit } from "./pursuit.ts";

const TONES: Record<ChoiceReport["result"], Tone> = {
  acquired: "good",
  refused: "warn",
  unsure: "bad",
  "ruled out": "bad",
  "not tried": "dim",
};

const BECAUSE: Readonly<Partial<Record<NonNullable<ChoiceReport["cause"]>, readonly string[]>>> = {
  "no free hardware": ["odcr/causes-of-failure", "azure-wire/allocation-codes"],
  quota: ["odcr/causes-of-failure", "azure-wire/quota-refusal"],
  "size not offered": ["odcr/causes-of-failure", "azure-wire/size-restricted"],
  restriction: ["odcr/causes-of-failure"],
} satisfies Partial<Record<Cause, readonly string[]>>;

/** How each choice ended, and why. */
export function pursuitTable({ choices }: PursuitReport): Table {
  return {
    title: "Choices",
    columns: [
      { header: "choice" },
      { header: "result" },
      { header: "tries", align: "right" },
      { header: "cause" },
      { header: "detail" },
    ],
    rows: choices.map((choice) => ({
      cells: [
        choice.name,
        { text: choice.result, tone: TONES[choice.result] },
        choice.tries,
        causeText(choice),
        [choice.code, choice.message].filter((part) => part !== undefined).join(": "),
      ],
      because: becauseOf(choice),
    })),
  };
}

export function becauseOf({ cause }: Pick<ChoiceReport, "cause">): readonly string[] {
  return (cause && BECAUSE[cause]) ?? [];
}

/** The article knows four causes. */
function causeText({ cause }: ChoiceReport): string {
  const isOther = cause === "denied" || cause === "unknown";
  return isOther ? `${cause}, none of the article's four` : (cause ?? "");
}

/** What came of it, what it left behind, and what to type next. */
export function pursuitNotes(report: Report, pursuit: PursuitReport): Note[] {
  const codes = pursuit.end === "acquired" ? [] : pursuit.choices.map(({ code }) => code);
  const advice = new Map(codes.flatMap(adviseOn).map((each) => [each.text, each]));
  return [
    ...[...advice.values()].filter(isNews).map((each) => adviceNote(each)),
    ...leftovers(report),
    ...pursuit.choices.flatMap(unsureNotes),
    endNote(report, pursuit),
  ];
}

/** To repeat it is what was done. */
function isNews({ because }: Advice): boolean {
  return !because.includes("odcr/retry-until-it-succeeds");
}

function adviceNote({ text, because }: Advice): Note {
  return { level: "warning", text, because };
}

function endNote(report: Report, { end, tries, until, choices }: PursuitReport): Note {
  const { runId, plan } = report;
  const made = `after ${tries} ${tries === 1 ? "try" : "tries"}`;
  const acquired = choices.find(({ result }) => result === "acquired");
  const resume = `azwise runs resume ${runId}`;
  switch (end) {
    case "acquired":
      return {
        level: "info",
        text: `acquired ${made}: ${acquired?.name ?? ""}`,
        because: ["azure-wire/all-or-nothing"],
      };
    case "time up":
      return {
        level: "warning",
        text: `${tries === 0 ? "no choice may be tried" : `nothing was acquired ${made}`} before ${until}; for more time: ${plan.command}`,
        because: ["odcr/retry-until-it-succeeds"],
      };
    case "ruled out":
      return {
        level: "warning",
        text: `nothing was acquired ${made}, and waiting mends none of it; once the causes are removed: ${plan.command}`,
        because: ["odcr/causes-of-failure"],
      };
    case "interrupted":
      return { level: "warning", text: `interrupted ${made}; it goes on until ${until} with: ${resume}` };
    case "stopped":
      return {
        level: "warning",
        text: `stopped ${made}, see above; then: ${isDrift(report) ? plan.command : resume}`,
      };
  }
}

/** Whether the run met what its plan does not fit: to go on with it would meet the same. */
export function isDrift({ outcomes }: Report): boolean {
  return outcomes.some(({ failure }) => failure?.kind === "changes");
}

function unsureNotes({ name, result }: ChoiceReport): Note[] {
  if (result !== "unsure") return [];
  const text = `${name}: its last answer was never seen, so it may have been granted; look with azwise odcr status`;
  return [{ level: "warning", text, because: ["azure-wire/verify-after-write"] }];
}

/** What was created for a choice that was not acquired. */
function leftovers({ plan, outcomes, pursuit: ended }: Report): Note[] {
  const done = new Set(outcomes.filter(({ status }) => status === "done").map(({ step }) => step.id));
  return (plan.pursuit?.choices ?? []).flatMap(({ name, steps, leaves }) => {
    const isAcquired = ended?.choices.some((each) => each.name === name && each.result === "acquired");
    const own = steps.filter((id) => done.has(id));
    const creations = plan.steps.filter(
      ({ id, kind, resource }) => kind === "create" && own.includes(id) && resource === leaves.subject,
    );
    if (isAcquired || creations.length === 0) return [];
    return [{ level: "info" as const, text: leaves.text, because: leaves.because }];
  });
}

export function pursuitData(pursuit: PursuitReport): JsonObject {
  const { end, started, until, tries, choices } = pursuit;
  return {
    end,
    started,
    until,
    tries,
    choices: choices.map((choice) => {
      const { name, result, cause = null, code = null, message = null } = choice;
      return { name, result, tries: choice.tries, cause, code, message, because: [...becauseOf(choice)] };
    }),
  };
}

/** "Keep trying these 2 choices for up to 7 days?" */
export function pursuitQuestion({ choices, forMs }: Pursuit): string {
  const what = choices.length === 1 ? "this choice" : `these ${choices.length} choices`;
  return `Keep trying ${what} for up to ${durationText(forMs)}?`;
}

export function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const units = [
    ["day", 1440],
    ["hour", 60],
    ["minute", 1],
  ] as const;
  const [word, size] = units.find(([, each]) => minutes % each === 0) ?? units[2];
  const count = minutes / size;
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
