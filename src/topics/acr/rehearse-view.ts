import { EXIT, type ExitCode } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { Note, Table, View } from "../../output/view.ts";
import { carriedOutData, endNotes, warningNotes } from "../../plan/carry-out-view.ts";
import { GONE } from "../../plan/notes.ts";
import { outcomesTable, stepsTable, unwrittenNotes } from "../../plan/report-view.ts";
import type { Baseline } from "./rehearse-baseline.ts";
import type { RehearseResult } from "./rehearse.ts";
import { sinceText, type Event } from "./rehearse-timeline.ts";
import type { Watch } from "./rehearse-watch.ts";
import { homeNotes } from "./replica-notes.ts";
import { medianOf } from "./times.ts";

export function viewRehearsal(result: RehearseResult): View {
  const { rehearsal, baseline, timeline, report, plan } = result;
  const verdict = report && judge(result);
  return {
    data: {
      registry: rehearsal.registry.id,
      region: rehearsal.region,
      baseline: baselineData(baseline),
      result: verdict ? { proven: isProven(verdict, result), text: verdict.text } : null,
      timeline: timeline.events.map((each) => ({ ...each })),
      ...seenData(result),
      ...carriedOutData(result),
    },
    tables: [
      ...(report ? [timelineTable(timeline.events)] : []),
      baselineTable(result),
      report ? outcomesTable(report) : stepsTable(plan),
    ],
    notes: [
      ...(verdict ? [noteOf(verdict)] : []),
      ...failureNotes(result),
      ...(report ? unwrittenNotes(report) : []),
      ...warningNotes(rehearsal.warnings),
      ...homeNotes({ replicas: rehearsal.replicas.map(({ replica }) => replica) }),
      ...(report ? [] : [outForNote(result), ...endNotes(result)]),
    ],
    exit: verdict?.exit ?? EXIT.changes,
  };
}

interface Judgement {
  exit: ExitCode;
  text: string;
}

/** What the rehearsal has shown; the worst thing counts. */
function judge(result: RehearseResult): Judgement {
  const { rehearsal, report, stopped, seen, baseline } = result;
  const { region } = rehearsal;
  const not = (text: string): Judgement => ({ exit: EXIT.failed, text: `not proven: ${text}` });
  if (!isBack(result)) return { exit: EXIT.partial, text: wayBackText(result) };
  const taken = statusOf(result, rehearsal.out.id);
  if (taken === "not tried") return { exit: EXIT.interrupted, text: "stopped before anything was sent" };
  if (stopped) return { exit: EXIT.interrupted, text: `stopped by a signal; ${region} is in global routing` };
  if (taken !== "done") return not(`${region} was not taken out`);
  if (report?.outcomes.some(({ note }) => note === GONE)) return not(`the replica in ${region} is gone`);
  if (report?.unwritten !== undefined) return not("the journal could not be written");
  if (seen.proof && seen.proof.end !== "enough")
    return not(why(seen.proof, `clients left ${region} in time`));
  if (seen.hold?.end !== "time is up") return not(why(seen.hold, "the replica was out for the whole time"));
  const strays = seen.hold.looks.filter((each) => each.region === region).length;
  if (strays > 0) return not(`${strays} of the requests during the hold were still sent to ${region}`);
  if (seen.proofIn && seen.proofIn.end !== "enough") {
    return not(why(seen.proofIn, `${region} serves this machine again`));
  }
  if (baseline.unknown) {
    const text = `${region} was out and is back by the word of the control plane, and the global endpoint answered`;
    return { exit: EXIT.ok, text: `${text}; no region could be seen` };
  }
  const { runId = "" } = report ?? {};
  if (baseline.region !== region) {
    const text = `${region} was out and is back by the word of the control plane; it did not serve this machine, so no move was seen`;
    return { exit: EXIT.ok, text: `${text} (run ${runId})` };
  }
  return {
    exit: EXIT.ok,
    text: `proven: ${region} was out and others answered; it is back and serves this machine again (run ${runId})`,
  };
}

/** Null where nothing went wrong, and this machine could not see clients move. */
function isProven({ exit }: Judgement, { baseline, rehearsal }: RehearseResult): boolean | null {
  if (exit !== EXIT.ok) return false;
  return baseline.region === rehearsal.region ? true : null;
}

function outForNote({ rehearsal, outFor }: RehearseResult): Note {
  return { level: "info", text: `${rehearsal.region} is to be out for ${outFor}`, because: [] };
}

function why(watch: Watch | undefined, wanted: string): string {
  if (watch?.end === "nobody answers") return `three requests in a row got no answer${lastFailure(watch)}`;
  if (watch?.end === "not out")
    return "the replica was put back, or removed, by something else before its time";
  if (watch?.end === "called off") return "the replica that was to stay left global routing";
  return `it was not seen that ${wanted}`;
}

function lastFailure({ looks }: Watch): string {
  const failure = looks.at(-1)?.failure;
  return failure === undefined ? "" : ` that counts: ${failure}`;
}

function statusOf({ report }: RehearseResult, id: string): string | undefined {
  return report?.outcomes.find(({ step }) => step.id === id)?.status;
}

function isBack(result: RehearseResult): boolean {
  const { report, rehearsal } = result;
  const isRead = report?.unread === undefined && report?.mismatches.length === 0;
  const neverSent = statusOf(result, rehearsal.out.id) === "not tried";
  return isRead && (neverSent || statusOf(result, rehearsal.back.id) === "done");
}

function wayBackText({ rehearsal, report }: RehearseResult): string {
  const { region, back } = rehearsal;
  const commands = `azwise runs resume ${report?.runId ?? ""}, or ${back.byHand ?? ""}`;
  return `${region} may still be out of global routing; put it back with: ${commands}`;
}

function noteOf({ exit, text }: Judgement): Note {
  return { level: exit === EXIT.ok ? "info" : "warning", text, because: [] };
}

/** In full, because a table cell may be cut to the width of the terminal. */
function failureNotes({ report }: RehearseResult): Note[] {
  const failed = (report?.outcomes ?? []).flatMap(({ step, failure, note }) => {
    if (!failure) return [];
    const parts = [failure.code, failure.message, failure.hint, note].filter((part) => part !== undefined);
    return [`${step.title}: ${parts.join("; ")}`];
  });
  const unread = report?.unread === undefined ? [] : [`the state could not be read back: ${report.unread}`];
  return [...failed, ...unread].map((text) => ({ level: "warning", text, because: [] }));
}

function timelineTable(events: readonly Event[]): Table {
  return {
    title: "Timeline",
    columns: [
      { header: "since", align: "right" },
      { header: "UTC" },
      { header: "part" },
      { header: "event" },
    ],
    rows: events.map(({ sinceMs, at, phase, text }) => ({
      cells: [sinceText(sinceMs), `${at.slice(0, 19)}Z`, phase, text],
    })),
  };
}

const SERVING = ["acr-geo-operations/layers-from-data-endpoint", "acr-geo-operations/no-serving-signal"];

function baselineTable({ baseline }: RehearseResult): Table {
  const { at, hosts, region, unknown } = baseline;
  const served = unknown ? "cannot tell" : (region ?? null);
  return {
    title: `Baseline, ${at.slice(0, 19)}Z`,
    columns: [
      { header: "host" },
      { header: "region" },
      { header: "served by" },
      { header: "answered", align: "right" },
      { header: "min ms", align: "right" },
      { header: "median ms", align: "right" },
      { header: "max ms", align: "right" },
      { header: "last answer" },
    ],
    rows: hosts.map((each) => ({
      cells: [
        each.host,
        each.region ?? "global",
        each.region ?? served,
        `${each.ms.length}/${each.requests}`,
        each.ms.length === 0 ? null : Math.min(...each.ms),
        medianOf(each.ms) ?? null,
        each.ms.length === 0 ? null : Math.max(...each.ms),
        each.answer,
      ],
      because: each.region === undefined && region !== undefined ? SERVING : [],
    })),
  };
}

function baselineData({ at, hosts, region, sample, unknown }: Baseline): JsonObject {
  return {
    at,
    servedBy: region ?? null,
    image: sample?.image ?? null,
    unknown: unknown?.text ?? null,
    hosts: hosts.map((each) => ({ ...each, region: each.region ?? null })),
  };
}

function seenData({ seen, stopped }: RehearseResult): JsonObject {
  const data = (watch: Watch | undefined): JsonObject | null =>
    watch ? { end: watch.end, looks: watch.looks.map((each) => ({ ...each })) } : null;
  return { proof: data(seen.proof), hold: data(seen.hold), proofIn: data(seen.proofIn), stopped };
}
