import { dig, type Call, type Refusal, type Reply } from "../http.ts";
import type { Registry } from "../bodies.ts";
import { contentOf, type Repository } from "./content.ts";
import { findDataHost, hostOf, layerHost, type DataHost } from "./data-hosts.ts";
import { exchange, issueAccess, refuseData, requireScope, requireToken } from "./data-tokens.ts";

interface Place {
  call: Call;
  registry: Registry;
  /** The replica that answers. */
  region: string;
}

const WINDOW_MS = 60_000;

/** What a registry's own hosts answer. */
export function answerData(call: Call): Reply {
  const host = findDataHost(call);
  // Nobody gets here: names that do not resolve are lost before.
  if (!host) throw new Error(`no such host: ${hostOf(call)}`);
  const { registry, region, kind } = host;
  if (region === undefined) return frontDoor();
  if (kind === "layers") return download({ call, registry, region });
  requireNetwork(call, host);
  countRequest(call, registry, region);
  return answerRegistry({ call, registry, region });
}

/** The front door has no JSON. */
function frontDoor(): Reply {
  const text = "Our services aren't available right now. Ref A: 0 Ref B: 0 Ref C: 0";
  return { status: 503, raw: { contentType: "text/plain", text } };
}

/** Whoever sits beside a private endpoint comes from no address of the internet. */
function requireNetwork(call: Call, { registry }: DataHost): void {
  const { clientIsPrivate, clientAddress } = call.state.world.settings;
  const { privateEndpointConnections, publicNetworkAccess, networkRuleSet } = registry.properties;
  if (clientIsPrivate && privateEndpointConnections.length > 0) return;
  const rules = dig(networkRuleSet, "ipRules");
  const addresses = Array.isArray(rules) ? rules.map((each) => String(dig(each, "value"))) : [];
  const isOpen = dig(networkRuleSet, "defaultAction") !== "Deny";
  const isNamed = addresses.some((range) => isInRange(clientAddress, range));
  if (publicNetworkAccess !== "Disabled" && (isOpen || isNamed)) return;
  const message = `client with IP '${clientAddress}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`;
  throw refuseData(403, { code: "DENIED", message });
}

function isInRange(address: string, range: string): boolean {
  const [network = "", length = "32"] = range.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size);
}

function numberOf(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

/** Each replica throttles for itself, and does not say for how long. */
function countRequest({ state }: Call, registry: Registry, region: string): void {
  const key = `${registry.id} ${region}`.toLowerCase();
  const now = state.now().getTime();
  const recent = (state.replicaRequests.get(key) ?? []).filter((time) => time + WINDOW_MS > now);
  state.replicaRequests.set(key, recent);
  if (recent.length >= state.world.settings.replicaRequestsPerMinute) throw tooMany();
  recent.push(now);
}

export function tooMany(headers: Record<string, string> = {}): Refusal {
  const message =
    "Too many requests. Please visit https://aka.ms/acr/skus#sku-feature-matrix for more information.";
  return refuseData(429, { code: "TOOMANYREQUESTS", message }, headers);
}

type Answer = (place: Place, name: string, reference: string) => Reply;

/** Repositories have slashes in their names. */
const ROUTES: readonly { methods: string[]; path: RegExp; answer: Answer }[] = [
  { methods: ["GET"], path: /^\/v2$/, answer: ping },
  {
    methods: ["POST"],
    path: /^\/oauth2\/exchange$/,
    answer: ({ call, registry }) => exchange(call, registry),
  },
  {
    methods: ["GET", "POST"],
    path: /^\/oauth2\/token$/,
    answer: ({ call, registry }) => issueAccess(call, registry),
  },
  { methods: ["GET"], path: /^\/(?:v2|acr\/v1)\/_catalog$/, answer: listRepositories },
  { methods: ["GET"], path: /^\/acr\/v1\/(.+)\/_tags$/, answer: listTags },
  { methods: ["GET"], path: /^\/acr\/v1\/(.+)\/_tags\/([^/]+)$/, answer: getTag },
  { methods: ["GET", "HEAD"], path: /^\/v2\/(.+)\/manifests\/([^/]+)$/, answer: readManifest },
  { methods: ["GET", "HEAD"], path: /^\/v2\/(.+)\/blobs\/([^/]+)$/, answer: redirectToLayer },
];

function answerRegistry(place: Place): Reply {
  const { path, method } = place.call;
  for (const route of ROUTES) {
    const match = route.path.exec(path);
    if (match && route.methods.includes(method)) return route.answer(place, match[1] ?? "", match[2] ?? "");
  }
  return { status: 404, raw: { contentType: "text/plain", text: "404 page not found" } };
}

function ping({ call, registry }: Place): Reply {
  requireToken(call, registry);
  return { status: 200, body: {} };
}

function contents({ call, registry, region }: Place): Map<string, Repository> {
  return contentOf(call.state.world, registry, { region, now: call.state.now() });
}

function listRepositories(place: Place): Reply {
  const { call, registry } = place;
  requireScope(call, registry, "registry:catalog:*");
  const names = [...contents(place).keys()];
  const { shown, headers } = page(call, names, (name) => name);
  return { status: 200, headers, body: { repositories: names.length === 0 ? null : shown } };
}

/** A page by `n` and `last`; the next one is a relative address. */
function page<T>(
  { query, path }: Call,
  items: readonly T[],
  nameOf: (item: T) => string,
): { shown: T[]; headers: Record<string, string> } {
  const { n = "100", last } = query;
  const start = last === undefined ? 0 : items.findIndex((each) => nameOf(each) === last) + 1;
  const shown = items.slice(start, start + Number(n));
  const end = shown.at(-1);
  if (end === undefined || start + shown.length >= items.length) return { shown, headers: {} };
  const { orderby = "" } = query;
  const next = `${path}?last=${encodeURIComponent(nameOf(end))}&n=${n}&orderby=${orderby}`;
  return { shown, headers: { link: `<${next}>; rel="next"` } };
}

function listTags(place: Place, name: string): Reply {
  const { call, registry } = place;
  requireScope(call, registry, `repository:${name}:metadata_read`);
  const tags = [...requireRepository(place, name).tags.values()];
  const isNewestFirst = call.query["orderby"] === "timedesc";
  tags.sort((left, right) =>
    isNewestFirst
      ? Date.parse(right.lastUpdateTime) - Date.parse(left.lastUpdateTime)
      : left.name.localeCompare(right.name),
  );
  const { shown, headers } = page(call, tags, (tag) => tag.name);
  const body = {
    registry: registry.properties.loginServer,
    imageName: name,
    tags: shown.map((tag) => ({ ...tag, signed: false })),
  };
  return { status: 200, headers, body };
}

function getTag(place: Place, name: string, reference: string): Reply {
  const { call, registry } = place;
  requireScope(call, registry, `repository:${name}:metadata_read`);
  const tag = requireRepository(place, name).tags.get(reference);
  if (!tag) {
    const message = "the specified tag does not exist";
    throw refuseData(404, { code: "TAG_UNKNOWN", message, detail: { name: reference } });
  }
  const { loginServer } = registry.properties;
  return { status: 200, body: { registry: loginServer, imageName: name, tag: { ...tag, signed: false } } };
}

function requireRepository(place: Place, name: string): Repository {
  const repository = contents(place).get(name);
  if (repository) return repository;
  const message = "repository name not known to registry";
  throw refuseData(404, { code: "NAME_UNKNOWN", message, detail: { name } });
}

function readManifest(place: Place, name: string, reference: string): Reply {
  const { call, registry } = place;
  requireScope(call, registry, `repository:${name}:pull`);
  try {
    const { tags, manifests } = requireRepository(place, name);
    const manifest = manifests.get(tags.get(reference)?.digest ?? reference);
    if (!manifest) throw unknownManifest(reference, `manifest tagged by "${reference}" is not found`);
    const { digest, mediaType, text } = manifest;
    if (!accepts(call, mediaType)) {
      throw unknownManifest(reference, `manifest found, but accept header does not support ${mediaType}`);
    }
    const headers = { "docker-content-digest": digest, etag: `"${digest}"` };
    return {
      status: 200,
      headers,
      raw: { contentType: mediaType, text: call.method === "HEAD" ? "" : text },
    };
  } catch (error) {
    const status = dig(error, "reply", "status");
    // The answer to HEAD has no body, so that nobody is told what is missing.
    if (call.method === "HEAD" && status === 404) return { status: 404 };
    throw error;
  }
}

function unknownManifest(reference: string, message: string): Error {
  return refuseData(404, { code: "MANIFEST_UNKNOWN", message, detail: { Tag: reference } });
}

function accepts({ headers }: Call, mediaType: string): boolean {
  const wanted = (headers["accept"] ?? "").split(",").map((each) => each.split(";")[0]?.trim());
  return wanted.includes(mediaType) || wanted.includes("*/*");
}

const LINK_LIFETIME_MS = 20 * 60_000;

/** Layers are never answered by the registry itself: they are in the storage of the replica that answers. */
function redirectToLayer(place: Place, name: string, digest: string): Reply {
  const { call, registry, region } = place;
  requireScope(call, registry, `repository:${name}:pull`);
  if (!contents(place).get(name)?.blobs.has(digest)) {
    if (call.method === "HEAD") return { status: 404 };
    requireRepository(place, name);
    throw refuseData(404, { code: "BLOB_UNKNOWN", message: "blob unknown to registry", detail: { digest } });
  }
  const hex = digest.replace("sha256:", "");
  const end = new Date(call.state.now().getTime() + LINK_LIFETIME_MS).toISOString();
  const path = `/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
  const query = `se=${encodeURIComponent(end)}&sig=${encodeURIComponent(`sandbox ${hex.slice(0, 20)}`)}&sp=r`;
  const location = `https://${layerHost(registry, region)}${path}?${query}`;
  return { status: 307, headers: { location, "docker-content-digest": digest } };
}

/** Storage takes a signed link and refuses a token beside it. */
function download(place: Place): Reply {
  const { call } = place;
  if (call.headers["authorization"] !== undefined) {
    return storageError(400, "InvalidAuthenticationInfo");
  }
  const { sig, se = "" } = call.query;
  const isSigned = sig !== undefined && Date.parse(se) > call.state.now().getTime();
  if (!isSigned) return storageError(403, "AuthenticationFailed");
  const digest = `sha256:${call.path.split("/").at(-2)}`;
  const text = [...contents(place).values()]
    .map(({ blobs }) => blobs.get(digest))
    .find((each) => each !== undefined);
  if (text === undefined) return storageError(404, "BlobNotFound");
  return { status: 200, raw: { contentType: "application/octet-stream", text } };
}

function storageError(status: number, code: string): Reply {
  const text = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`;
  return { status, raw: { contentType: "application/xml", text } };
}
