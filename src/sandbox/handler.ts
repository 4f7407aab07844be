/** One HTTP request as the sandbox sees it. Header names are lower case. */
export interface SandboxRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** A compressed one has a character for each byte. */
  body: string;
}

export interface SandboxResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The connection broke, or there never was one; `after` tells whether the service had already acted. */
export class SandboxConnectionLost extends Error {
  readonly after: boolean;
  readonly code: "ECONNRESET" | "ENOTFOUND";

  constructor(after: boolean, code: "ECONNRESET" | "ENOTFOUND" = "ECONNRESET") {
    super(after ? "connection lost after the service acted" : "connection lost before the service acted");
    this.after = after;
    this.code = code;
  }
}
