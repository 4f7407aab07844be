import { flagWords, shellWord } from "../../../azure/shell-word.ts";
import { EXIT, type ExitCode } from "../../../errors.ts";
import type { JsonObject } from "../../../json.ts";
import type { Note, Row, Table, View } from "../../../output/view.ts";
import { nameOf, parseResourceId } from "../../../resource-id.ts";
import { tellBeyond, tellRanges } from "./batch-plan.ts";
import type { Collected } from "./collect.ts";
import type { Delivery, Fate } from "./deliver.ts";
import { besideNotes, invalidNotes, tellPlace, timeNotes } from "./input-notes.ts";
import type { SendResult } from "./send.ts";

type Outcome = "invalid" | "dry-run" | "accepted" | "partial" | "interrupted";

const EXITS: Record<Outcome, ExitCode> = {
  invalid: EXIT.usage,
  "dry-run": EXIT.ok,
  accepted: EXIT.ok,
  partial: EXIT.partial,
  interrupted: EXIT.interrupted,
};

export function viewSend(result: SendResult): View {
  const outcome = outcomeOf(result);
  const { collected, deliveries } = result;
  return {
    data: toJson(result, outcome),
    tables: [
      outcome === "invalid"
        ? wrongTable(collected)
        : deliveries
          ? fateTable(deliveries)
          : batchTable(collected),
    ],
    notes: notesOf(result, outcome),
    exit: beyondOf(result) !== "" && EXITS[outcome] === EXIT.ok ? EXIT.partial : EXITS[outcome],
  };
}

/** Of the numbers that were given those that the input does not have. */
function beyondOf({ input, collected }: SendResult): string {
  return tellBeyond(input.events, collected.read);
}

function outcomeOf({ collected, deliveries, interrupted }: SendResult): Outcome {
  if (collected.wrongCount > 0) return "invalid";
  if (!deliveries) return "dry-run";
  if (deliveries.every(({ fate }) => fate === "accepted")) return "accepted";
  return interrupted ? "interrupted" : "partial";
}

const FATES: readonly Fate[] = ["accepted", "rejected", "unsure", "untried"];
const FATE_WORDS: Record<Fate, string> = {
  accepted: "accepted",
  rejected: "refused",
  unsure: "may have arrived",
  untried: "not sent",
};

function eventsOf(deliveries: readonly Delivery[] | undefined, fate: Fate): number[] {
  return (deliveries ?? []).filter((each) => each.fate === fate).flatMap(({ events }) => events);
}

function twiceOf(deliveries: readonly Delivery[] | undefined): number[] {
  return (deliveries ?? []).filter(({ mayBeTwice }) => mayBeTwice).flatMap(({ events }) => events);
}

function toJson(result: SendResult, outcome: Outcome): JsonObject {
  const { destination, collected, now, deliveries } = result;
  const { place, rule, stream } = destination;
  const fates = FATES.map((fate) => [fate, tellRanges(eventsOf(deliveries, fate))]);
  return {
    outcome,
    destination: {
      ...place,
      rule: rule?.id ?? null,
      table: stream?.table ?? null,
      workspace: stream?.workspaceId ?? null,
    },
    events: {
      read: collected.read,
      chosen: collected.chosen,
      ...Object.fromEntries(FATES.map((fate) => [fate, eventsOf(deliveries, fate).length])),
    },
    numbers: Object.fromEntries([
      ...fates,
      ["mayBeTwice", tellRanges(twiceOf(deliveries))],
      ["beyond", beyondOf(result)],
    ]),
    errors: (deliveries ?? []).flatMap(({ events, error }) =>
      error ? [{ events: tellRanges(events), code: error.code ?? null, message: error.message }] : [],
    ),
    wrong: collected.wrong.map((each) => ({ ...each })),
    wrongCount: collected.wrongCount,
    unknownFields: [...collected.unknown].map(([name, { events, first }]) => ({
      name,
      events,
      first: { ...first },
    })),
    cutFields: collected.tooLong.map((each) => ({ ...each })),
    cutCount: collected.tooLongCount,
    timeFilled: { events: collected.filled, time: now.toISOString() },
    timeReplaced: collected.farOff,
    requests: collected.batches.map(({ events, bytes, body }) => ({
      events: tellRanges(events),
      bytes,
      sentBytes: body.length,
    })),
  };
}

function wrongTable({ wrong }: Collected): Table {
  return {
    columns: [{ header: "event" }, { header: "problem" }],
    rows: wrong.flatMap(({ problems, ...place }) =>
      problems.map((problem) => ({ cells: [tellPlace(place), problem] })),
    ),
  };
}

function batchTable({ batches }: Collected): Table {
  return {
    columns: [
      { header: "request", align: "right" },
      { header: "events", align: "right" },
      { header: "numbers" },
      { header: "bytes", align: "right" },
      { header: "compressed", align: "right" },
    ],
    rows: batches.map(({ events, bytes, body }, at) => ({
      cells: [at + 1, events.length, tellRanges(events), bytes, body.length],
    })),
  };
}

function fateTable(deliveries: readonly Delivery[]): Table {
  const rows = FATES.flatMap((fate): Row[] => {
    const events = eventsOf(deliveries, fate);
    if (events.length === 0) return [];
    const because = fate === "accepted" ? ["azure-wire/ingestion-204-not-yet-there"] : [];
    return [{ cells: [FATE_WORDS[fate], events.length, tellRanges(events)], because }];
  });
  return {
    columns: [{ header: "outcome" }, { header: "events", align: "right" }, { header: "numbers" }],
    rows,
  };
}

function notesOf(result: SendResult, outcome: Outcome): Note[] {
  const { collected, destination } = result;
  const { place, rule } = destination;
  const to = `${place.stream} of rule ${rule?.name ?? place.ruleId} at ${hostOf(place.endpoint)}`;
  if (outcome === "invalid") return invalidNotes(collected, to);
  const beside = [
    ...timeNotes(collected, result.now),
    ...beyondNotes(result),
    ...besideNotes(collected, destination.columns),
  ];
  if (outcome === "dry-run") {
    const what = collected.chosen === 1 ? "one event goes" : `${collected.chosen} events go`;
    const text = `Nothing was sent. Without --dry-run ${what} to ${to}.`;
    return [{ level: "info", text }, ...beside];
  }
  return [{ level: "info", text: `To ${to}.` }, ...beside, ...deliveredNotes(result)];
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

function beyondNotes(result: SendResult): Note[] {
  const beyond = beyondOf(result);
  if (beyond === "") return [];
  const text = `--events also says ${beyond}, and the input has ${result.collected.read} events`;
  return [{ level: "warning", text }];
}

function deliveredNotes(result: SendResult): Note[] {
  const { deliveries = [] } = result;
  const errors = deliveries.flatMap(({ events, error }): Note[] => {
    if (!error) return [];
    const hint = error.hint === undefined ? "" : `; ${error.hint}`;
    return [
      {
        level: "warning",
        text: `events ${tellRanges(events)}: ${error.message}${hint}`,
        because: error.because,
      },
    ];
  });
  const twice = twiceOf(deliveries);
  const unsure = eventsOf(deliveries, "unsure");
  const rest = [...eventsOf(deliveries, "rejected"), ...eventsOf(deliveries, "untried")].sort(
    (left, right) => left - right,
  );
  return [
    ...errors,
    ...when(
      twice,
      `events ${tellRanges(twice)} are possibly there twice: an answer was lost, and they were sent again`,
      TWICE,
    ),
    ...when(
      unsure,
      `events ${tellRanges(unsure)} may have arrived, nobody said so; to send them again, perhaps twice: ${again(result, unsure)}`,
      TWICE,
    ),
    ...when(rest, `to send the rest: ${again(result, rest)}`),
    ...lookNote(result),
  ];
}

const TWICE = ["azure-wire/ingestion-does-not-tell-apart"];

function when(events: readonly number[], text: string, because: readonly string[] = []): Note[] {
  return events.length === 0 ? [] : [{ level: "warning", text, because }];
}

/** The same command for some of the events. */
function again({ input }: SendResult, events: readonly number[]): string {
  const { file, rule, endpoint, stream, allowUnknown } = input;
  const words = [
    ...(file === "-" ? ["-f", "-"] : flagWords("--file", file)),
    ...flagWords("--rule", rule),
    ...(endpoint === undefined ? [] : flagWords("--endpoint", endpoint)),
    ...(stream === undefined ? [] : flagWords("--stream", stream)),
    ...(allowUnknown ? ["--allow-unknown"] : []),
    ...flagWords("--events", tellRanges(events)),
  ];
  return ["azwise kql failures send", ...words.map(shellWord)].join(" ");
}

/** A name is looked up in the given subscriptions, where the rule is, but perhaps not its workspace. */
function workspaceWord({ rule, stream }: SendResult["destination"]): string {
  const id = stream?.workspaceId;
  if (id === undefined) return "WORKSPACE";
  const subscription = parseResourceId(id)?.subscriptionId;
  return parseResourceId(rule?.id ?? "")?.subscriptionId === subscription ? nameOf(id) : id;
}

/** How to see that they are there. */
function lookNote({ destination, collected, deliveries }: SendResult): Note[] {
  if (eventsOf(deliveries, "accepted").length === 0) return [];
  const { stream } = destination;
  const table = stream?.table ?? destination.place.stream.replace(/^Custom-/, "");
  const workspace = workspaceWord(destination);
  const since = collected.oldest === undefined ? "24h" : collected.oldest.toISOString();
  const query = shellWord(`${table} | top 20 by TimeGenerated desc`);
  const command = `echo ${query} | azwise kql run -f - --workspace ${shellWord(workspace)} --since ${since}`;
  return [
    {
      level: "info",
      text: `Accepted is not there yet; in some minutes: ${command}`,
      because: ["azure-wire/ingestion-204-not-yet-there"],
      isNext: true,
    },
  ];
}
