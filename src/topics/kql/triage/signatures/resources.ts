import type { Container } from "../../../../azure/container-ports.ts";
import { azUpdateContainer, containerOf } from "../commands.ts";
import { currentOf, evidenceOf, overText, spanOf, type Case } from "../evidence.ts";
import { exitOf } from "../events.ts";
import type { Cause, ConsoleLine, Examined, Fix, SystemEvent } from "../seen.ts";
import { complaints, linesOf } from "./lines.ts";

const WROTE =
  /^(?:Unhandled exception\.\s+)?(?:System\.OutOfMemoryException\b|MemoryError\b|java\.lang\.OutOfMemoryError\b)|\bFATAL ERROR: .{0,100}JavaScript heap out of memory\b/;

/** Ended for memory, as the platform, the exit code or the application itself says. */
export function outOfMemory(seen: Case): Cause[] {
  const { examined, runs } = seen;
  const killed = runs.flatMap(({ end, failedProbes }) => {
    const exit = end && exitOf(end);
    if (!end || !exit) return [];
    const isSaid = /oom/i.test(exit.reason) || /OOMKilled/i.test(end.text);
    const isUnsaid = exit.code === 137 && !/probe/i.test(exit.reason) && failedProbes.length === 0;
    return isSaid || isUnsaid ? [{ end, isSaid }] : [];
  });
  const wrote = linesOf(complaints(seen, WROTE));
  const all = [...killed.map(({ end }) => end), ...wrote].toSorted((one, other) => one.at - other.at);
  if (all.length === 0) return [];
  const { rows, over } = currentOf(all, seen);
  const isSaid = wrote.length > 0 || killed.some((each) => each.isSaid);
  const limit = memoryOf(examined);
  const most = Math.max(0, ...examined.usage.map(({ maximumMemoryMiB }) => maximumMemoryMiB));
  const used =
    most === 0
      ? ""
      : `; most memory in the metrics: ${Math.round(most)} MiB${limit === undefined ? "" : ` of ${limit * 1024} MiB`}`;
  return [
    {
      id: "out-of-memory",
      title: isSaid ? "Ended for want of memory" : "Killed (exit code 137), mostly for memory",
      because: over
        ? overText(over)
        : (isSaid
            ? "it is said so"
            : "no event says why, and no probe had failed: a container that does not end when it is told to is killed, too") +
          used,
      certainty: over ? "over" : isSaid ? "likely" : "possible",
      tier: 2,
      ...spanOf(rows),
      evidence: evidenceOf(rows, examined),
      fixes: moreFixes(examined, "more memory comes with more processor", containerIn(rows)),
      facts: ["container-apps-startup/enough-resources", "container-apps-cold-start/valid-pairs"],
    },
  ];
}

const NEAR_LIMIT = 0.9;
const LEAST_BINS = 3;

/** Uses nearly all of the processor that it may: throttling itself leaves no line. */
export function throttledCpu({ examined }: Case): Cause[] {
  const { resource, usage, tables } = examined;
  const cores = resource?.containers.reduce((sum, { cpu = 0 }) => sum + cpu, 0) ?? 0;
  const near = cores === 0 ? [] : usage.filter(({ averageCores }) => averageCores >= NEAR_LIMIT * cores);
  const [first] = near;
  const last = near.at(-1);
  if (!first || !last || near.length < LEAST_BINS) return [];
  const most = Math.max(...near.map(({ maximumCores }) => maximumCores));
  return [
    {
      id: "cpu-throttled",
      title: `Uses nearly all of its ${cores} cores`,
      because: `${near.length} of ${usage.length} spans of 5 minutes are at or above ${NEAR_LIMIT * 100} % of them on average; whether it was throttled is not logged, and metrics here do not tell replicas apart`,
      certainty: "possible",
      tier: 6,
      count: near.length,
      first: first.time,
      last: last.time,
      lastAt: Date.parse(last.time),
      evidence: [
        {
          time: last.time,
          replica: "",
          table: tables.metrics,
          times: near.length,
          text: `average ${last.averageCores} cores, at most ${most}`,
        },
      ],
      fixes: moreFixes(examined, "more processor comes with more memory", undefined),
      facts: [
        "container-apps-cold-start/throttled-without-error",
        "container-apps-cold-start/valid-pairs",
        "azure-wire/exported-metrics-lose-dimensions",
      ],
    },
  ];
}

function memoryOf({ resource }: Examined): number | undefined {
  const sizes = resource?.containers.map(({ memory }) => gibibytes(memory));
  return sizes?.every((each) => each !== undefined) ? sizes.reduce((sum, each) => sum + each, 0) : undefined;
}

function gibibytes(memory: string | undefined): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(Gi|Mi)$/.exec(memory ?? "") ?? [];
  return number === undefined ? undefined : Number(number) / (unit === "Mi" ? 1024 : 1);
}

/** The largest of the pairs that the article names. */
const MOST_CORES = 4;

/** Twice of both, as far as there are such pairs. */
function moreFixes(examined: Examined, text: string, name: string | undefined): Fix[] {
  const container = containerOf(examined, name);
  const cores = pairOf(container);
  if (container?.cpu !== undefined && cores === undefined) {
    return [{ text: `${text}, and this has the most that there is: let it need less, or add replicas` }];
  }
  const size =
    cores === undefined
      ? ["--cpu", "CORES", "--memory", "MEMORY"]
      : ["--cpu", String(cores), "--memory", `${2 * cores}Gi`];
  return [{ text, command: azUpdateContainer(examined, name, ...size) }];
}

/** Which ended last, as its line or the event's message says. */
function containerIn(rows: readonly (ConsoleLine | SystemEvent)[]): string | undefined {
  const last = rows.at(-1);
  if (!last) return undefined;
  return "container" in last ? last.container : /^Container '?([\w-]+)/.exec(last.text)?.[1];
}

function pairOf(container: Container | undefined): number | undefined {
  const cores = container?.cpu === undefined ? undefined : 2 * container.cpu;
  return cores === undefined || cores > MOST_CORES ? undefined : cores;
}
