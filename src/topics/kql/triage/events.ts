import type { SystemEvent } from "./seen.ts";

/** How a container ended. */
export interface Exit {
  code: number | undefined;
  /** In the words of the event: ProcessExited, ProbeFailure, OOMKilled. */
  reason: string;
}

/**
 * Reasons are no documented list, so the words of the message count as well. Undefined for what is no end of a
 * container.
 */
export function exitOf({ reason, text }: SystemEvent): Exit | undefined {
  const isEnd =
    /^(?:ContainerTerminated|OOMKilled)$/i.test(reason) ||
    /^Container '?[\w-]+'? was terminated\b/i.test(text);
  if (!isEnd) return undefined;
  const code = /exit code:? '?(\d+)/i.exec(text)?.[1];
  const why = /reason '?(\w+)/i.exec(text)?.[1];
  return { code: code === undefined ? undefined : Number(code), reason: why ?? reason };
}

/** A replica that is not needed any more is stopped: that is ManuallyStopped, a warning without an exit code. */
export function isFailure({ code, reason }: Exit): boolean {
  if (/^ManuallyStopped$/i.test(reason)) return false;
  return code === undefined ? !/^Completed$/i.test(reason) : code !== 0;
}

/** Said of a container that ends again and again, or of a revision that never came up, without saying how. */
export function isGivenUp({ reason, text }: SystemEvent): boolean {
  const isSaid =
    /^(?:ContainerBackOff|ContainerCrashing|BackOff|CrashLoopBackOff|Timeout)$/i.test(reason) ||
    /^(?:Persistent Failure to start container|Deployment Progress Deadline Exceeded)\b/i.test(text);
  // Pulls back off, too, which is another cause.
  return isSaid && !/\bpull/i.test(text);
}

export interface FailedProbe {
  /** Liveness, Readiness or Startup; undefined when the event does not say. */
  kind: "Liveness" | "Readiness" | "Startup" | undefined;
  status: number | undefined;
}

export function failedProbeOf({ reason, text }: SystemEvent): FailedProbe | undefined {
  const isProbe =
    /^(?:ProbeFailed|ReplicaUnhealthy|Unhealthy)$/i.test(reason) ||
    /^(?:Probe of \w+|\w+ probe) failed\b/i.test(text);
  if (!isProbe) return undefined;
  const word = /\b(liveness|readiness|startup)\b/i.exec(text)?.[1]?.toLowerCase();
  const kinds = { liveness: "Liveness", readiness: "Readiness", startup: "Startup" } as const;
  const status = /status\s?code:? ?(\d{3})/i.exec(text)?.[1];
  return {
    kind: word === undefined ? undefined : kinds[word as keyof typeof kinds],
    status: status === undefined ? undefined : Number(status),
  };
}

const PULL_REASONS =
  /^(?:ErrImagePull|ImagePullBackOff|ImagePullFailure|ImagePullUnauthorized|InvalidImageName|ErrImageNeverPull)$/i;

export function isFailedPull({ reason, text }: SystemEvent): boolean {
  return (
    PULL_REASONS.test(reason) ||
    /^(?:Error: )?(?:ErrImagePull|ImagePullBackOff|Failed to pull image)\b/i.test(text)
  );
}

export const STEPS = ["assigned", "pulled", "created", "started", "ready"] as const;
export type Step = (typeof STEPS)[number];

const STEP_SIGNS: Readonly<Record<Step, { reason: RegExp; text: RegExp }>> = {
  assigned: {
    reason: /^(?:AssigningReplica|ReplicaAssigned|Scheduled)$/i,
    text: /^Replica '?[\w-]+'? has been scheduled\b/i,
  },
  pulled: {
    reason: /^(?:PulledImage|Pulled|ImagePulled)$/i,
    text: /^Successfully pulled image\b|^Container image \S+ already present/i,
  },
  created: { reason: /^(?:ContainerCreated|Created)$/i, text: /^Created container\b/i },
  started: { reason: /^(?:ContainerStarted|Started)$/i, text: /^Started container\b/i },
  ready: {
    reason: /^(?:RevisionReady|ReplicaReady|ContainerReady)$/i,
    text: /^(?:Revision|Replica) '?[\w-]+'? is ready\b/i,
  },
};

/** The step of a start that an event tells; what has no known sign is not guessed at. */
export function stepOf({ reason, text }: SystemEvent): Step | undefined {
  return STEPS.find((step) => STEP_SIGNS[step].reason.test(reason) || STEP_SIGNS[step].text.test(text));
}

export function isTimeout({ reason, text }: SystemEvent): boolean {
  return (
    /^DeadlineExceeded$/i.test(reason) ||
    /\bactive longer than (?:the )?specified deadline\b|: replica timeout$/i.test(text)
  );
}

export function isJobDone({ reason, text }: SystemEvent): boolean {
  return /^Completed$/i.test(reason) || /^Execution '?[\w-]+'? has successfully completed\b/i.test(text);
}
