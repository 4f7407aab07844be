import { ingestionSuffixes } from "../../../azure/clouds.ts";
import { requireAddress } from "../../../azure/ingestion-address.ts";
import type { IngestionPort } from "../../../azure/ingestion-ports.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import type { Range } from "./batch-plan.ts";
import { collectEvents, type Collected } from "./collect.ts";
import { deliver, type Delivery } from "./deliver.ts";
import { readEvents } from "./read.ts";
import { findDestination, typedDestination, type Destination, type Wish } from "./target.ts";

export interface SendInput extends Wish {
  file: string;
  events: readonly Range[] | undefined;
  allowUnknown: boolean;
  dryRun: boolean;
}

export interface SendResult {
  input: SendInput;
  destination: Destination;
  collected: Collected;
  /** The time that events without one got. */
  now: Date;
  /** Undefined when nothing was to be sent, or nothing could be. */
  deliveries: Delivery[] | undefined;
  interrupted: boolean;
}

/** Requests under way at once; the rest of the service's limit is for others. */
const AT_ONCE = 4;

/** All events are checked before the first is sent. */
export async function runSend(input: SendInput, ctx: Context): Promise<SendResult> {
  const typed = input.dryRun ? typedDestination(input) : undefined;
  const destination = typed ?? (await findDestination(input, ctx));
  if (typed) requireAddress(typed.place.endpoint, ingestionSuffixes());
  else (await requireIngestion(ctx)).check(destination.place);
  const now = typed ? ctx.now() : (await ctx.azure()).clock.now();
  const collected = await collectEvents(readEvents(input.file, ctx), {
    columns: destination.columns,
    ranges: input.events,
    now,
    allowUnknown: input.allowUnknown,
  });
  requireEvents(collected, input);
  const result = { input, destination, collected, now, deliveries: undefined, interrupted: false };
  if (input.dryRun || collected.wrongCount > 0) return result;
  return { ...result, ...(await sendAll(collected, destination, ctx)) };
}

async function requireIngestion(ctx: Context): Promise<IngestionPort> {
  const { ingestion, target } = await ctx.azure();
  if (ingestion) return ingestion;
  throw new AppError("usage", `azwise knows no address for events in cloud ${target.cloud}`);
}

function requireEvents({ read, chosen }: Collected, { file }: SendInput): void {
  if (chosen > 0) return;
  const where = file === "-" ? "standard input" : file;
  if (read > 0) {
    throw new AppError("usage", `${where} has ${read} events, and none of these numbers`, {
      hint: `give --events between 1 and ${read}`,
    });
  }
  throw new AppError("usage", `there is no event in ${where}`, {
    hint: "give one JSON object, a list of them, or one in each line",
  });
}

async function sendAll(
  { batches }: Collected,
  { place }: Destination,
  ctx: Context,
): Promise<Pick<SendResult, "deliveries" | "interrupted">> {
  const ingestion = await requireIngestion(ctx);
  let interrupted = false;
  // The first Ctrl-C lets end what is under way, so that it is known what arrived.
  const listenNoMore = ctx.onInterrupt(() => (interrupted = true));
  try {
    const deliveries = await deliver(batches, {
      send: (body) => ingestion.send(place, body),
      atOnce: Math.min(AT_ONCE, ctx.concurrency),
      mayGoOn: () => !interrupted && !ctx.signal.aborted,
      isAborted: () => ctx.signal.aborted,
      onDone: (done) => ctx.progress(`sent ${done} of ${batches.length} requests`),
    });
    throwWhereNothingArrived(deliveries);
    return { deliveries, interrupted: interrupted || ctx.signal.aborted };
  } finally {
    listenNoMore();
    ctx.progress(undefined);
  }
}

/** Then the refusal says all that there is to say. */
function throwWhereNothingArrived(deliveries: readonly Delivery[]): void {
  const isCertain = deliveries.every(({ fate }) => fate === "rejected" || fate === "untried");
  const error = deliveries.find((each) => each.error)?.error;
  if (isCertain && error) throw error;
}
