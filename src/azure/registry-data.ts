import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  decompressResponsePolicy,
  proxyPolicy,
  userAgentPolicy,
  type Pipeline,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { Json, JsonObject } from "../json.ts";
import { objectsIn } from "./arm.ts";
import { AzureError } from "./azure-error.ts";
import type { RunCredential } from "./cached-credential.ts";
import { readEnd } from "./claims.ts";
import type { RunOptions } from "./connect.ts";
import { ANSWER_TIMEOUT_MS, httpClientFor } from "./pipeline.ts";
import { abortPolicy, allowHostsPolicy, answerTimeoutPolicy, requestLogPolicy } from "./policies.ts";
import type {
  ImageTag,
  Manifest,
  Probe,
  RegistryDataPort,
  RegistryHost,
  RegistrySignIn,
} from "./registry-ports.ts";
import { bodyOf, createRegistryTokens, readChallenge } from "./registry-tokens.ts";
import { errorFromResponse, readEnvelope } from "./service-error.ts";
import { throttlePolicy } from "./throttle.ts";
import { getUnsigned } from "./unsigned.ts";

export interface RegistryDataOptions extends RunOptions {
  credential: RunCredential;
  /** Of the Microsoft Entra tokens that registries exchange. */
  scope: string;
  tenantId: string;
}

interface Ask {
  at: RegistryHost;
  method: "GET" | "HEAD";
  /** With its query. */
  path: string;
  /** What the token must be good for. */
  scope: string;
  accept?: string;
}

type Send = (ask: Ask) => Promise<PipelineResponse>;

const LISTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const IMAGES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** Reads of a registry's own hosts; see RegistryDataPort. Nothing is changed by any of these requests. */
export function createRegistryData(options: RegistryDataOptions): RegistryDataPort {
  const { send, signIn } = createRequests(options);
  return {
    async *listRepositories(at) {
      const ask = { at, path: "/acr/v1/_catalog?n=100", scope: "registry:catalog:*" };
      for await (const body of pages(ask, send)) yield* texts(body["repositories"]);
    },
    async *listTags(at, repository) {
      const path = `/acr/v1/${repository}/_tags?n=100&orderby=timedesc`;
      const ask = { at, path, scope: `repository:${repository}:metadata_read` };
      for await (const body of pages(ask, send)) yield* objectsIn(body["tags"]).map(toTag);
    },
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
      const path = `/v2/${repository}/blobs/${digest}`;
      const response = await send({ at, method: "GET", path, scope: `repository:${repository}:pull` });
      if (response.status === 404) return undefined;
      const location = response.headers.get("location") ?? "";
      if (response.status >= 400) throw errorFromResponse(response);
      // Whoever is not sent on was served where it asked.
      return URL.canParse(location) ? new URL(location).host.toLowerCase() : at.host;
    },
    signIn,
    probe: (at, timeoutMs) => probe(at, timeoutMs, options),
  };
}

/** Asks without a token at first, and once more with the one that the challenge leads to. */
function createRequests(options: RegistryDataOptions): { send: Send; signIn: RegistryDataPort["signIn"] } {
  const httpClient = httpClientFor(options);
  const sendTo = (at: RegistryHost, request: Parameters<typeof createPipelineRequest>[0]) =>
    pipelineFor(at, options).sendRequest(httpClient, createPipelineRequest(request));
  const { get, refresh } = createRegistryTokens({
    ...options,
    post: (at, path, form) =>
      sendTo(at, {
        method: "POST",
        url: `https://${at.host}${path}`,
        headers: createHttpHeaders({ "content-type": "application/x-www-form-urlencoded" }),
        body: new URLSearchParams(form).toString(),
      }),
  });
  const tokens = new Map<string, string>();
  const signIn = async (at: RegistryHost): Promise<RegistrySignIn> => {
    const response = await sendTo(at, { method: "GET", url: `https://${at.host}/v2/` });
    if (response.status < 400) throw withoutChallenge(at);
    const token = await refresh(at, readChallenge(response, at).service);
    return { token, expires: readEnd(token) };
  };
  const send: Send = async ({ at, method, path, scope, accept = "application/json" }) => {
    const key = `${at.host} ${scope}`;
    const once = (): Promise<PipelineResponse> => {
      const token = tokens.get(key);
      const signed = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const headers = createHttpHeaders({ accept, ...signed });
      return sendTo(at, { method, url: `https://${at.host}${path}`, headers });
    };
    const first = await once();
    if (first.status !== 401) return first;
    const challenge = readChallenge(first, at);
    tokens.set(key, await get(at, { ...challenge, scope: challenge.scope ?? scope }));
    return once();
  };
  return { send, signIn };
}

function withoutChallenge({ host }: RegistryHost): AzureError {
  return new AzureError("failed", `${host} asks for no sign-in`, {
    hint: "no token was sent; check that no proxy answers in the registry's place",
    because: ["azure-wire/acr-challenge"],
  });
}

/** Only hosts that the control plane named for this registry are asked, and redirects are not followed. */
function pipelineFor({ registry }: RegistryHost, options: RegistryDataOptions): Pipeline {
  const hosts = [registry.loginServer, ...registry.regionalHosts.map(({ host }) => host)];
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(abortPolicy(options.signal));
  pipeline.addPolicy(allowHostsPolicy(hosts));
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "azwise" }));
  pipeline.addPolicy(throttlePolicy({ ...options, isRead: () => true }), { phase: "Retry" });
  pipeline.addPolicy(answerTimeoutPolicy(ANSWER_TIMEOUT_MS), { afterPhase: "Retry" });
  pipeline.addPolicy(requestLogPolicy(options.log), { afterPhase: "Retry" });
  return pipeline;
}

/** Bodies of a list's pages; none when the replica does not know what is listed. */
async function* pages(ask: Omit<Ask, "method">, send: Send): AsyncIterable<JsonObject> {
  for (let path: string | undefined = ask.path; path !== undefined;) {
    const response: PipelineResponse = await send({ ...ask, path, method: "GET" });
    if (response.status === 404) return;
    yield bodyOf(response);
    path = /^<(\/[^/>][^>]*)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
}

function toTag({ name, digest }: JsonObject): ImageTag {
  return { name: text(name), digest: text(digest) };
}

function toManifest(response: PipelineResponse): Manifest {
  const { manifests, config, layers, mediaType } = bodyOf(response);
  const digests = (value: Json | undefined): string[] => objectsIn(value).map(({ digest }) => text(digest));
  return {
    digest: response.headers.get("docker-content-digest") ?? "",
    mediaType: response.headers.get("content-type")?.split(";")[0] ?? text(mediaType),
    images: digests(manifests),
    blobs: digests([config ?? null, ...(Array.isArray(layers) ? layers : [])]).filter((each) => each !== ""),
  };
}

/** An empty list may be null. */
function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

async function probe(
  { host }: RegistryHost,
  timeoutMs: number,
  options: RegistryDataOptions,
): Promise<Probe> {
  try {
    const url = `https://${host}/v2/`;
    // Nothing is repeated, so that the cause must not be hidden by a pause that would be too long.
    const withoutPauses = { ...options, timeoutMs: Number.POSITIVE_INFINITY };
    const { status, headers, bodyAsText } = await getUnsigned(url, withoutPauses, {
      isRepeated: false,
      timeoutMs: Math.min(timeoutMs, options.timeoutMs),
    });
    const isRegistry = headers.get("docker-distribution-api-version") === "registry/2.0";
    return { status, code: status < 400 ? undefined : readEnvelope(bodyAsText ?? "").code, isRegistry };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { status: error.status, code: error.code, isRegistry: false };
  }
}
