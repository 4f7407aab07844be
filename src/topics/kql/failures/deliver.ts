import { gunzipSync } from "node:zlib";
import { AzureError } from "../../../azure/azure-error.ts";
import { AppError } from "../../../errors.ts";
import { halve } from "./batch-plan.ts";
import { toBatch, type Batch } from "./collect.ts";

/**
 * What became of events: accepted, refused for certain, perhaps arrived although nobody said so, or never sent.
 */
export type Fate = "accepted" | "rejected" | "unsure" | "untried";

export interface Delivery {
  events: number[];
  fate: Fate;
  /** Accepted, and an earlier attempt may have been so, too. */
  mayBeTwice: boolean;
  /** Why it was not accepted. */
  error: AppError | undefined;
}

export interface DeliverOptions {
  /** As the ingestion port's. */
  send: (body: Uint8Array) => Promise<{ mayBeTwice: boolean }>;
  /** Most requests under way at once. */
  atOnce: number;
  /** False once no further request may begin. */
  mayGoOn: () => boolean;
  /** True when the requests under way were given up. */
  isAborted: () => boolean;
  onDone: (done: number) => void;
}

/** Sends requests in their order; after the first that is not accepted no further one begins. */
export async function deliver(batches: readonly Batch[], options: DeliverOptions): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  let next = 0;
  let done = 0;
  let failed = false;
  const work = async (): Promise<void> => {
    while (next < batches.length && !failed && options.mayGoOn()) {
      const batch = batches[next];
      next += 1;
      if (!batch) return;
      const ends = await deliverOne(batch, options);
      failed ||= ends.some(({ fate }) => fate !== "accepted");
      deliveries.push(...ends);
      done += 1;
      options.onDone(done);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  const untried = batches.slice(next).flatMap(({ events }) => events);
  if (untried.length > 0) deliveries.push(end(untried, "untried"));
  return deliveries.sort((left, right) => (left.events[0] ?? 0) - (right.events[0] ?? 0));
}

/** One that is too large goes in halves; a half that is refused keeps the other one back. */
async function deliverOne(batch: Batch, options: DeliverOptions): Promise<Delivery[]> {
  const { events, body } = batch;
  try {
    const { mayBeTwice } = await options.send(body);
    return [{ ...end(events, "accepted"), mayBeTwice }];
  } catch (error) {
    if (options.isAborted()) return [end(events, "unsure")];
    if (!(error instanceof AppError)) throw error;
    const halves = isTooLarge(error) ? halve({ events, text: gunzipSync(body).toString("utf8") }) : undefined;
    const isUncertain = error instanceof AzureError && error.uncertain;
    if (!halves) return [{ ...end(events, isUncertain ? "unsure" : "rejected"), error }];
    const [first, second] = halves;
    const ends = await deliverOne(toBatch(first), options);
    const goesOn = ends.every(({ fate }) => fate === "accepted") && options.mayGoOn();
    return [
      ...ends,
      ...(goesOn ? await deliverOne(toBatch(second), options) : [end(second.events, "untried")]),
    ];
  }
}

function isTooLarge(error: AppError): boolean {
  return error instanceof AzureError && error.status === 413 && !error.uncertain;
}

function end(events: number[], fate: Fate): Delivery {
  return { events, fate, mayBeTwice: false, error: undefined };
}
