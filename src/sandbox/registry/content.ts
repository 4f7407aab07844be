import { createHash } from "node:crypto";
import { keyOf } from "../ids.ts";
import type { Change, World } from "../world.ts";
import type { Registry } from "../bodies.ts";

export interface Manifest {
  digest: string;
  mediaType: string;
  text: string;
}

export interface Tag {
  name: string;
  digest: string;
  createdTime: string;
  lastUpdateTime: string;
  changeableAttributes: Locks;
}

type Locks = Record<"deleteEnabled" | "writeEnabled" | "readEnabled" | "listEnabled", boolean>;
type Push = Extract<Change, { kind: "push" }>;

export interface Repository {
  tags: Map<string, Tag>;
  /** By digest. */
  manifests: Map<string, Manifest>;
  /** Text by digest. */
  blobs: Map<string, string>;
}

/** Where a world says nothing else. */
const USUAL_DELAY_MS = 30_000;

/** What one replica holds at a time: what was done there, and what it has heard of the others by then. */
export function contentOf(
  world: World,
  registry: Registry,
  { region, now }: { region: string; now: Date },
): Map<string, Repository> {
  const { delays = {}, changes = [] } = world.images[keyOf(registry.id)] ?? {};
  const delayMs = delays[region] ?? USUAL_DELAY_MS;
  const isHere: IsHere = ({ time, region: from, lostTo = [] }) =>
    !lostTo.includes(region) && Date.parse(time) + (from === region ? 0 : delayMs) <= now.getTime();
  const repositories = new Map<string, Repository>();
  const byTime = [...changes].sort((left, right) => Date.parse(left.time) - Date.parse(right.time));
  for (const change of byTime) {
    const known = repositories.get(change.repository);
    const repository = known ?? { tags: new Map(), manifests: new Map(), blobs: new Map() };
    if (change.kind === "push") addLayers(repository, change, isHere);
    if (isHere(change)) apply(repository, change);
    repositories.set(change.repository, repository);
  }
  return new Map([...repositories].filter(([, { manifests }]) => manifests.size > 0).sort(byName));
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}

/** Whether what was done in one region, or was uploaded there, is known in the region that is asked. */
type IsHere = (news: Pick<Change, "time" | "region" | "lostTo">) => boolean;

/** A layer comes from where it was uploaded, whatever the way of its manifest. */
function addLayers({ blobs }: Repository, { layers, time, region, lostTo }: Push, isHere: IsHere): void {
  for (const { text, region: from = region, lostTo: ownLostTo = lostTo } of layers) {
    if (isHere({ time, region: from, lostTo: ownLostTo })) blobs.set(digestOf(text), text);
  }
}

function apply(repository: Repository, change: Change): void {
  if (change.kind === "push") push(repository, change);
  else if (change.kind === "delete") remove(repository, change);
  else {
    const tag = repository.tags.get(change.tag);
    const given = Object.entries(change.locks).filter(([, value]) => value !== undefined);
    if (tag) Object.assign(tag.changeableAttributes, Object.fromEntries(given));
  }
}

function push({ tags, manifests, blobs }: Repository, change: Push): void {
  const { tag: name, time } = change;
  const { top, children, configs } = manifestsOf(change);
  for (const each of [top, ...children]) manifests.set(each.digest, each);
  for (const text of configs) blobs.set(digestOf(text), text);
  if (name === undefined) return;
  const before = tags.get(name);
  tags.set(name, {
    name,
    digest: top.digest,
    createdTime: before?.createdTime ?? time,
    lastUpdateTime: time,
    changeableAttributes: before?.changeableAttributes ?? {
      deleteEnabled: true,
      writeEnabled: true,
      readEnabled: true,
      listEnabled: true,
    },
  });
}

function remove(
  { tags, manifests }: Repository,
  { tag, digest }: { tag?: string | undefined; digest?: string | undefined },
): void {
  if (tag !== undefined) tags.delete(tag);
  if (digest === undefined) return;
  manifests.delete(digest);
  for (const each of tags.values()) if (each.digest === digest) tags.delete(each.name);
}

const OCI = "application/vnd.oci.image";

interface Pushed {
  /** What the tag leads to. */
  top: Manifest;
  children: Manifest[];
  configs: string[];
}

/** The manifests that a push writes; digests are of what is really answered. */
export function manifestsOf({ layers, platforms }: Pick<Push, "layers" | "platforms">): Pushed {
  const texts = layers.map(({ text }) => text);
  const configs = (platforms ?? ["amd64"]).map((architecture) =>
    JSON.stringify({ architecture, os: "linux", rootfs: { type: "layers", diff_ids: texts.map(digestOf) } }),
  );
  const images = configs.map((config) =>
    manifest(`${OCI}.manifest.v1+json`, {
      config: describe(`${OCI}.config.v1+json`, config),
      layers: texts.map((text) => describe(`${OCI}.layer.v1.tar+gzip`, text)),
    }),
  );
  const [only] = images;
  if (platforms === undefined && only) return { top: only, children: [], configs };
  const manifests = images.map(({ mediaType, text }, index) => ({
    ...describe(mediaType, text),
    platform: { architecture: platforms?.[index], os: "linux" },
  }));
  return { top: manifest(`${OCI}.index.v1+json`, { manifests }), children: images, configs };
}

function manifest(mediaType: string, body: object): Manifest {
  const text = JSON.stringify({ schemaVersion: 2, mediaType, ...body });
  return { digest: digestOf(text), mediaType, text };
}

function describe(mediaType: string, text: string): object {
  return { mediaType, digest: digestOf(text), size: Buffer.byteLength(text) };
}

export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
