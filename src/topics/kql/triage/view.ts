import { EXIT, type ExitCode } from "../../../errors.ts";
import type { JsonObject } from "../../../json.ts";
import type { Note, Row, Table, Tone, View } from "../../../output/view.ts";
import type { TriageResult } from "../triage.ts";
import { lackingOf, partTable, sourcesOf } from "./looked-at.ts";
import { LAST_LINES } from "./queries.ts";
import type { Cause, Certainty } from "./seen.ts";
import { MOMENTS, type Gap, type Start } from "./timeline.ts";

const TONES: Readonly<Record<Certainty, Tone>> = {
  likely: "bad",
  possible: "warn",
  unknown: "warn",
  over: "dim",
};

export function viewTriage(result: TriageResult): View {
  const { examined, window, workspace, causes, starts, advice, parts, unknown } = result;
  const gaps = gapsOf(result);
  return {
    data: {
      name: examined.name,
      kind: examined.kind,
      id: examined.resource?.id ?? null,
      workspace: { name: workspace.name, customerId: workspace.customerId },
      window: { from: window.from.toISOString(), until: window.until.toISOString() },
      causes: causes.map(causeJson),
      starts: starts.map(startJson),
      advice: advice.map(({ text, command, facts }) => ({
        text,
        command: command ?? null,
        because: [...facts],
      })),
      lookedAt: parts.map(({ what, table, rows, gap }) => ({ what, table, rows, cannotTell: gap ?? null })),
      resourceUnknown: unknown ?? null,
      logsOfEnvironment: result.logs ? sourcesOf(result.logs).map(({ text }) => text) : null,
      nearest: result.nearest,
      othersOfTheName: result.others,
      cannotTell: gaps,
    },
    tables: [
      causeTable(causes),
      ...[evidenceTable(causes), fixTable(causes), startTable(starts), adviceTable(result)].filter(
        ({ rows }) => rows.length > 0,
      ),
      partTable(result),
    ],
    notes: notesOf(result),
    exit: exitOf(causes, gaps),
  };
}

function exitOf(causes: readonly Cause[], gaps: readonly string[]): ExitCode {
  if (causes.some(({ certainty }) => certainty !== "over")) return EXIT.changes;
  return gaps.length > 0 ? EXIT.partial : EXIT.ok;
}

/** What was not told, in one line each. */
function gapsOf(result: TriageResult): string[] {
  const { parts, unknown, examined, mixed } = result;
  const silent = examined.lines.length === 0 && examined.events.length === 0;
  return [
    ...(unknown === undefined ? [] : [`the resource: ${unknown}`]),
    ...parts.flatMap(({ what, gap }) => (gap === undefined ? [] : [`${what}: ${gap}`])),
    ...(mixed === undefined ? [] : [mixed]),
    ...(silent
      ? [`${examined.name} has neither a line nor an event in the window, so nothing can be told of it`]
      : []),
    ...lackingOf(result).map(({ text }) => text),
  ];
}

function causeJson(cause: Cause, index: number): JsonObject {
  const { id, certainty, title, because, count, first, last, evidence, fixes, facts, explainedBy } = cause;
  return {
    rank: index + 1,
    id,
    certainty,
    title,
    why: because,
    explainedBy: explainedBy ?? null,
    count,
    first,
    last,
    evidence: evidence.map((each) => ({ ...each })),
    fixes: fixes.map(({ text, command }) => ({ text, command: command ?? null })),
    because: [...facts],
  };
}

function causeTable(causes: readonly Cause[]): Table {
  return {
    columns: [
      { header: "rank", align: "right" },
      { header: "cause" },
      { header: "certainty" },
      { header: "what was seen" },
      { header: "last seen" },
      { header: "next", whole: true },
    ],
    rows: causes.map((cause, index): Row => {
      const { id, certainty, title, because, last, fixes, facts, explainedBy } = cause;
      const after = explainedBy === undefined ? "" : `; ${explainedBy} goes before it and explains it`;
      const next = certainty === "over" ? undefined : fixes.find(({ command }) => command)?.command;
      return {
        cells: [
          index + 1,
          id,
          { text: certainty, tone: TONES[certainty] },
          `${title}: ${because}${after}`,
          last,
          next ?? null,
        ],
        because: facts,
      };
    }),
  };
}

function evidenceTable(causes: readonly Cause[]): Table {
  return {
    title: "Evidence",
    columns: [
      { header: "rank", align: "right" },
      { header: "time" },
      { header: "replica" },
      { header: "table", wide: true },
      { header: "times", align: "right" },
      { header: "line" },
    ],
    rows: causes.flatMap(({ evidence }, index) =>
      evidence.map(({ time, replica, table, times, text }) => ({
        cells: [index + 1, time, replica, table, times, text],
      })),
    ),
  };
}

function fixTable(causes: readonly Cause[]): Table {
  return {
    title: "What to do",
    columns: [{ header: "rank", align: "right" }, { header: "what" }, { header: "command", whole: true }],
    rows: causes.flatMap(({ fixes, certainty }, index) =>
      certainty === "over"
        ? []
        : fixes.map(({ text, command }) => ({ cells: [index + 1, text, command ?? null] })),
    ),
  };
}

function startTable(starts: readonly Start[]): Table {
  return {
    title: "Last start",
    columns: [
      { header: "replica" },
      { header: "start" },
      { header: "from" },
      ...MOMENTS.map((moment) => ({ header: moment, align: "right" as const })),
      { header: "pull", wide: true },
      { header: "largest gap" },
    ],
    rows: starts.map((start) => ({
      cells: [
        start.replica,
        kindOf(start),
        start.time,
        ...MOMENTS.map((moment) => momentText(start, moment)),
        start.pull ?? null,
        start.gap === undefined ? "cannot tell" : gapText(start.gap),
      ],
    })),
  };
}

function kindOf({ isRestart, seen }: Start): string {
  if (isRestart) return "restart";
  return seen.assigned === undefined && seen.pulled === undefined ? "first seen" : "first";
}

function momentText({ seen, firstAt }: Start, moment: (typeof MOMENTS)[number]): string {
  const at = seen[moment];
  return at === undefined ? "not seen" : `+${seconds(at - firstAt)}`;
}

function gapText({ from, to, ms }: Gap): string {
  return `${seconds(ms)} from ${from} to ${to}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

function startJson({ replica, revision, isRestart, time, seen, pull, gap }: Start): JsonObject {
  const moments = MOMENTS.map((moment): [string, string | null] => {
    const at = seen[moment];
    return [moment, at === undefined ? null : new Date(at).toISOString()];
  });
  return {
    replica,
    revision,
    isRestart,
    from: time,
    ...Object.fromEntries(moments),
    pull: pull ?? null,
    largestGap: gap ? { from: gap.from, to: gap.to, seconds: gap.ms / 1000 } : null,
  };
}

function adviceTable({ starts, advice }: TriageResult): Table {
  const gap = starts[0]?.gap;
  return {
    title: `What the largest gap says${gap === undefined ? "" : ` (${gapText(gap)})`}`,
    columns: [{ header: "what" }, { header: "command", whole: true }],
    rows: advice.map(({ text, command, facts }) => ({ cells: [text, command ?? null], because: facts })),
  };
}

const KNOWN =
  "image pull, unresolved service, missing SECRET_KEY or other settings, static files, ALLOWED_HOSTS, refused connections, address and port, probes, replica timeout, memory, processor";

function notesOf(result: TriageResult): Note[] {
  const { causes, window, nearest, hasTwin, others, examined } = result;
  const lacking = lackingOf(result);
  const gaps = gapsOf(result);
  const now = causes.filter(({ certainty }) => certainty !== "over");
  const silent = examined.lines.length === 0 && examined.events.length === 0;
  return [
    {
      level: "info",
      text: `Asked about ${window.from.toISOString()} to ${window.until.toISOString()} (UTC).`,
    },
    ...(now.length > 0
      ? []
      : [note("info", `Nothing of the known causes was seen (${KNOWN}); that is not the same as health.`)]),
    ...(result.starts.length > 0 || silent
      ? []
      : [note("info", "No step of a start was seen among its events, so there is no timeline.")]),
    ...(gaps.length === 0
      ? []
      : [
          note("warning", `Not all could be told: ${gaps.join("; ")}.`, [
            ...(result.mixed === undefined ? [] : OWN_ROWS),
            ...new Set(lacking.flatMap(({ because }) => because)),
          ]),
        ]),
    ...[...new Set(lacking.flatMap(({ commands }) => commands))].map((text): Note => ({
      level: "info",
      text,
      isNext: true,
    })),
    ...(nearest.length === 0
      ? []
      : [note("info", `No row is of ${examined.name}; near it: ${nearest.join(", ")}.`)]),
    ...(others.length === 0
      ? []
      : [note("info", `Left out are rows of ${others.join(", ")}${lastText(result)}.`, OWN_ROWS)]),
    ...(hasTwin ? [note("info", `There is a job ${examined.name}, too; --job looks at it.`)] : []),
  ];
}

/** Lines are counted before others' are left out, so there are fewer of its own. */
function lastText({ ownOfLast }: TriageResult): string {
  return ownOfLast === undefined ? "" : `; of the last ${LAST_LINES} lines ${ownOfLast} are its own`;
}

/** How rows say whose they are. */
const OWN_ROWS = ["azure-wire/container-logs-name-environment"];

function note(level: Note["level"], text: string, because: readonly string[] = []): Note {
  return { level, text, ...(because.length === 0 ? {} : { because }) };
}
