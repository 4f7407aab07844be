import type { Probe } from "../../../../azure/container-ports.ts";
import { evidenceOf, overText, spanOf, type Case } from "../evidence.ts";
import { overcomeBy, type Run } from "../runs.ts";
import { failedProbeOf } from "../events.ts";
import type { Cause, SystemEvent } from "../seen.ts";
import { probeFixes } from "./listening.ts";

/** Ended by the platform after failed probes, before it had said that it had started. */
export function probeKilled(seen: Case): Cause[] {
  const { examined, runs, good } = seen;
  const killed = runs.filter(isKilled);
  const ends = killed.flatMap(({ end }) => end ?? []);
  const last = ends.at(-1);
  if (!last) return [];
  const over = ends.every((end) => overcomeBy(end, examined, good))
    ? overcomeBy(last, examined, good)
    : undefined;
  const failed = killed
    .flatMap(({ failedProbes }) => failedProbes)
    .toSorted((one, other) => one.at - other.at);
  const statuses = [...new Set(failed.flatMap((event) => failedProbeOf(event)?.status ?? []))];
  const kinds = [...new Set(failed.flatMap((event) => failedProbeOf(event)?.kind ?? []))];
  const all = [...failed, ...ends].toSorted((one, other) => one.at - other.at);
  return [
    {
      id: "probe-killed-before-start",
      title: `Ended ${times(ends.length)} by failed ${kinds.join(" and ").toLowerCase() || "health"} probes before it had said that it had started`,
      because: over ? overText(over) : answerNote(statuses) + lifeNote(killed),
      certainty: over ? "over" : "likely",
      tier: 5,
      ...spanOf(ends),
      evidence: evidenceOf(all, examined),
      fixes: fixesOf(seen, kinds[0]),
      facts: [
        "container-apps-startup/generous-probes",
        "container-apps-cold-start/startup-probe",
        "azure-wire/container-event-reasons",
      ],
    },
  ];
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** A readiness probe ends nothing; a process that ended by itself was not killed. */
function isKilled({ failedProbes, exit, markedAt }: Run): boolean {
  if (exit === undefined || markedAt !== undefined) return false;
  const isForProbe = /probe/i.test(exit.reason);
  const wasSignalled = exit.code === 137 || exit.code === 143;
  const isDeadly = (event: SystemEvent): boolean => failedProbeOf(event)?.kind !== "Readiness";
  return (isForProbe || (wasSignalled && !/oom/i.test(exit.reason))) && failedProbes.some(isDeadly);
}

function answerNote(statuses: readonly number[]): string {
  if (statuses.length === 0) return "the events do not say what the probes were answered";
  return `the probes were answered ${statuses.join(", ")}: it listens, but says that it is not well, so more time alone may not help`;
}

/** How long those lived whose start was seen. */
function lifeNote(killed: readonly Run[]): string {
  const lives = killed.flatMap(({ isWhole, from, endedAt }) =>
    isWhole && endedAt !== undefined ? [(endedAt - from) / 1000] : [],
  );
  return lives.length === 0 ? "" : `; it lived ${Math.round(Math.max(...lives))} s at most`;
}

function fixesOf({ examined }: Case, kind: Probe["kind"] | undefined): Cause["fixes"] {
  const probes =
    examined.resource?.kind === "app" ? examined.resource.containers.flatMap((each) => each.probes) : [];
  const startup = probes.find((probe) => probe.kind === "Startup");
  const own = probes.find((probe) => probe.kind === kind);
  if (startup) {
    const time = windowOf(startup);
    const now = time === undefined ? "" : ` (they are ${time} s together now)`;
    return probeFixes(examined, `raise failureThreshold or periodSeconds of the startup probe${now}`);
  }
  const delay = own?.initialDelay === undefined ? "" : ` (initialDelaySeconds is ${own.initialDelay} now)`;
  return probeFixes(
    examined,
    `add a startup probe (initialDelaySeconds 5, periodSeconds 5, failureThreshold 12 give 60 s), or raise the ${(kind ?? "liveness").toLowerCase()} probe's delay${delay}`,
  );
}

/** How long a probe lets an application start, in seconds. */
function windowOf({ initialDelay = 0, period, failureThreshold }: Probe): number | undefined {
  if (period === undefined || failureThreshold === undefined) return undefined;
  return initialDelay + period * failureThreshold;
}
