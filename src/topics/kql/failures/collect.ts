import { gzipSync } from "node:zlib";
import { AppError } from "../../../errors.ts";
import type { Json } from "../../../json.ts";
import type { LogColumn } from "../../../azure/log-ports.ts";
import {
  bytesOf,
  createPacker,
  isWithin,
  MOST_BYTES,
  type Packed,
  type Packer,
  type Range,
} from "./batch-plan.ts";
import { checkEvent, eventForm, tellUnknown, type EventForm } from "./event.ts";
import type { Piece, Place } from "./read.ts";

/** One request, ready to leave. */
export interface Batch {
  /** Numbers of its events. */
  events: number[];
  /** Of the JSON text. */
  bytes: number;
  /** Compressed, as it is sent and as it is kept. */
  body: Uint8Array;
}

export interface Wrong extends Place {
  problems: string[];
}

/** What is in the input. */
export interface Collected {
  /** Events in the input, and those of them that are meant. */
  read: number;
  chosen: number;
  /** Empty when anything is wrong. */
  batches: Batch[];
  /** The first of those that cannot be sent, and how many there are. */
  wrong: Wrong[];
  wrongCount: number;
  /** Fields that no column is for: how often, and where first. */
  unknown: Map<string, { events: number; first: Place }>;
  /** The first events with a field that is cut, and how many there are. */
  tooLong: (Place & { fields: string[] })[];
  tooLongCount: number;
  /** Events that got the time of sending. */
  filled: number;
  /** Events whose time the service replaces. */
  farOff: number;
  /** Undefined without any. */
  oldest: Date | undefined;
}

export interface CollectOptions {
  columns: readonly LogColumn[];
  ranges: readonly Range[] | undefined;
  now: Date;
  allowUnknown: boolean;
}

/** So much is told of one kind. */
export const MOST_TOLD = 20;
/** Most requests of one run: about 1 GB of events. */
const MOST_BATCHES = 1000;
const DAY_MS = 86_400_000;

/**
 * Checks all events and puts them into requests. Kept are the compressed requests alone, so a large file takes little
 * room, and what was checked is what is sent. Throws AppError "usage" for an input without events, or of more than 1 GB.
 */
export async function collectEvents(
  pieces: AsyncIterable<Piece>,
  options: CollectOptions,
): Promise<Collected> {
  const { ranges } = options;
  const form = eventForm(options.columns);
  const packer = createPacker(MOST_BYTES);
  const collected: Collected = {
    read: 0,
    chosen: 0,
    batches: [],
    wrong: [],
    wrongCount: 0,
    unknown: new Map(),
    tooLong: [],
    tooLongCount: 0,
    filled: 0,
    farOff: 0,
    oldest: undefined,
  };
  for await (const piece of pieces) {
    collected.read += 1;
    if (!isWithin(piece.event, ranges)) continue;
    collected.chosen += 1;
    take(piece, { collected, form, packer, options });
  }
  keep(collected, packer.end());
  if (collected.wrongCount > 0) collected.batches = [];
  return collected;
}

interface Taking {
  collected: Collected;
  form: EventForm;
  packer: Packer;
  options: CollectOptions;
}

function take(piece: Piece, { collected, form, packer, options }: Taking): void {
  const { event, line } = piece;
  const place = { event, line };
  const value = "problem" in piece ? undefined : parse(piece.text);
  if ("problem" in piece || value === undefined) {
    refuse(collected, { ...place, problems: ["problem" in piece ? piece.problem : "is not JSON"] });
    return;
  }
  const { problems, unknown, tooLong, time } = checkEvent(value, form);
  for (const name of unknown) countUnknown(collected, name, place);
  if (unknown.length > 0 && !options.allowUnknown) {
    const names = unknown.slice(0, MOST_TOLD).map((name) => tellUnknown(name, form.columns));
    problems.push(`has no column for ${names.join(", ")}`);
  }
  const isFilled = time === undefined && form.names.has("TimeGenerated");
  const text = isFilled ? withTime(piece.text, options.now) : onOneLine(piece.text);
  if (bytesOf(text) + 2 > MOST_BYTES) problems.push("is larger than one request may be, 1 MB");
  if (problems.length > 0) {
    refuse(collected, { ...place, problems });
    return;
  }
  if (tooLong.length > 0) {
    collected.tooLongCount += 1;
    if (collected.tooLong.length < MOST_TOLD) collected.tooLong.push({ ...place, fields: tooLong });
  }
  if (isFilled) collected.filled += 1;
  lookAtTime(collected, isFilled ? options.now : new Date(time ?? options.now), options.now);
  // Once an event is wrong nothing is sent.
  if (collected.wrongCount === 0) keep(collected, packer.add(event, text));
}

function refuse(collected: Collected, wrong: Wrong): void {
  collected.wrongCount += 1;
  if (collected.wrong.length < MOST_TOLD) collected.wrong.push(wrong);
}

function countUnknown({ unknown }: Collected, name: string, place: Place): void {
  const known = unknown.get(name);
  if (known) known.events += 1;
  // Somebody else's names may be as many as their events.
  else if (unknown.size < 1000) unknown.set(name, { events: 1, first: place });
}

function lookAtTime(collected: Collected, time: Date, now: Date): void {
  const ageMs = now.getTime() - time.getTime();
  if (ageMs > 2 * DAY_MS || ageMs < -DAY_MS) collected.farOff += 1;
  const { oldest } = collected;
  if (oldest === undefined || time.getTime() < oldest.getTime()) collected.oldest = time;
}

function keep({ batches }: Collected, packed: Packed | undefined): void {
  if (!packed) return;
  batches.push(toBatch(packed));
  if (batches.length <= MOST_BATCHES) return;
  throw new AppError("usage", "the input is larger than 1 GB of events; nothing was sent", {
    hint: "send it in parts: --events 1-500000, then --events 500001-",
  });
}

export function toBatch({ events, text, bytes }: Packed): Batch {
  return { events, bytes, body: gzipSync(text) };
}

/** The text is kept as it was written, as numbers may have more digits than JavaScript's. */
function withTime(text: string, now: Date): string {
  return `{"TimeGenerated":"${now.toISOString()}",${onOneLine(text).slice(1)}`;
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, " ").trim();
}

/** What is wrong with it would be told with a piece of it. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
