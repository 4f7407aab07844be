import { AppError, type ErrorDetail, type ErrorKind } from "../errors.ts";

export interface AzureErrorDetail extends ErrorDetail {
  /** HTTP status; undefined when no answer came. */
  status?: number;
  requestId?: string;
  /** True when the request may or may not have taken effect: the answer was lost. */
  uncertain?: boolean;
}

/** A refusal or failure of an Azure service, with its own error code kept for branching. */
export class AzureError extends AppError {
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly uncertain: boolean;

  constructor(kind: ErrorKind, message: string, detail: AzureErrorDetail = {}) {
    super(kind, message, detail);
    this.name = "AzureError";
    this.status = detail.status;
    this.requestId = detail.requestId;
    this.uncertain = detail.uncertain ?? false;
  }
}
