import type { Json } from "../json.ts";
import type { ExecuteOptions, StepOutcome } from "./execute.ts";
import type { PursuitSoFar } from "./journal.ts";
import type { Plan } from "./plan.ts";
import type { Choice, ChoiceReport, Pursuit } from "./pursuit.ts";

export interface PursueOptions extends Omit<ExecuteOptions, "stopRequested"> {
  /** Aborted when no further try may begin; it ends a pause at once. */
  stop: AbortSignal;
  say: (text: string) => void;
  /** From 0 to 1, as Math.random. */
  random: () => number;
  /** What an earlier part of the run left. */
  soFar: PursuitSoFar | undefined;
}

export interface ChoiceState {
  choice: Choice;
  report: ChoiceReport;
  /** Milliseconds; it is not tried again before that. */
  notBefore: number;
  inThisRound: boolean;
}

export interface PursuitState {
  plan: Plan;
  pursuit: Pursuit;
  options: PursueOptions;
  choices: ChoiceState[];
  done: Set<string>;
  /** Without versions: a pursuit only raises. */
  begun: Map<string, Json>;
  outcomes: Map<string, StepOutcome>;
  started: Date;
  until: Date;
  /** Its last try has no answer. No other is tried until it has one, or two might be granted. */
  unsure: ChoiceState | undefined;
}

/** The deadline is that of the first start, however often the run is resumed. */
export async function begin(plan: Plan, pursuit: Pursuit, options: PursueOptions): Promise<PursuitState> {
  const { soFar, clock, journal } = options;
  const started = soFar ? new Date(soFar.started) : clock.now();
  const until = soFar ? new Date(soFar.until) : new Date(started.getTime() + pursuit.forMs);
  if (!soFar) {
    await journal.append({ type: "pursuit", started: started.toISOString(), until: until.toISOString() });
  }
  const choices = pursuit.choices.map((choice): ChoiceState => {
    const tried = soFar?.tried.filter((each) => each.choice === choice.name) ?? [];
    const { result = "not tried", cause, code, message } = tried.at(-1) ?? {};
    const report: ChoiceReport = {
      name: choice.name,
      result,
      tries: tried.length,
      ...(cause === undefined ? {} : { cause }),
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
    };
    return { choice, report, notBefore: 0, inThisRound: false };
  });
  const [done, begun] = [new Set(options.finished), new Map(options.begun)];
  const unsure =
    (await noteOpen(choices, options)) ?? choices.find(({ report }) => report.result === "unsure");
  return { plan, pursuit, options, choices, done, begun, outcomes: new Map(), started, until, unsure };
}

/** The choice whose last try was cut short before its answer. What choices share grants nothing, so it opens none. */
async function noteOpen(
  choices: readonly ChoiceState[],
  options: PursueOptions,
): Promise<ChoiceState | undefined> {
  const isOpen = ({ choice, report }: ChoiceState): boolean =>
    report.result !== "ruled out" && options.soFar?.unanswered.has(goalOf(choice)) === true;
  const open = choices.find(isOpen);
  if (!open) return undefined;
  const { name, tries } = open.report;
  const [cause, message] = ["passing trouble" as const, "its answer was never seen"];
  open.report = { name, result: "unsure", tries: tries + 1, cause, message };
  await noteTry(open.report, options);
  return open;
}

/** The step that a choice is for. */
export function goalOf({ steps }: Choice): string {
  return steps.at(-1) ?? "";
}

export async function noteTry(
  { name, result, cause, code, message }: ChoiceReport,
  { journal }: PursueOptions,
): Promise<void> {
  if (result === "not tried") return;
  await journal.append({
    type: "tried",
    choice: name,
    result,
    ...(cause === undefined ? {} : { cause }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  });
}
