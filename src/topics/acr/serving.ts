import * as z from "zod";
import type { Manifest, Registry, RegistryDataPort, RegistryHost } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { azwiseAcr } from "./az-command.ts";
import { findRegistry } from "./find-registry.ts";
import { ImageWord, RegistryWord, type ImageWanted } from "./flags.ts";
import { viewServing } from "./serving-view.ts";

const ServingInput = z.object({ registry: RegistryWord, image: ImageWord.optional() });
type ServingInput = z.infer<typeof ServingInput>;

export interface Step {
  name: string;
  ms: number;
}

export interface Unknown {
  text: string;
  because: string[];
}

/** How far the way of a layer could be followed. */
interface Followed {
  /** As it would be typed. */
  image?: string;
  digest?: string;
  /** Where the layer is. */
  host?: string;
  region?: string;
  /** Why no region can be told. */
  unknown?: Unknown;
}

export interface ServingResult extends Followed {
  registry: Registry;
  steps: Step[];
}

async function runServing({ registry: wanted, image }: ServingInput, ctx: Context): Promise<ServingResult> {
  const registry = await findRegistry(wanted, ctx);
  if (registry.dataHosts.length === 0) return { registry, steps: [], unknown: withoutDataHosts(registry) };
  const { registryData: data, clock } = await ctx.azure();
  const steps: Step[] = [];
  const time: Timed = async (name, doing) => {
    const start = clock.now().getTime();
    ctx.progress(name);
    const value = await doing();
    steps.push({ name, ms: clock.now().getTime() - start });
    return value;
  };
  const at = { registry, host: registry.loginServer };
  return { registry, steps, ...(await follow({ data, at, time }, image)) };
}

type Timed = <T>(name: string, doing: () => Promise<T>) => Promise<T>;

interface Following {
  data: RegistryDataPort;
  at: RegistryHost & { registry: Registry };
  time: Timed;
}

async function follow(way: Following, wanted: ImageWanted | undefined): Promise<Followed> {
  const { data, at, time } = way;
  const chosen = await time("choose an image", () => choose(way, wanted));
  if (chosen === undefined) return cannotTell({}, "no repository has a tag, so there is no layer to ask for");
  const { repository, reference } = chosen;
  const image = `${repository}${reference.startsWith("sha256:") ? "@" : ":"}${reference}`;
  const manifest = await time("read its manifest", () => readImage(way, chosen));
  if (manifest === undefined) throw unknownImage(image, at);
  const { digest, blobs } = manifest;
  const [blob] = blobs;
  if (blob === undefined) return cannotTell({ image, digest }, `${image} leads to no layer`);
  const host = await time("ask for a layer", () => data.locateBlob(at, repository, blob));
  if (host === undefined) {
    const text = `the replica that answers has ${image} without its layer ${blob}`;
    return cannotTell({ image, digest }, text, ["acr-geo-operations/scattered-push"]);
  }
  const region = at.registry.dataHosts.find((each) => each.host === host)?.region;
  if (region !== undefined) return { image, digest, host, region };
  const text = `the layer is at ${host}, which is none of the registry's data hosts`;
  return cannotTell({ image, digest, host }, text, ["azure-wire/acr-hosts-are-read"]);
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

function withoutDataHosts(registry: Registry): Unknown {
  const because = [
    "acr-geo-operations/layers-from-blob-storage",
    "acr-geo-operations/layers-from-data-endpoint",
  ];
  if (registry.dataEndpoints) return { text: "the service tells no data hosts", because };
  const command = azwiseAcr("data-endpoints enable", registry);
  const isPremium = registry.sku.toLowerCase() === "premium";
  const how = isPremium ? `enable them with ${command}` : "they need the Premium SKU";
  const text = `dedicated data endpoints are off, so that layers come from storage accounts whose names tell no region; ${how}`;
  return { text, because };
}

export const serving = verb({
  name: "serving",
  summary: "Which region answers the global endpoint right now",
  args: ["<registry>", "[image]"],
  examples: ["acr serving shopregistry", "acr serving shopregistry shop/web:1.4.2"],
  flags: [],
  details: `
IMAGE is REPO, REPO:TAG or REPO@sha256:…; without it any image is taken. A layer is asked for, and the region is
read from the data host that the registry sends clients to. Nothing is downloaded.
Exits 6 when it cannot be told, for example because dedicated data endpoints are off.`,
  input: ServingInput,
  run: runServing,
  view: viewServing,
});
