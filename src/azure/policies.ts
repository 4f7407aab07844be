import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import { AzureError } from "./azure-error.ts";
import { errorFromResponse } from "./service-error.ts";
import { limitTime } from "../time-limit.ts";

/**
 * Refuses every host but the given ones before a token or secret leaves. Azure's SDKs follow poll and next
 * links to whatever host they name, token included.
 */
export function allowHostsPolicy(hosts: readonly string[]): PipelinePolicy {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  return {
    name: "azwiseAllowHosts",
    async sendRequest(request, next) {
      const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
      if (url?.protocol === "https:" && allowed.has(url.host.toLowerCase())) return next(request);
      const where = url === undefined ? "something that is not a URL" : `${url.protocol}//${url.host}`;
      throw new AzureError("failed", `refused to send credentials to ${where}`, {
        code: "ForeignHost",
        hint: `only https://${[...allowed].join(", https://")} may be asked here; nothing was sent there`,
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
      requireJson(response);
      return response;
    },
  };
}

/** A proxy or a captive portal may answer 200 with a page of its own. */
function requireJson({ headers, bodyAsText, request, status }: PipelineResponse): void {
  const text = bodyAsText ?? "";
  if (text.trim() === "") return;
  if (/^\s*[[{]/.test(text)) {
    // The SDK clients do not parse what gateways relabel as plain text.
    headers.set("content-type", "application/json");
    return;
  }
  throw new AzureError("failed", `${new URL(request.url).host} answered something that is not JSON`, {
    code: "NotJson",
    hint: "check that no proxy or portal answers in Azure's place",
    status,
    uncertain: request.method !== "GET",
  });
}

/** Aborts requests with the run. */
export function abortPolicy(signal: AbortSignal): PipelinePolicy {
  return {
    name: "azwiseAbort",
    async sendRequest(request, next) {
      const own = request.abortSignal as AbortSignal | undefined;
      request.abortSignal = own === undefined ? signal : AbortSignal.any([own, signal]);
      return next(request);
    },
  };
}

/** Gives up on a server that does not answer in full within this time; each attempt has its own. */
export function answerTimeoutPolicy(timeoutMs: number): PipelinePolicy {
  return {
    name: "azwiseAnswerTimeout",
    async sendRequest(request, next) {
      const outer = request.abortSignal as AbortSignal | undefined;
      const limit = limitTime(timeoutMs, outer);
      request.abortSignal = limit.signal;
      try {
        return await next(request);
      } finally {
        limit.clear();
        // Whoever waits for the next attempt must not be woken by this one's timeout.
        if (outer === undefined) delete request.abortSignal;
        else request.abortSignal = outer;
      }
    },
  };
}

/** One line per attempt: method, host, path, status, time, request id; never headers, bodies or query strings. */
export function requestLogPolicy(log: (line: string) => void): PipelinePolicy {
  return {
    name: "azwiseRequestLog",
    async sendRequest(request, next) {
      const started = Date.now();
      const { host, pathname } = new URL(request.url);
      const line = (outcome: string): string =>
        `${request.method} ${host}${pathname} ${outcome} ${Date.now() - started} ms`;
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
