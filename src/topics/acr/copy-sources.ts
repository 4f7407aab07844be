import * as z from "zod";
import type { PlainRegistryPort } from "../../azure/plain-registry.ts";
import type { Clock } from "../../azure/ports.ts";
import type { Registry, RegistryHost } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Note } from "../../output/view.ts";
import { Region, RegistryWord } from "./flags.ts";
import { HOST, parseImageReference, type ImageReference } from "./image-reference.ts";
import { withoutHosts } from "./obstacles.ts";
import { readRegistry, type RegistryRead } from "./read.ts";
import { isCreating, regionList } from "./replicas.ts";

/** A replica, of which it is asked what it has. */
export interface Source {
  /** Its region, or its name in --replica. */
  name: string;
  /** Undefined when the service tells none. */
  at: RegistryHost | undefined;
}

/** Where copies of an image are looked for. */
export interface Sources {
  data: PlainRegistryPort;
  clock: Clock;
  /** The registry, as lags are kept of it; undefined for those of --replica, which have no name in common. */
  azure: { cloud: string; registry: Registry } | undefined;
  repository: string;
  all: Source[];
  /** Who tells at first what a tag leads to, unless --from names another one. */
  first: Source;
  notes: Note[];
}

const REPLICA = /^([a-z0-9][\w.-]{0,62})=(.+)$/i;

const ReplicaWord = z.string().transform((text, check): { name: string; host: string } => {
  const [, name = "", host = ""] = REPLICA.exec(text) ?? [];
  if (HOST.test(host) && URL.canParse(`https://${host}`)) return { name, host: host.toLowerCase() };
  check.addIssue({ code: "custom", message: "write NAME=HOST or NAME=HOST:PORT, without https://" });
  return z.NEVER;
});

const Regions = z
  .string()
  .transform((text) => [...new Set(text.split(",").map((word) => word.trim()))])
  .pipe(z.array(Region))
  .transform((words) => (words.length === 1 && words[0] === "all" ? undefined : words));

/** What the verbs about copies have in common. */
export const COPIES = {
  image: z.string().transform((text, check): ImageReference => {
    const reference = parseImageReference(text);
    if (reference) return reference;
    check.addIssue({ code: "custom", message: `"${text}" is no image reference` });
    return z.NEVER;
  }),
  regions: Regions.optional(),
  replica: z.array(ReplicaWord).default([]),
};
const Copies = z.object(COPIES);
type Copies = z.infer<typeof Copies>;

/** Says what does not go together. */
export function checkCopies({ image, regions, replica }: Copies, check: z.RefinementCtx): void {
  const wrong = (key: string, message: string): void =>
    check.addIssue({ code: "custom", path: [key], message });
  if (replica.length === 0) return;
  if (regions !== undefined) wrong("regions", "goes with Azure's regions; --replica names what is asked");
  if (image.host !== undefined) wrong("image", "has no host where --replica names the hosts");
  const names = new Set(replica.map(({ name }) => name.toLowerCase()));
  if (names.size < replica.length) wrong("replica", "each has a name of its own");
}

export const COPY_FLAGS = [
  {
    flag: "--regions <regions>",
    summary: "all (default), or regions separated by commas",
    once: true as const,
  },
  {
    flag: "--replica <name=host>",
    summary: "ask this registry, outside of Azure and without signing in; repeatable",
    repeat: true,
  },
];

/** The replicas of an image; throws AppError "usage" for those that cannot be. */
export async function readSources(input: Copies, ctx: Context): Promise<Sources> {
  return input.replica.length > 0 ? plainSources(input, ctx) : azureSources(input, ctx);
}

async function plainSources({ image, replica }: Copies, ctx: Context): Promise<Sources> {
  const { data, clock } = await ctx.plainRegistries();
  const all = replica.map(({ name, host }) => ({
    name,
    at: { registry: { loginServer: host, regionalHosts: [] }, host },
  }));
  const [first] = all;
  if (!first) throw new Error("no replica was given");
  return { data, clock, azure: undefined, repository: image.path, all, first, notes: [] };
}

async function azureSources({ image, regions }: Copies, ctx: Context): Promise<Sources> {
  const { word, repository } = splitRegistry(image);
  const read = await readRegistry(word, ctx);
  const { registry } = read;
  if (registry.regionalHosts.length === 0) throw withoutHosts(registry);
  const { registryData: data, clock, target } = await ctx.azure();
  const { all, notes } = chooseRegions(read, regions);
  const first = { name: "the global endpoint", at: { registry, host: registry.loginServer } };
  return { data, clock, azure: { cloud: target.cloud, registry }, repository, all, first, notes };
}

/** A registry's name has no dot, so that Docker's grammar takes it for a part of the path. */
function splitRegistry({ host, port, path, ...which }: ImageReference): { word: string; repository: string } {
  const [first = "", ...rest] = path.split("/");
  const word = host ?? first;
  const repository = host === undefined ? rest.join("/") : path;
  const isUsable = repository !== "" && (port === "" || port === ":443");
  if (isUsable && RegistryWord.safeParse(word).success) return { word, repository };
  const form = (which.tag ?? which.digest) === undefined ? "HOST/REPO:TAG or HOST/REPO" : "HOST/REPO:TAG";
  throw new AppError("usage", "the image does not begin with a registry", {
    hint: `write ${form}, where HOST is a registry's name or one of its hosts; others go with --replica NAME=HOST`,
  });
}

/** Replicas that were named, or all that are there; one that is still created holds nothing yet. */
function chooseRegions(
  { registry, replicas }: RegistryRead,
  named: readonly string[] | undefined,
): Pick<Sources, "all" | "notes"> {
  const creating = replicas.filter(isCreating);
  const ready = replicas.filter((each) => !isCreating(each)).map(({ region }) => region);
  const hosted = registry.regionalHosts
    .map(({ region }) => region)
    .filter((region) => !creating.some((each) => each.region === region));
  const known = [...new Set([...ready, ...hosted])];
  const wrong = named?.find((region) => !known.includes(region));
  if (wrong !== undefined) {
    const isNew = creating.some(({ region }) => region === wrong);
    const what = isNew
      ? `the replica in ${wrong} is still being created`
      : `registry ${registry.name} has no replica in ${wrong}`;
    throw new AppError("usage", what, { hint: `use --regions with any of ${known.join(",")}, or all` });
  }
  const all = (named ?? known).map((region): Source => {
    const host = registry.regionalHosts.find((each) => each.region === region)?.host;
    return { name: region, at: host === undefined ? undefined : { registry, host } };
  });
  const isLeftOut = named === undefined && creating.length > 0;
  const text = `left out, as it is still being created: ${regionList(creating)}`;
  return { all, notes: isLeftOut ? [{ level: "warning", text }] : [] };
}

export const NO_HOST = "the service tells no regional host there";
