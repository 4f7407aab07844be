import type { LogColumn } from "../../../azure/log-ports.ts";
import type { Note } from "../../../output/view.ts";
import { MOST_TOLD, type Collected } from "./collect.ts";
import { tellUnknown } from "./event.ts";
import type { Place } from "./read.ts";

/** A number and a line where these are not the same. */
export function tellPlace({ event, line }: Place): string {
  return event === line ? `line ${line}` : `event ${event} (line ${line})`;
}

function count(events: number): string {
  return events === 1 ? "1 event has" : `${events} events have`;
}

export function timeNotes({ filled }: Collected, now: Date): Note[] {
  if (filled === 0) return [];
  const text = `${count(filled)} no TimeGenerated, and got the time of sending: ${now.toISOString()}`;
  return [{ level: "info", text }];
}

/** Why nothing was sent. */
export function invalidNotes({ wrong, wrongCount, unknown }: Collected, to: string): Note[] {
  const more = wrongCount > wrong.length ? `, of which the first ${MOST_TOLD} are told` : "";
  const notes: Note[] = [
    { level: "warning", text: `Nothing was sent to ${to}: ${count(wrongCount)} something wrong${more}.` },
  ];
  if (unknown.size > 0) {
    notes.push({
      level: "info",
      text: "What has no column would be lost without an error. Give it another name, accept the loss with --allow-unknown, or set up a table that has all fields of the article: azwise kql failures setup --help",
      because: ["azure-wire/ingestion-drops-unknown-columns", "azure-wire/failure-event-has-no-status"],
    });
  }
  return notes;
}

/** What is sent all the same. */
export function besideNotes(
  { unknown, tooLong, tooLongCount, farOff }: Collected,
  columns: readonly LogColumn[],
): Note[] {
  const notes: Note[] = [];
  if (unknown.size > 0) {
    const told = [...unknown].slice(0, MOST_TOLD);
    const fields = told.map(([name, { events }]) => `${tellUnknown(name, columns)} in ${events}`).join(", ");
    const text = `Without a column, so that the service leaves it out: ${fields}`;
    notes.push({ level: "warning", text, because: ["azure-wire/ingestion-drops-unknown-columns"] });
  }
  if (tooLongCount > 0) {
    const places = tooLong.map(({ fields, ...place }) => `${tellPlace(place)} ${fields.join(", ")}`);
    const more = tooLongCount > tooLong.length ? ", …" : "";
    const text = `Longer than 64 KB, so that the service keeps the beginning alone: ${places.join("; ")}${more}`;
    notes.push({ level: "warning", text, because: ["azure-wire/ingestion-cuts-fields"] });
  }
  if (farOff > 0) {
    const text = `${count(farOff)} a time more than two days ago or one day ahead; the service puts the time of arrival in its place`;
    notes.push({ level: "warning", text, because: ["azure-wire/ingestion-replaces-far-times"] });
  }
  return notes;
}
