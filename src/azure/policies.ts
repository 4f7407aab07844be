import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { AzureError } from "./azure-error.ts";
import { errorFromResponse } from "./service-error.ts";

/**
 * Refuses every host but the given ones before a token is attached. Azure's SDKs follow poll and next
 * links to whatever host they name, token included.
 */
export function allowHostsPolicy(hosts: readonly string[]): PipelinePolicy {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  return {
    name: "azwiseAllowHosts",
    async sendRequest(request, next) {
      const { host, protocol } = new URL(request.url);
      if (protocol === "https:" && allowed.has(host.toLowerCase())) return next(request);
      throw new AzureError("failed", `refused to send a token to ${host}`, {
        code: "ForeignHost",
        hint: `only ${[...allowed].join(", ")} may be asked in this cloud; nothing was sent`,
        because: ["azure-wire/foreign-poll-host"],
      });
    },
  };
}

/** Makes every HTTP refusal an AzureError, so that SDK clients and hand-made requests fail alike. */
export function errorPolicy(): PipelinePolicy {
  return {
    name: "azwiseErrors",
    async sendRequest(request, next) {
      const response = await next(request);
      if (response.status >= 300) throw errorFromResponse(response);
      return response;
    },
  };
}

/** Aborts requests with the run, and gives up on a server that never answers. */
export function abortPolicy(signal: AbortSignal, answerTimeoutMs: number): PipelinePolicy {
  return {
    name: "azwiseAbort",
    async sendRequest(request, next) {
      request.abortSignal ??= signal;
      request.timeout ||= answerTimeoutMs;
      return next(request);
    },
  };
}

/** One line per attempt: method, host, path, status, time, request id; never headers, bodies or query strings. */
export function requestLogPolicy(log: (line: string) => void): PipelinePolicy {
  return {
    name: "azwiseRequestLog",
    async sendRequest(request, next) {
      const started = performance.now();
      const { host, pathname } = new URL(request.url);
      const line = (outcome: string): string =>
        `${request.method} ${host}${pathname} ${outcome} ${Math.round(performance.now() - started)} ms`;
      try {
        const response = await next(request);
        const id = response.headers.get("x-ms-request-id");
        log(line(String(response.status)) + (id === undefined ? "" : ` ${id}`));
        return response;
      } catch (error) {
        log(line("no answer"));
        throw error;
      }
    },
  };
}
