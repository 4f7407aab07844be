import {
  createEmptyPipeline,
  createPipelineRequest,
  decompressResponsePolicy,
  userAgentPolicy,
  type Pipeline,
  type PipelineRequest,
  type PipelineRequestOptions,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { Json, JsonObject } from "../json.ts";
import type { RunOptions } from "./connect.ts";
import { ANSWER_TIMEOUT_MS } from "./pipeline.ts";
import { abortPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import { MANIFEST_KINDS, toManifest } from "./registry-manifest.ts";
import type { RegistryDataPort, RegistryHost } from "./registry-ports.ts";
import { bodyOf } from "./registry-tokens.ts";
import { errorFromResponse } from "./service-error.ts";
import { throttlePolicy } from "./throttle.ts";

export interface Ask {
  at: RegistryHost;
  method: "GET" | "HEAD";
  /** With its query. */
  path: string;
  /** What a token must be good for, where one is needed. */
  scope: string;
  accept?: string;
}

/** Any answer counts. */
export type Send = (ask: Ask) => Promise<PipelineResponse>;

type Reads = Pick<RegistryDataPort, "readManifest" | "locateBlob" | "hasBlob">;

/** What every registry answers alike. */
export function readsBy(send: Send): Reads {
  const aboutBlob = (at: RegistryHost, repository: string, digest: string): Omit<Ask, "method"> => ({
    at,
    path: `/v2/${repository}/blobs/${digest}`,
    scope: `repository:${repository}:pull`,
  });
  return {
    async readManifest(at, repository, reference) {
      const response = await send({
        at,
        method: "GET",
        path: `/v2/${repository}/manifests/${reference}`,
        scope: `repository:${repository}:pull`,
        accept: MANIFEST_KINDS.join(", "),
      });
      return response.status === 404 ? undefined : toManifest(response, reference);
    },
    async locateBlob(at, repository, digest) {
      const response = await send({ ...aboutBlob(at, repository, digest), method: "GET" });
      if (response.status === 404) return undefined;
      const location = response.headers.get("location") ?? "";
      if (response.status >= 400) throw errorFromResponse(response);
      // Whoever is not sent on was served where it asked.
      return URL.canParse(location) ? new URL(location).host.toLowerCase() : at.host;
    },
    async hasBlob(at, repository, digest) {
      const response = await send({ ...aboutBlob(at, repository, digest), method: "HEAD" });
      if (response.status === 404) return false;
      if (response.status >= 400) throw errorFromResponse(response);
      return true;
    },
  };
}

/**
 * What requests to a registry's own host go through, but for who may be asked. Redirects are not followed. `patienceMs`
 * is the longest wait for one answer, and for all pauses of a request together.
 */
export function createReadPipeline(options: RunOptions, patienceMs = Infinity): Pipeline {
  const timeoutMs = Math.min(options.timeoutMs, patienceMs);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(abortPolicy(options.signal));
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "azwise" }));
  pipeline.addPolicy(throttlePolicy({ ...options, timeoutMs, isRead: () => true }), { phase: "Retry" });
  pipeline.addPolicy(answerTimeoutPolicy(Math.min(ANSWER_TIMEOUT_MS, patienceMs)), { afterPhase: "Retry" });
  pipeline.addPolicy(requestLogPolicy(options.log), { afterPhase: "Retry" });
  return pipeline;
}

export function requestTo({ signal, host }: RegistryHost, request: PipelineRequestOptions): PipelineRequest {
  const isPlain = request.url.startsWith(`http://${host}/`);
  return createPipelineRequest({
    ...request,
    ...(signal ? { abortSignal: signal } : {}),
    allowInsecureConnection: isPlain,
  });
}

/** Bodies of a list's pages; none when the replica does not know what is listed. */
export async function* pages(ask: Omit<Ask, "method">, send: Send): AsyncIterable<JsonObject> {
  for (let path: string | undefined = ask.path; path !== undefined;) {
    const response: PipelineResponse = await send({ ...ask, path, method: "GET" });
    if (response.status === 404) return;
    yield bodyOf(response);
    path = /^<(\/[^/>][^>]*)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
}

/** An empty list may be null. */
export function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
