import * as z from "zod";
import type { Context } from "../../context.ts";
import { EXIT } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { carryOut, type CarriedOut } from "../../plan/carry-out.ts";
import { compareAll } from "../../plan/drift.ts";
import { GONE } from "../../plan/notes.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import type { StepOutcome } from "../../plan/execute.ts";
import type { Finding } from "../../plan/plan.ts";
import { verb } from "../../verb.ts";
import { Duration, Region, RegistryWord } from "./flags.ts";
import { readRegistry } from "./read.ts";
import { readBaseline, type Baseline } from "./rehearse-baseline.ts";
import { planRehearsal, requireSeen, warnOfSight, type RehearsalPlan } from "./rehearse-plan.ts";
import { countText, createTimeline, outForText, type Timeline } from "./rehearse-timeline.ts";
import { viewRehearsal } from "./rehearse-view.ts";
import { areLast, look, watch, type Look, type Watch, type Watcher } from "./rehearse-watch.ts";

const PROOF_EVERY_MS = 5000;
const HOLD_EVERY_MS = 10_000;
const FIVE_MINUTES_MS = 300_000;

const RehearseInput = z.object({
  registry: RegistryWord,
  region: z.string({ error: "say which replica: --region <region>" }).pipe(Region),
  hold: Duration.default(FIVE_MINUTES_MS),
  within: Duration.default(FIVE_MINUTES_MS),
  acceptRisk: z.boolean().default(false),
  apply: z.boolean().default(false),
});
type RehearseInput = z.infer<typeof RehearseInput>;

/** What was seen; undefined is a part that was not reached, or had nothing to be seen. */
export interface Seen {
  proof?: Watch;
  hold?: Watch;
  proofIn?: Watch;
}

export interface RehearseResult extends CarriedOut {
  rehearsal: RehearsalPlan;
  baseline: Baseline;
  timeline: Timeline;
  seen: Seen;
  /** How long the replica is to be out, in words. */
  outFor: string;
  /** By a signal, the time after the way back included. */
  stopped: boolean;
}

interface Rehearsing {
  input: RehearseInput;
  rehearsal: RehearsalPlan;
  baseline: Baseline;
  timeline: Timeline;
  ctx: Context;
  seen: Seen;
}

async function runRehearse(input: RehearseInput, ctx: Context): Promise<RehearseResult> {
  const azure = await ctx.azure();
  oneSubscription(azure.target);
  const planned = planRehearsal(await readRegistry(input.registry, ctx), input);
  const baseline = await readBaseline(planned.registry, azure, ctx);
  requireSeen(baseline.unknown, input);
  const warnings: Finding[] = [...planned.warnings, ...warnOfSight(planned, baseline)];
  const rehearsal = { ...planned, warnings };
  const timeline = createTimeline(azure.clock, ctx.say);
  const seen: Seen = {};
  const here = { input, rehearsal, baseline, timeline, ctx, seen };
  const outFor = outForText(input);
  const nothing = { rehearsal, baseline, timeline, seen, outFor, stopped: false };
  const show = (shown: CarriedOut): View => viewRehearsal({ ...nothing, ...shown });
  const { apply } = input;
  const done = await carryOut(
    rehearsal,
    {
      apply,
      out: undefined,
      show,
      question: `Run these ${rehearsal.steps.length} steps, with ${rehearsal.region} out for ${outFor}?`,
      between: ({ id }, stop) => between(id, stop, here),
      onOutcome: (outcome) => tellOutcome(outcome, here),
    },
    ctx,
  );
  const stopped = done.report?.interrupted === true;
  const stoppedLater = done.report ? await proveBack(done, here) : false;
  ctx.progress(undefined);
  return { ...nothing, ...done, stopped: stopped || stoppedLater };
}

async function between(step: string, stop: AbortSignal, here: Rehearsing): Promise<void> {
  const { rehearsal, timeline, seen } = here;
  const { out, back, region } = rehearsal;
  if (step === out.id) {
    timeline.add("out", `taking ${region} out of global routing`);
    stop.addEventListener("abort", () => tellStop(here), { once: true });
  }
  if (step !== back.id) return;
  const proof = await prove(stop, here);
  if (proof) seen.proof = proof;
  if (proof === undefined || proof.end === "enough") seen.hold = await hold(stop, here);
  timeline.add("in", `putting ${region} back into global routing`);
}

function tellOutcome({ step, failure }: StepOutcome, { rehearsal, timeline }: Rehearsing): void {
  const { out, region } = rehearsal;
  const [phase, where, not] =
    step.id === out.id ? (["out", "out of", "taken out"] as const) : (["in", "in", "put back"] as const);
  const text = failure
    ? `${region} was not ${not}: ${failure.message}`
    : `${region} is ${where} global routing, as the service reads`;
  timeline.add(phase, text);
}

/** Proof and hold tell of it themselves, with what they have seen by then. */
function tellStop({ timeline }: Rehearsing): void {
  const { phase } = timeline.events.at(-1) ?? {};
  if (phase === "out" || phase === "in") timeline.add(phase, "stopped by a signal");
}

/** Undefined when no region can be told, so that there is nothing to see. */
async function prove(stop: AbortSignal, here: Rehearsing): Promise<Watch | undefined> {
  const { baseline, rehearsal, timeline, input } = here;
  if (baseline.sample === undefined) return undefined;
  const { region } = rehearsal;
  const enough = "three answers in a row came from elsewhere";
  const proof = await watch({
    ...(await watcherOf(stop, here)),
    everyMs: PROOF_EVERY_MS,
    forMs: input.within,
    onLook: timeline.see("proof"),
    isEnough: (looks) => areLast(looks, (each) => each.region !== undefined && each.region !== region),
  });
  timeline.add(
    "proof",
    endText(proof, {
      enough: baseline.region === region ? `proven: ${enough}` : `${enough}, as before`,
      late: "not proven in time",
    }),
  );
  return proof;
}

async function hold(stop: AbortSignal, here: Rehearsing): Promise<Watch> {
  const { timeline, input } = here;
  timeline.add("hold", `holding for ${input.hold / 1000} s`);
  const held = await watch({
    ...(await watcherOf(stop, here)),
    everyMs: HOLD_EVERY_MS,
    forMs: input.hold,
    onLook: timeline.see("hold"),
  });
  timeline.add("hold", endText(held, { enough: "", late: "held to the end" }));
  return held;
}

async function watcherOf(
  stop: AbortSignal,
  { rehearsal, baseline, ctx }: Rehearsing,
): Promise<Pick<Watcher, "look" | "clock" | "stop" | "calledOff">> {
  const { arm, registryData: data, clock } = await ctx.azure();
  const { registry, stays, out } = rehearsal;
  return {
    clock,
    stop,
    look: () => look({ registry, data, clock, sample: baseline.sample }),
    calledOff: async () => {
      if ((await compareAll([stays], arm, 1)).length > 0) return "called off";
      return (await compareAll([out.expect], arm, 1)).length > 0 ? "not out" : undefined;
    },
  };
}

function endText({ end, looks }: Watch, { enough, late }: { enough: string; late: string }): string {
  const why = {
    enough,
    "time is up": late,
    "nobody answers": "over: three requests in a row got no answer",
    "called off": "over: the replica that was to stay is not in global routing and ready any more",
    "not out": "over: the replica was put back, or removed, by something else",
    stopped: "over: stopped by a signal",
  }[end];
  return `${why}; ${countText(looks)}`;
}

/** Whether it was stopped by a signal. Only a replica that served this machine can be seen to serve it again. */
async function proveBack({ report }: CarriedOut, here: Rehearsing): Promise<boolean> {
  const { rehearsal, baseline, timeline, ctx, seen, input } = here;
  const { region, back, out } = rehearsal;
  const isDone = (id: string): boolean =>
    report?.outcomes.some(
      ({ step, status, note }) => step.id === id && status === "done" && note !== GONE,
    ) === true;
  if (!isDone(back.id) || report?.unread !== undefined || report?.mismatches.length !== 0) return false;
  if (!isDone(out.id) || baseline.region !== region || report.interrupted) return false;
  const stopping = new AbortController();
  const off = ctx.onInterrupt(() => stopping.abort());
  try {
    const { look: lookOnce, clock } = await watcherOf(stopping.signal, here);
    const servesAgain = (each: Look): boolean => each.region === region;
    const proof = await watch({
      look: lookOnce,
      clock,
      stop: stopping.signal,
      everyMs: PROOF_EVERY_MS,
      forMs: input.within,
      onLook: timeline.see("proof in"),
      isEnough: (looks) => areLast(looks, servesAgain),
    });
    seen.proofIn = proof;
    const enough = `proven: three answers in a row came from ${region}`;
    timeline.add("proof in", endText(proof, { enough, late: "not proven in time" }));
    return proof.end === "stopped";
  } finally {
    off();
  }
}

export const rehearse = verb({
  name: "rehearse",
  summary: "Rehearse the loss of a region: a replica out, proof, hold, and back",
  args: ["<registry>"],
  examples: [
    "acr rehearse shopregistry --region westeurope",
    "acr rehearse shopregistry --region westeurope --hold 15m --apply -o md",
  ],
  flags: [
    { flag: "--region <region>", summary: "the replica that goes out and comes back", once: true },
    { flag: "--hold <duration>", summary: "how long it stays out once that is proven (5m)", once: true },
    { flag: "--within <duration>", summary: "longest wait for each proof (5m)", once: true },
    {
      flag: "--accept-risk",
      summary: "go on with fewer than three replicas, or where no region can be told",
    },
    { flag: "--apply", summary: "run the rehearsal after a confirmation" },
  ],
  details: `
Shows its plan and a baseline and changes nothing, unless --apply is given. The replica is put back after a failure,
a time-out and the first Ctrl-C as well; should the process be killed, every azwise command says so until
azwise runs resume has put it back. Exits ${EXIT.ok} when it was proven out and in, or was so by the word of the control plane
and this machine, which it did not serve, could see no move; ${EXIT.failed} when not, ${EXIT.partial} when the way back failed.`,
  input: RehearseInput,
  asks: (input) => input.apply,
  run: runRehearse,
  view: viewRehearsal,
});
