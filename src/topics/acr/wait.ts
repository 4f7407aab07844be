import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { checkCopies, COPIES, COPY_FLAGS, readSources, type Source, type Sources } from "./copy-sources.ts";
import { Duration } from "./flags.ts";
import { formatImageReference } from "./image-reference.ts";
import { appendLag } from "./lag-history.ts";
import { begin, findDigest, waitForAll, withDeadline } from "./wait-loop.ts";
import { lackText, type Waited } from "./wait-verdict.ts";
import { viewWait } from "./wait-view.ts";

const WaitInput = z
  .object({
    ...COPIES,
    every: Duration.default(5000),
    from: z.string().optional(),
    pushedAt: z.iso.datetime({ offset: true, error: "a time is such as 2026-11-21T08:00:00Z" }).optional(),
  })
  .superRefine((input, check) => {
    checkCopies(input, check);
    const { image, from } = input;
    const wrong = (key: string, message: string): void =>
      check.addIssue({ code: "custom", path: [key], message });
    if (image.tag === undefined && image.digest === undefined) wrong("image", "name a tag or a digest");
    if (image.digest !== undefined && from !== undefined) wrong("from", "goes with a tag without a digest");
  });
type WaitInput = z.infer<typeof WaitInput>;

export interface WaitResult {
  sources: Sources;
  /** The image without its host, as it was typed. */
  image: string;
  /** What it leads to where it is asked for; undefined when that could not be told in time. */
  digest: string | undefined;
  /** Who told what the tag leads to; undefined when the digest was typed. */
  from: string | undefined;
  /** Why it did not tell. */
  untold: string | undefined;
  regions: Waited[];
  everyMs: number;
  /** Why lags could not be kept. */
  unkept: string | undefined;
}

async function runWait(input: WaitInput, ctx: Context): Promise<WaitResult> {
  const sources = await readSources(input, ctx);
  const { image, every: everyMs } = input;
  const { clock, repository } = sources;
  const pushed = pushedBefore(input, clock.now());
  const from = image.digest === undefined ? sourceNamed(input.from, sources) : undefined;
  const result: WaitResult = {
    sources,
    image: formatImageReference({ ...image, host: undefined, path: repository }),
    digest: image.digest,
    from: from?.name,
    untold: undefined,
    regions: begin(sources.all),
    everyMs,
    unkept: undefined,
  };
  const { timeoutMs, signal, concurrency } = ctx;
  await withDeadline({ clock, timeoutMs, signal }, async (until) => {
    const reference = image.tag ?? image.digest ?? "";
    const waiting = { sources, reference, everyMs, concurrency, pushed, signal: until };
    if (from) ctx.progress(`asking ${from.name} what ${result.image} is`);
    if (from) {
      const told = await findDigest(from, waiting);
      if ("unknown" in told) result.untold = told.unknown;
      else result.digest = told.digest;
    }
    if (result.digest === undefined) return;
    await waitForAll(result.regions, result.digest, {
      ...waiting,
      onLook: (each) => follow(each, result, ctx),
    });
  });
  if (ctx.signal.aborted) throw interrupted(result, ctx);
  return result;
}

/** Throws AppError "usage" for a time that has not come. */
function pushedBefore({ pushedAt }: WaitInput, now: Date): number | undefined {
  if (pushedAt === undefined) return undefined;
  const pushed = Date.parse(pushedAt);
  if (pushed <= now.getTime()) return pushed;
  throw new AppError("usage", `--pushed-at ${pushedAt} is in the future: it is ${now.toISOString()} here`, {
    hint: "give the time with its zone, and check this machine's clock: azwise login doctor",
  });
}

function sourceNamed(name: string | undefined, { all, first }: Sources): Source {
  if (name === undefined) return first;
  const found = all.find((each) => each.name === name);
  if (found) return found;
  throw new AppError("usage", `--from ${name} is none of the replicas that are asked`, {
    hint: `use any of ${all.map((each) => each.name).join(", ")}`,
  });
}

/** Shows how far it is, and keeps the lag of a replica that has the image now. */
async function follow(waited: Waited, result: WaitResult, ctx: Context): Promise<void> {
  const { regions, digest = "", sources } = result;
  const { name, host = "", found } = waited;
  const left = regions.filter((each) => each.found === undefined).map((each) => each.name);
  const count = `${regions.length - left.length} of ${regions.length}`;
  const far = left.length === 0 ? count : `${count}; waiting for ${left.join(", ")}`;
  // Where stderr is no terminal nothing else is seen of a wait.
  if (found) ctx.say(far);
  else ctx.progress(far);
  const { lagMs, withinMs, time } = found ?? {};
  if (lagMs === undefined || withinMs === undefined || time === undefined) return;
  const { cloud = null, registry } = sources.azure ?? {};
  const named = registry
    ? { registry: registry.name, loginServer: registry.loginServer }
    : { registry: host };
  const kept = { time, cloud, ...named, host, region: name, lagMs, withinMs, digest };
  try {
    await appendLag(ctx.folders.state, kept);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    result.unkept = error.message;
  }
}

/** What is known is told before the run ends. */
function interrupted({ regions, digest, image }: WaitResult, ctx: Context): AppError {
  if (digest === undefined) {
    return new AppError(
      "interrupted",
      `interrupted: what ${image} is was not told yet, so no replica was asked`,
    );
  }
  for (const each of regions) {
    const isAsked = each.copy !== undefined || each.why !== undefined;
    const state = each.found ? "can be pulled" : isAsked ? lackText(each, digest) : "not known yet";
    ctx.say(`${each.name}: ${state}`);
  }
  const found = regions.filter((each) => each.found !== undefined).length;
  return new AppError(
    "interrupted",
    `interrupted: ${image} was found in ${found} of ${regions.length} replicas`,
  );
}

export const wait = verb({
  name: "wait",
  summary: "Wait until an image can be pulled from every replica",
  args: ["<image>"],
  examples: [
    "acr wait shopregistry.azurecr.io/shop/web@sha256:4f5c… --timeout 10m",
    "acr wait shopregistry/shop/web:1.4.2 --regions westeurope,northeurope",
    "acr wait shop/web:1.4.2 --replica a=127.0.0.1:5000 --replica b=registry.example.com",
  ],
  flags: [
    ...COPY_FLAGS,
    { flag: "--every <duration>", summary: "pause between two looks at a replica (default 5s)", once: true },
    {
      flag: "--from <region>",
      summary: "whose tag is meant, where no digest is given (default: the global endpoint)",
      once: true,
    },
    { flag: "--pushed-at <time>", summary: "lags count from this time, not from the start", once: true },
  ],
  details: `
IMAGE is HOST/REPO:TAG, HOST/REPO@sha256:… or both, where HOST is a registry's name or one of its hosts; with --replica
it has none. Every replica is asked on its own until it has the manifests and a place for each layer; nothing is
downloaded. A tag alone may still be the one from before a push: only a digest says what is waited for.
Waits as long as --timeout says, 30 minutes unless given. Each lag is kept for azwise acr lag.
Exits 1 when a tag leads to another digest somewhere, 7 when the time is over, 6 when a replica cannot be asked.`,
  input: WaitInput,
  run: runWait,
  view: viewWait,
});
