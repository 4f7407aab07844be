import { adviseOn, becauseOf, type Advice } from "../advice.ts";
import type { JsonObject } from "../json.ts";
import type { Note, Table, Tone } from "../output/view.ts";
import type { Report } from "./apply.ts";
import { firstOpening } from "./off-hours.ts";
import type { Plan } from "./plan.ts";
import { stamp } from "./pursuit-lines.ts";
import type { ChoiceReport, Pursuit, PursuitReport } from "./pursuit.ts";

const TONES: Record<ChoiceReport["result"], Tone> = {
  acquired: "good",
  refused: "warn",
  unsure: "bad",
  "ruled out": "bad",
  "not tried": "dim",
};

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
      because: becauseOfChoice(choice),
    })),
  };
}

function becauseOfChoice({ cause }: ChoiceReport): readonly string[] {
  return cause === undefined || cause === "passing trouble" ? [] : becauseOf(cause);
}

/** The article knows four causes. */
function causeText({ cause }: ChoiceReport): string {
  const isOther = cause === "denied" || cause === "unknown";
  return isOther ? `${cause}, none of the article's four` : (cause ?? "");
}

/** What came of it, what it left behind, and what to type next. */
export function pursuitNotes(report: Report, ended: PursuitReport): Note[] {
  const pursuit = report.plan.pursuit as Pursuit;
  const codes = ended.end === "acquired" ? [] : ended.choices.filter(isKnown).map(({ code }) => code);
  const advice = new Map(codes.flatMap(adviseOn).map((each) => [each.text, each]));
  const isNews = ({ because }: Advice): boolean => !because.some((id) => pursuit.because.includes(id));
  return [
    // To ask again is what was done.
    ...[...advice.values()].filter(isNews).map((each) => adviceNote(each)),
    ...ended.choices.flatMap((choice) => leftNotes(choice, pursuit)),
    ...ended.choices.flatMap((choice) => unsureNotes(choice, pursuit)),
    endNote(report, { ended, pursuit }),
  ];
}

/** A code can mean more than what its advice is about. */
function isKnown({ cause }: ChoiceReport): boolean {
  return cause !== "unknown";
}

function adviceNote({ text, because }: Advice): Note {
  return { level: "warning", text, because };
}

function endNote(report: Report, { ended, pursuit }: { ended: PursuitReport; pursuit: Pursuit }): Note {
  const { end, tries, until, choices } = ended;
  const { runId, plan } = report;
  const made = `after ${tries} ${tries === 1 ? "try" : "tries"}`;
  const resume = `azwise runs resume ${runId}`;
  const warning = (text: string, because: readonly string[] = []): Note => ({
    level: "warning",
    text,
    because,
  });
  switch (end) {
    case "acquired": {
      const name = choices.find(({ result }) => result === "acquired")?.name ?? "";
      return { level: "info", text: `acquired ${made}: ${name}` };
    }
    case "time up": {
      if (choices.some(({ result }) => result === "unsure"))
        return warning(`the time is up ${made}; to look once more, without a further try: ${resume}`);
      const what = tries === 0 ? "no choice may be tried" : `nothing was acquired ${made}`;
      return warning(
        `${what} before ${until}; ${opening(pursuit, until)}for more time, with a longer --for: ${applying(plan)}`,
        pursuit.because,
      );
    }
    case "ruled out": {
      const text = `nothing was acquired ${made}, and waiting mends none of it; once the causes are removed: ${applying(plan)}`;
      return warning(text, [...new Set(choices.flatMap(becauseOfChoice))]);
    }
    case "interrupted":
      return warning(`interrupted ${made}; it goes on until ${until} with: ${resume}`);
    case "stopped":
      return warning(`stopped ${made}, see above; then: ${isDrift(report) ? plan.command : resume}`);
  }
}

/** What tries once more. Where the plan was saved, the same command would only save it again. */
export function applying({ command }: Plan): string {
  const direct = command.replace(/ --out[ =]('[^']*'|\S+)/, "");
  return / --apply\b/.test(direct) ? direct : `${direct} --apply`;
}

const WEEK_MS = 7 * 86_400_000;

/** When hours allow a try again; every week has some. */
function opening({ choices }: Pursuit, until: string): string {
  const from = new Date(until);
  const to = new Date(from.getTime() + WEEK_MS);
  const times = choices.flatMap(({ offHours }) => firstOpening(offHours, from, to)?.getTime() ?? []);
  const first = new Date(Math.min(...times));
  return choices.some(({ offHours }) => !offHours) ? "" : `the next off-hours are at ${stamp(first)}; `;
}

/** Whether the run met what its plan does not fit: to go on with it would meet the same. */
export function isDrift({ outcomes }: Report): boolean {
  return outcomes.some(({ failure }) => failure?.kind === "changes");
}

function unsureNotes({ name, result }: ChoiceReport, { look }: Pursuit): Note[] {
  if (result !== "unsure") return [];
  const text = `${name}: its last answer was never seen, so it may have been granted; look with ${look}`;
  return [{ level: "warning", text, because: ["azure-wire/verify-after-write"] }];
}

/** What was created for a choice in vain. */
function leftNotes({ name, isLeft }: ChoiceReport, { choices }: Pursuit): Note[] {
  const leaves = choices.find((choice) => choice.name === name)?.leaves;
  return isLeft && leaves ? [{ level: "info", text: leaves.text, because: leaves.because }] : [];
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
      return {
        name,
        result,
        tries: choice.tries,
        cause,
        code,
        message,
        because: [...becauseOfChoice(choice)],
      };
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
