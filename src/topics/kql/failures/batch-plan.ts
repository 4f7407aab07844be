/** What one request takes, in bytes of JSON: the limit of 1 MB holds before and after compression. */
export const MOST_BYTES = 1_000_000;

/** Events of one request. */
export interface Packed {
  /** Their numbers in the input, in order. */
  events: number[];
  /** A JSON list with a line for each event. */
  text: string;
  bytes: number;
}

export interface Packer {
  /** The text of an event on one line; gives the request that is full when this event no longer fits. */
  add(event: number, text: string): Packed | undefined;
  end(): Packed | undefined;
}

const SEPARATOR = ",\n";

/** Puts events into requests in their order; an event that alone is larger gets a request of its own. */
export function createPacker(mostBytes: number): Packer {
  let events: number[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const take = (): Packed | undefined => {
    if (events.length === 0) return undefined;
    const packed = pack(events, texts);
    [events, texts, bytes] = [[], [], 0];
    return packed;
  };
  return {
    add(event, text) {
      const size = bytesOf(text) + SEPARATOR.length;
      const full = bytes + size > mostBytes ? take() : undefined;
      events.push(event);
      texts.push(text);
      bytes += size;
      return full;
    },
    end: take,
  };
}

/** Two requests for one that was too large; undefined for one that has a single event. */
export function halve({ events, text }: Pick<Packed, "events" | "text">): [Packed, Packed] | undefined {
  if (events.length < 2) return undefined;
  const texts = text.slice(1, -1).split(SEPARATOR);
  const middle = Math.ceil(events.length / 2);
  return [
    pack(events.slice(0, middle), texts.slice(0, middle)),
    pack(events.slice(middle), texts.slice(middle)),
  ];
}

function pack(events: number[], texts: readonly string[]): Packed {
  const text = `[${texts.join(SEPARATOR)}]`;
  return { events, text, bytes: bytesOf(text) };
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** From the first to the last number, both included; without a last one up to the end. */
export interface Range {
  first: number;
  last: number | undefined;
}

/** `201-400,601-` as ranges; undefined for what is none. */
export function readRanges(text: string): Range[] | undefined {
  const ranges = text.split(",").map((part): Range | undefined => {
    const [, first, dash, last] = /^([1-9]\d{0,8})(-)?([1-9]\d{0,8})?$/.exec(part.trim()) ?? [];
    if (first === undefined || (dash === undefined && last !== undefined)) return undefined;
    const from = Number(first);
    if (dash === undefined) return { first: from, last: from };
    const to = last === undefined ? undefined : Number(last);
    return to !== undefined && to < from ? undefined : { first: from, last: to };
  });
  return ranges.every((each) => each !== undefined) ? ranges : undefined;
}

export function isWithin(event: number, ranges: readonly Range[] | undefined): boolean {
  if (ranges === undefined) return true;
  return ranges.some(({ first, last }) => event >= first && (last === undefined || event <= last));
}

/** The numbers that nothing has which ends with event `last`, as `4-9,601-`; empty when there are none. */
export function tellBeyond(ranges: readonly Range[] | undefined, last: number): string {
  const beyond = (ranges ?? []).flatMap((range): string[] => {
    const first = Math.max(range.first, last + 1);
    if (range.last === undefined) return range.first > last ? [`${first}-`] : [];
    if (range.last < first) return [];
    return [first === range.last ? `${first}` : `${first}-${range.last}`];
  });
  return beyond.join(",");
}

/** Numbers in ascending order as `1-200,401`. */
export function tellRanges(events: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const event of events) {
    const last = ranges.at(-1);
    if (last && last[1] === event - 1) last[1] = event;
    else ranges.push([event, event]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
