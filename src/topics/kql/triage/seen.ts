import type { ContainerApp, ContainerJob } from "../../../azure/container-ports.ts";

interface Seen {
  /** Milliseconds. */
  at: number;
  /** As the table has it. */
  time: string;
  revision: string;
  replica: string;
  text: string;
}

/** A line of a container, without secrets. */
export interface ConsoleLine extends Seen {
  container: string;
}

/** An event of the platform. */
export interface SystemEvent extends Seen {
  reason: string;
}

/** What an app used in one stretch of time, over all of its replicas. */
export interface Usage {
  time: string;
  averageCores: number;
  maximumCores: number;
  maximumMemoryMiB: number;
}

/** All that a triage goes by. */
export interface Examined {
  name: string;
  kind: "app" | "job";
  /** Undefined when it may not be read, or is no more. */
  resource: ContainerApp | ContainerJob | undefined;
  /** As the logs name it; for an app that is no more. */
  resourceId: string | undefined;
  /** As it was typed. */
  resourceGroup: string | undefined;
  /** The oldest first. */
  lines: readonly ConsoleLine[];
  /** The oldest first. */
  events: readonly SystemEvent[];
  usage: readonly Usage[];
  tables: { console: string; system: string; metrics: string };
  /** The end of the window, in milliseconds. */
  untilMs: number;
  /** False where nothing can be said of exits and probes. */
  knowsEvents: boolean;
}

export interface Evidence {
  time: string;
  replica: string;
  table: string;
  /** How many of this kind there are, this one included. */
  times: number;
  text: string;
}

/** What to do: as words, and as a command where there is one. */
export interface Fix {
  text: string;
  command?: string;
}

/**
 * "likely": what follows it shows that it harms; "possible": it was seen, and what it did cannot be told; "over": the app
 * started well after it; "unknown": something ended, and none of the known causes was seen.
 */
export type Certainty = "likely" | "possible" | "unknown" | "over";

export interface Cause {
  id: string;
  certainty: Certainty;
  /** Orders causes of one certainty: what nothing can start without comes first. */
  tier: number;
  title: string;
  /** Why it is as certain as it is. */
  because: string;
  count: number;
  first: string;
  last: string;
  lastAt: number;
  evidence: Evidence[];
  fixes: Fix[];
  /** Fact ids. */
  facts: readonly string[];
  /** The id of a cause that explains this one. */
  explainedBy?: string;
}
