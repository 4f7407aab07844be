import { azContainerApp } from "./commands.ts";
import { exitOf, stepOf, type Step } from "./events.ts";
import { isStartupMarker } from "./listening.ts";
import type { Examined, Fix, SystemEvent } from "./seen.ts";

/** The steps of a start as events tell them, and what the application itself said. */
export const MOMENTS = ["assigned", "pulled", "created", "started", "listening", "ready"] as const;
export type Moment = (typeof MOMENTS)[number];

export interface Start {
  replica: string;
  revision: string;
  /** In milliseconds; what was not seen is not there. */
  seen: Partial<Record<Moment, number>>;
  /** The first of it that was seen, as the table has it. */
  time: string;
  firstAt: number;
  /** From before: the container was started again, in a replica that was there. */
  isRestart: boolean;
  /** What the event of the pull says of it. */
  pull: string | undefined;
  gap: Gap | undefined;
}

export interface Gap {
  from: Moment;
  to: Moment;
  ms: number;
}

const MOST_STARTS = 3;

/** The last start, and those of other replicas before it; of a restart, the replica's first start, too. */
export function lastStarts(examined: Examined): Start[] {
  const all = startsOf(examined).toSorted((one, other) => other.firstAt - one.firstAt);
  const chosen: Start[] = [];
  for (const replica of new Set(all.map((start) => start.replica))) {
    const own = all.filter((start) => start.replica === replica);
    const [last] = own;
    const cold = own.find(({ seen }) => seen.assigned !== undefined || seen.pulled !== undefined);
    chosen.push(...(last ? [last] : []), ...(cold && cold !== last ? [cold] : []));
    if (chosen.length >= MOST_STARTS) break;
  }
  return chosen.slice(0, MOST_STARTS);
}

function startsOf(examined: Examined): Start[] {
  const starts: Start[] = [];
  const open = new Map<string, Start>();
  const known = new Set<string>();
  for (const event of examined.events) {
    const { replica } = event;
    const step = stepOf(event);
    if (exitOf(event)) open.delete(replica);
    if (!step || exitOf(event)) continue;
    if (step === "ready") {
      markReady(event, { open, starts });
      continue;
    }
    let start = open.get(replica);
    if (!start || isAgain(step, start)) {
      start = emptyStart(event, known.has(replica));
      open.set(replica, start);
      starts.push(start);
    }
    known.add(replica);
    start.seen[step] = event.at;
    if (step === "pulled") start.pull = pullOf(event);
  }
  for (const start of starts) markListening(start, examined);
  return starts.map((start) => ({ ...start, gap: largestGap(start.seen) }));
}

function emptyStart({ replica, revision, time, at }: SystemEvent, isRestart: boolean): Start {
  return { replica, revision, seen: {}, time, firstAt: at, isRestart, pull: undefined, gap: undefined };
}

/** A step that was, or that others have followed, begins another start. */
function isAgain(step: Step, { seen }: Start): boolean {
  return MOMENTS.slice(MOMENTS.indexOf(step)).some((each) => seen[each] !== undefined);
}

/** A revision is ready, mostly without a replica's name: that is said of the start before it. */
function markReady(
  event: SystemEvent,
  { open, starts }: { open: Map<string, Start>; starts: readonly Start[] },
): void {
  const { replica, revision, at } = event;
  const own = replica === "" ? starts.findLast((start) => start.revision === revision) : open.get(replica);
  if (own && own.seen.ready === undefined) own.seen.ready = at;
}

/** The first line of the application that says so, before its next start. */
function markListening(start: Start, { lines, events }: Examined): void {
  const from = start.seen.started ?? start.firstAt;
  const end = events.find((event) => event.replica === start.replica && event.at > from && exitOf(event))?.at;
  const line = lines.find(
    (each) =>
      each.replica === start.replica &&
      each.at >= from &&
      each.at <= (end ?? Infinity) &&
      isStartupMarker(each),
  );
  if (line) start.seen.listening = line.at;
}

function pullOf({ text }: SystemEvent): string | undefined {
  const took = /\bin (\d+(?:\.\d+)?m?s)\b/.exec(text)?.[1];
  const bytes = /Image size: (\d+) bytes/i.exec(text)?.[1];
  const parts = [
    ...(took === undefined ? [] : [took]),
    ...(bytes === undefined ? [] : [`${Math.round(Number(bytes) / 1_048_576)} MiB`]),
  ];
  return parts.length === 0 ? undefined : parts.join(" for ");
}

/** Between two moments that were both seen; what lies between and was not seen is in it. */
export function largestGap(seen: Start["seen"]): Gap | undefined {
  const told = MOMENTS.flatMap((moment) => {
    const at = seen[moment];
    return at === undefined ? [] : [{ moment, at }];
  }).toSorted((one, other) => one.at - other.at);
  const gaps = told.slice(1).flatMap(({ moment, at }, index): Gap[] => {
    const before = told[index];
    return before ? [{ from: before.moment, to: moment, ms: at - before.at }] : [];
  });
  return gaps.reduce<Gap | undefined>((most, gap) => (most && most.ms >= gap.ms ? most : gap), undefined);
}

/** A gap below this is not worth a word. */
const LEAST_MS = 5000;

export interface GapAdvice extends Fix {
  facts: readonly string[];
}

/** What the article on cold starts says of a gap. */
export function adviseGap(gap: Gap | undefined, examined: Examined): GapAdvice[] {
  if (!gap || gap.ms < LEAST_MS || examined.kind === "job") return [];
  const app = examined.resource?.kind === "app" ? examined.resource : undefined;
  const warm: GapAdvice[] =
    app && (app.minReplicas ?? 0) === 0
      ? [
          {
            text: "one replica that stays spares users this wait, and is billed while idle",
            command: azContainerApp(examined, "update", "--min-replicas", "1"),
            facts: ["container-apps-cold-start/min-replicas"],
          },
        ]
      : [];
  return [...adviceOn(gap), ...warm];
}

function adviceOn({ from, to }: Gap): GapAdvice[] {
  if (to === "pulled") {
    return [
      {
        text: "mostly the pull: a smaller image, built in stages, is there sooner; a registry in the region of the app is nearer",
        facts: ["container-apps-cold-start/smaller-image", "container-apps-cold-start/cold-start-steps"],
      },
    ];
  }
  if (to === "listening" || (from === "started" && to === "ready")) {
    return [
      {
        text: "the application itself starts slowly: for Python look at python -X importtime and import late what is heavy; for .NET at what is made before it listens; more processor helps both",
        facts: ["container-apps-cold-start/slow-imports", "container-apps-cold-start/cold-start-steps"],
      },
    ];
  }
  if (from === "listening" && to === "ready") {
    return [
      {
        text: "it listens, and its readiness probe is not yet passed: look at the probe's delay and period, and at what its path waits for",
        facts: ["container-apps-cold-start/cold-start-steps", "container-apps-cold-start/startup-probe"],
      },
    ];
  }
  return [
    {
      text: "the platform's own time; the article has nothing for it but a replica that stays",
      facts: ["container-apps-cold-start/cold-start-steps"],
    },
  ];
}
