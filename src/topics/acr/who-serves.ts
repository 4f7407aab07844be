import type { Manifest, Registry, RegistryDataPort, RegistryHost } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import { azwiseAcr } from "./az-command.ts";
import type { ImageWanted } from "./flags.ts";
import { isPremium } from "./obstacles.ts";

export interface Unknown {
  text: string;
  because: string[];
}

export interface Layer {
  repository: string;
  digest: string;
}

/** How far the way of a layer could be followed. */
export interface Followed {
  /** As it would be typed. */
  image?: string;
  digest?: string;
  /** The layer that was asked for. */
  layer?: Layer;
  /** Where the layer is. */
  host?: string;
  region?: string;
  /** Why no region can be told. */
  unknown?: Unknown;
}

export type Timed = <T>(name: string, doing: () => Promise<T>) => Promise<T>;

export interface Following {
  data: RegistryDataPort;
  at: RegistryHost & { registry: Registry };
  time: Timed;
}

/** Which region answers: an image is chosen, read, and one of its layers asked for. Nothing is downloaded. */
export async function follow(way: Following, wanted: ImageWanted | undefined): Promise<Followed> {
  const { data, at, time } = way;
  const chosen = await time("choose an image", () => choose(way, wanted));
  if (chosen === undefined) return cannotTell({}, "no repository has a tag, so there is nothing to ask for");
  const { repository, reference } = chosen;
  const image = `${repository}${reference.startsWith("sha256:") ? "@" : ":"}${reference}`;
  const manifest = await time("read its manifest", () => readImage(way, chosen));
  if (manifest === undefined) throw unknownImage(image, at);
  const { digest, blobs } = manifest;
  const [blob] = blobs;
  if (blob === undefined) return cannotTell({ image, digest }, `${image} leads to no configuration`);
  const layer = { repository, digest: blob };
  const host = await time("ask for its configuration", () => data.locateBlob(at, repository, blob));
  return { image, digest, layer, ...placeOf(at.registry, host, { image, layer }) };
}

/** What the host that clients are sent to tells of the region; undefined is a replica without the layer. */
export function placeOf(
  { dataHosts }: Registry,
  host: string | undefined,
  { image, layer }: { image: string; layer: Layer },
): Pick<Followed, "host" | "region" | "unknown"> {
  if (host === undefined) {
    const text = `the replica that answers has ${image} without its configuration ${layer.digest}`;
    return cannotTell({}, text, ["acr-geo-operations/scattered-push"]);
  }
  const region = dataHosts.find((each) => each.host === host)?.region;
  if (region !== undefined) return { host, region };
  const text = `the configuration is at ${host}, which is none of the registry's data hosts`;
  return cannotTell({ host }, text, ["azure-wire/acr-hosts-are-read"]);
}

function cannotTell(known: Followed, text: string, because: string[] = []): Followed {
  return { ...known, unknown: { text, because } };
}

/** The image that was named; a repository's newest; or the newest of the first repository that has one. */
async function choose(
  { data, at }: Following,
  wanted: ImageWanted | undefined,
): Promise<{ repository: string; reference: string } | undefined> {
  const newest = async (repository: string): Promise<string | undefined> => {
    for await (const { name } of data.listTags(at, repository)) return name;
    return undefined;
  };
  if (wanted !== undefined) {
    const { repository } = wanted;
    const reference = wanted.reference ?? (await newest(repository));
    if (reference === undefined) throw unknownImage(repository, at);
    return { repository, reference };
  }
  for await (const repository of data.listRepositories(at)) {
    const reference = await newest(repository);
    if (reference !== undefined) return { repository, reference };
  }
  return undefined;
}

/** What was asked for, with the layers of its first image where it is a list of images. */
async function readImage(
  { data, at }: Following,
  { repository, reference }: { repository: string; reference: string },
): Promise<Manifest | undefined> {
  const manifest = await data.readManifest(at, repository, reference);
  const [first] = manifest?.images ?? [];
  if (manifest === undefined || first === undefined) return manifest;
  const image = await data.readManifest(at, repository, first);
  return { ...manifest, blobs: image?.blobs ?? [] };
}

function unknownImage(image: string, { host }: RegistryHost): AppError {
  return new AppError("usage", `the replica that answers for ${host} has no ${image}`, {
    hint: "check the name, which has no host, or leave it out to take any; a fresh push may not have got there yet",
    because: ["acr-geo-operations/pull-outruns-replication"],
  });
}

export function withoutDataHosts(registry: Registry): Unknown {
  const because = [
    "acr-geo-operations/layers-from-blob-storage",
    "acr-geo-operations/layers-from-data-endpoint",
  ];
  if (registry.dataEndpoints) return { text: "the service tells no data hosts", because };
  const command = azwiseAcr("data-endpoints enable", registry);
  const how = isPremium(registry) ? `enable them with ${command}` : "they need the Premium SKU";
  const text = `dedicated data endpoints are off, so that layers come from storage accounts whose names tell no region; ${how}`;
  return { text, because };
}
