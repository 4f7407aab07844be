/** Process exit codes; the README's table is tested against this. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  changes: 3,
  auth: 4,
  declined: 5,
  partial: 6,
  timeout: 7,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
export type ErrorKind = Exclude<keyof typeof EXIT, "ok">;

export interface ErrorDetail {
  /** What to type next, or where to look. */
  hint?: string;
  /** Azure's own error code, when a service refused. */
  code?: string;
  /** Facts that explain the refusal; printed as citations. */
  because?: readonly string[];
  cause?: unknown;
}

/**
 * The one way a verb stops on purpose: a kind (the exit code), one line, and what to type next.
 * Anything else that is thrown is a bug and keeps its stack.
 */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly code: string | undefined;
  readonly because: readonly string[];

  constructor(kind: ErrorKind, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = "AppError";
    this.kind = kind;
    this.hint = detail.hint;
    this.code = detail.code;
    this.because = detail.because ?? [];
  }
}
