import type { Clock } from "../../azure/ports.ts";
import { AppError } from "../../errors.ts";
import { createCopyReader, type CopyReader } from "./copies.ts";
import { NO_HOST, type Source, type Sources } from "./copy-sources.ts";
import { isForGood, judgeCopy, measure, type Waited } from "./wait-verdict.ts";

/** setTimeout takes no more. */
const LONGEST_MS = 2 ** 31 - 1;
/** Of the pauses between the tries of one request. */
const SHORTEST_PAUSE_MS = 1000;

export interface Waiting {
  sources: Pick<Sources, "data" | "clock" | "repository" | "all">;
  /** The tag, or the digest where there is none. */
  reference: string;
  everyMs: number;
  concurrency: number;
  /** When it was pushed, in milliseconds; undefined when not said. */
  pushed: number | undefined;
  /** Aborted when the time is over, or the run is. */
  signal: AbortSignal;
  /** Told of each look, of the one that found the image as the last. */
  onLook: (waited: Waited) => Promise<void>;
}

/** Does work until a time, or until the run is aborted: its signal tells of both. */
export async function withDeadline<T>(
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
  work: (until: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const done = new AbortController();
  const timer = clock.sleep(Math.min(timeoutMs, LONGEST_MS), done.signal).then(
    () => over.abort(),
    () => {},
  );
  try {
    return await work(AbortSignal.any([signal, over.signal]));
  } finally {
    done.abort();
    await timer;
  }
}

/** Nothing is known of any of them yet. */
export function begin(sources: readonly Source[]): Waited[] {
  return sources.map(({ name, at }) => ({
    name,
    host: at?.host,
    copy: undefined,
    why: at === undefined ? NO_HOST : undefined,
    refused: at === undefined,
    found: undefined,
  }));
}

/** Asks all replicas at the same time, each again and again on its own, until it has the image or the time is over. */
export async function waitForAll(waited: readonly Waited[], wanted: string, waiting: Waiting): Promise<void> {
  await Promise.all(
    waited.map(async (each, index) => {
      const at = waiting.sources.all[index]?.at;
      if (at === undefined) return;
      const { data, repository } = waiting.sources;
      const { concurrency, signal } = waiting;
      const reader = createCopyReader(data, { at: { ...at, signal }, repository, concurrency });
      await waitForOne(each, { ...waiting, wanted, reader });
    }),
  );
}

/** Writes what it learns into `waited`. */
async function waitForOne(
  waited: Waited,
  waiting: Waiting & { wanted: string; reader: CopyReader },
): Promise<void> {
  const { reader, reference, wanted, pushed, onLook } = waiting;
  const { clock } = waiting.sources;
  const start = clock.now().getTime();
  let notYet: number | undefined;
  await again(waiting, async () => {
    const began = clock.now().getTime();
    try {
      waited.copy = await reader.read(reference);
      waited.why = undefined;
    } catch (error) {
      return note(waited, error, { ...waiting, tookMs: clock.now().getTime() - began });
    }
    const isThere = judgeCopy(waited.copy, wanted) === "pullable";
    if (isThere) {
      const now = clock.now();
      const times = { start, notYet, now: now.getTime(), pushed };
      waited.found = { time: now.toISOString(), ...measure(times) };
    }
    notYet = began;
    await onLook(waited);
    return isThere;
  });
}

/** Keeps why a look was not answered; true when it is not to be asked again. */
async function note(
  waited: Waited,
  error: unknown,
  { signal, onLook, tookMs }: Waiting & { tookMs: number },
): Promise<boolean> {
  // What was under way when the time was over says nothing of the replica.
  if (signal.aborted) return true;
  if (!(error instanceof AppError)) throw error;
  waited.why = error.message;
  waited.refused = isForGood(error);
  await onLook(waited);
  // Without any pause before, it was the service that asked for more than there is: it is left in peace.
  return waited.refused || (error.kind === "timeout" && tookMs < SHORTEST_PAUSE_MS);
}

type Pausing = Pick<Waiting, "everyMs" | "signal"> & { sources: Pick<Sources, "clock"> };

/** Looks until one is the last, with a pause after each other one. */
async function again({ everyMs, signal, sources }: Pausing, look: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted && !(await look())) {
    await sources.clock.sleep(everyMs, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** What a tag leads to at `from`, asked for until it leads somewhere, or why that was not told in time. */
export async function findDigest(
  from: Source,
  waiting: Omit<Waiting, "onLook">,
): Promise<{ digest: string } | { unknown: string }> {
  const { reference, signal } = waiting;
  const { data, repository } = waiting.sources;
  const { at } = from;
  if (at === undefined) throw new AppError("usage", `${from.name} cannot be asked: ${NO_HOST}`);
  let digest: string | undefined;
  let unknown = "it did not answer in time";
  await again(waiting, async () => {
    try {
      digest = (await data.readManifest({ ...at, signal }, repository, reference))?.digest;
      unknown = "it is not there";
    } catch (error) {
      if (signal.aborted) return true;
      if (!(error instanceof AppError) || isForGood(error)) throw error;
      unknown = error.message;
    }
    return digest !== undefined;
  });
  return digest === undefined ? { unknown } : { digest };
}
