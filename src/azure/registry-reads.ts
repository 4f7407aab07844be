import { createHash } from "node:crypto";
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
import { objectsIn } from "./arm.ts";
import type { RunOptions } from "./connect.ts";
import { ANSWER_TIMEOUT_MS } from "./pipeline.ts";
import { abortPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import type { Manifest, RegistryDataPort, RegistryHost } from "./registry-ports.ts";
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

const LISTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const IMAGES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

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
        accept: [...LISTS, ...IMAGES].join(", "),
      });
      return response.status === 404 ? undefined : toManifest(response);
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

function toManifest(response: PipelineResponse): Manifest {
  const { manifests, config, layers, mediaType } = bodyOf(response);
  const digests = (value: Json | undefined): string[] => objectsIn(value).map(({ digest }) => text(digest));
  const own = Array.isArray(layers) ? layers.filter((each) => !isElsewhere(each)) : [];
  return {
    digest: response.headers.get("docker-content-digest") ?? digestOf(response.bodyAsText ?? ""),
    mediaType: response.headers.get("content-type")?.split(";")[0] ?? text(mediaType),
    images: digests(manifests),
    blobs: digests([config ?? null, ...own]).filter((each) => each !== ""),
  };
}

/** Base layers of Windows are never pushed: the manifest says where they are. */
function isElsewhere(layer: Json): boolean {
  const [found] = objectsIn([layer]);
  const urls = found?.["urls"];
  return Array.isArray(urls) && urls.length > 0;
}

function digestOf(body: string): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

/** An empty list may be null. */
export function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
