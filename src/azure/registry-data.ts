import {
  createHttpHeaders,
  proxyPolicy,
  type Pipeline,
  type PipelineRequestOptions,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { JsonObject } from "../json.ts";
import { asObject, objectsIn } from "./arm.ts";
import { AzureError } from "./azure-error.ts";
import type { RunCredential } from "./cached-credential.ts";
import { readEnd } from "./claims.ts";
import type { RunOptions } from "./connect.ts";
import { httpClientFor } from "./pipeline.ts";
import { allowHostsPolicy } from "./policies.ts";
import type { ImageTag, Probe, RegistryDataPort, RegistryHost, RegistrySignIn } from "./registry-ports.ts";
import { createReadPipeline, pages, readsBy, requestTo, text, texts, type Send } from "./registry-reads.ts";
import { bodyOf, createRegistryTokens, readChallenge } from "./registry-tokens.ts";
import { readEnvelope } from "./service-error.ts";
import { getUnsigned } from "./unsigned.ts";

export interface RegistryDataOptions extends RunOptions {
  credential: RunCredential;
  /** Of the Microsoft Entra tokens that registries exchange. */
  scope: string;
  tenantId: string;
}

/** Reads of a registry's own hosts; see RegistryDataPort. Nothing is changed by any of these requests. */
export function createRegistryData(options: RegistryDataOptions): RegistryDataPort {
  const { send, signIn } = createRequests(options);
  return {
    ...readsBy(send),
    async *listRepositories(at) {
      const ask = { at, path: "/acr/v1/_catalog?n=100", scope: "registry:catalog:*" };
      for await (const body of pages(ask, send)) yield* texts(body["repositories"]);
    },
    async *listTags(at, repository) {
      const path = `/acr/v1/${repository}/_tags?n=100&orderby=timedesc`;
      const ask = { at, path, scope: `repository:${repository}:metadata_read` };
      for await (const body of pages(ask, send)) yield* objectsIn(body["tags"]).map(toTag);
    },
    async readTag(at, repository, tag) {
      const path = `/acr/v1/${repository}/_tags/${tag}`;
      const scope = `repository:${repository}:metadata_read`;
      const response = await send({ at, method: "GET", path, scope });
      return response.status === 404 ? undefined : toTag(asObject(bodyOf(response)["tag"] ?? {}));
    },
    signIn,
    probe: (at, timeoutMs) => probe(at, timeoutMs, options),
  };
}

function toTag({ name, lastUpdateTime, changeableAttributes }: JsonObject): ImageTag {
  const { deleteEnabled, writeEnabled, readEnabled, listEnabled } = asObject(changeableAttributes ?? {});
  const told = { delete: deleteEnabled, write: writeEnabled, read: readEnabled, list: listEnabled };
  const locks = Object.entries(told).filter(([, value]) => typeof value === "boolean");
  return { name: text(name), updated: text(lastUpdateTime) || undefined, locks: Object.fromEntries(locks) };
}

/** Asks without a token at first, and once more with the one that the challenge leads to. */
function createRequests(options: RegistryDataOptions): { send: Send; signIn: RegistryDataPort["signIn"] } {
  const httpClient = httpClientFor(options);
  const sendTo = (at: RegistryHost, request: PipelineRequestOptions) =>
    pipelineFor(at, options).sendRequest(httpClient, requestTo(at, request));
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
      // Without the header Node's own agent keeps a connection, whatever the SDK is told.
      const alone = at.afresh === undefined ? {} : { connection: "close" };
      const headers = createHttpHeaders({ accept, ...alone, ...signed });
      const disableKeepAlive = at.afresh !== undefined;
      return sendTo(at, { method, url: `https://${at.host}${path}`, headers, disableKeepAlive });
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
function pipelineFor({ registry, afresh }: RegistryHost, options: RegistryDataOptions): Pipeline {
  const hosts = [registry.loginServer, ...registry.regionalHosts.map(({ host }) => host)];
  const pipeline = createReadPipeline(options, afresh?.patienceMs);
  pipeline.addPolicy(allowHostsPolicy(hosts));
  pipeline.addPolicy(proxyPolicy());
  return pipeline;
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
