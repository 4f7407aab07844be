import { AppError, type ErrorDetail, type ErrorKind } from "../errors.ts";

/** A change that the service did not act on: how long to wait, look again, and only then send it again. */
export interface Pause {
  ms: number;
  reason: "throttled" | "no answer";
  /** The service did not say how long, so the pause doubles with each try. */
  guessed: boolean;
  /** Longest time that one change may spend in pauses altogether. */
  mostMs: number;
}

export interface AzureErrorDetail extends ErrorDetail {
  /** HTTP status; undefined when no answer came. */
  status?: number;
  requestId?: string;
  /** True when the request may or may not have taken effect: the answer was lost. */
  uncertain?: boolean;
  pause?: Pause;
}

/** A refusal or failure of an Azure service, with its own error code kept for branching. */
export class AzureError extends AppError {
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly uncertain: boolean;
  readonly pause: Pause | undefined;

  constructor(kind: ErrorKind, message: string, detail: AzureErrorDetail = {}) {
    super(kind, message, detail);
    this.name = "AzureError";
    this.status = detail.status;
    this.requestId = detail.requestId;
    this.uncertain = detail.uncertain ?? false;
    this.pause = detail.pause;
  }

  /** The same error, with the time after which its request may be sent again. */
  withPause(pause: Pause): AzureError {
    return this.#with({ uncertain: this.uncertain, pause });
  }

  /** The same error, met after its change was accepted: that may take effect, so it must be looked for. */
  asUncertain(): AzureError {
    return this.#with({ uncertain: true });
  }

  #with(detail: AzureErrorDetail): AzureError {
    const { kind, message, hint, code, because, status, requestId, cause } = this;
    const given = Object.entries({ hint, code, status, requestId, cause }).filter(
      ([, each]) => each !== undefined,
    );
    return new AzureError(kind, message, { ...Object.fromEntries(given), because, ...detail });
  }
}
