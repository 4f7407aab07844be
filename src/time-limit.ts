export interface TimeLimit {
  /** Aborts when the time is over, or with the outer signal. */
  signal: AbortSignal;
  /** Whether it was the time. */
  isOver(): boolean;
  /** To be called when the work has ended, so that the process need not wait. */
  clear(): void;
}

/** Not AbortSignal.timeout: inside of AbortSignal.any, Node 20 may collect it as garbage before its time. */
export function limitTime(ms: number, outer?: AbortSignal): TimeLimit {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  return {
    signal: outer === undefined ? late.signal : AbortSignal.any([outer, late.signal]),
    isOver: () => late.signal.aborted,
    clear: () => clearTimeout(timer),
  };
}
