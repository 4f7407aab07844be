import * as z from "zod";
import { AzureError } from "../../azure/azure-error.ts";
import { OTHER_BYTES, UNKNOWN_KIND } from "../../azure/registry-manifest.ts";
import type { ImageTag } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { azwiseAcr } from "./az-command.ts";
import { isNowhere, mergeTags, type Compared, type CompareLook } from "./compare-verdict.ts";
import { viewCompare } from "./compare-view.ts";
import { createCopyReader } from "./copies.ts";
import {
  checkCopies,
  COPIES,
  COPY_FLAGS,
  NO_HOST,
  readSources,
  type Source,
  type Sources,
} from "./copy-sources.ts";

const Top = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, "a whole number from 1 to 999")
  .transform(Number);

const CompareInput = z.object({ ...COPIES, top: Top.optional() }).superRefine((input, check) => {
  checkCopies(input, check);
  const { tag, digest } = input.image;
  const wrong = (key: string, message: string): void =>
    check.addIssue({ code: "custom", path: [key], message });
  if (tag !== undefined && digest !== undefined) wrong("image", "name a tag or a digest, not both");
  if (input.top !== undefined && (tag ?? digest) !== undefined) wrong("top", "goes with a repository alone");
});
type CompareInput = z.infer<typeof CompareInput>;

const USUAL_TOP = 10;

export interface CompareResult {
  sources: Sources;
  compared: Compared[];
  /** More tags were there than were compared. */
  isCut: boolean;
}

async function runCompare({ top = USUAL_TOP, ...input }: CompareInput, ctx: Context): Promise<CompareResult> {
  const sources = await readSources(input, ctx);
  requireTwo(sources);
  const { tag, digest } = input.image;
  const reference = tag ?? digest;
  const lists = await Promise.all(
    sources.all.map(async (source) => (reference === undefined ? listTags(source, sources, top) : [])),
  );
  const told = lists.map((list) => (Array.isArray(list) ? list : []));
  const names = reference === undefined ? mergeTags(told, top) : [reference];
  const looked = await Promise.all(
    sources.all.map(async (source, index) => {
      const list = lists[index] ?? [];
      return Array.isArray(list) ? lookAt(source, { sources, names, list }, ctx) : names.map(() => list);
    }),
  );
  const compared = names.map((name, row): Compared => {
    const looks = sources.all.map((source, index): [string, CompareLook] => [
      source.name,
      looked[index]?.[row] ?? { unknown: NO_HOST },
    ]);
    return { reference: name, looks };
  });
  requireSome(compared, lists, sources);
  return { sources, compared, isCut: mergeTags(told, Number.POSITIVE_INFINITY).length > names.length };
}

/** Throws AppError "usage" for a single replica, which would be the same as itself. */
function requireTwo({ all, azure }: Sources): void {
  if (all.length > 1) return;
  throw new AppError("usage", "one replica has nothing to be compared with", {
    hint: azure
      ? `see which there are: ${azwiseAcr("show", azure.registry)}`
      : "give --replica NAME=HOST twice or more",
  });
}

type Unasked = Extract<CompareLook, { unknown: string }>;

/** One more than is wanted, to know whether there are more. */
async function listTags(
  { at }: Source,
  { data, repository }: Sources,
  top: number,
): Promise<ImageTag[] | Unasked> {
  if (at === undefined) return { unknown: NO_HOST };
  const tags: ImageTag[] = [];
  try {
    for await (const tag of data.listTags(at, repository)) if (tags.push(tag) > top) break;
    return tags;
  } catch (error) {
    return unasked(error);
  }
}

function unasked(error: unknown): Unasked {
  if (!(error instanceof AppError) || error.kind === "interrupted") throw error;
  return { unknown: error.message };
}

/** The replica answers, and the next tag may be as good as any. */
function isAboutManifest(error: unknown): boolean {
  return error instanceof AppError && [OTHER_BYTES, UNKNOWN_KIND].includes(error.code ?? "");
}

/** What one replica has of all these, one after the other: layers that several share are asked for once. */
async function lookAt(
  { at, name: replica }: Source,
  { sources, names, list }: { sources: Sources; names: readonly string[]; list: readonly ImageTag[] },
  ctx: Context,
): Promise<CompareLook[]> {
  const { data, repository } = sources;
  if (at === undefined) return names.map(() => ({ unknown: NO_HOST }));
  const reader = createCopyReader(data, { at, repository, concurrency: ctx.concurrency });
  const looks: CompareLook[] = [];
  for (const name of names) {
    ctx.progress(`asking ${replica} for ${name}`);
    try {
      const copy = await reader.read(name);
      const isTag = copy.digest !== undefined && !name.includes(":");
      const listed = list.find((each) => each.name === name);
      const tag = isTag ? (listed ?? (await data.readTag(at, repository, name))) : undefined;
      looks.push({ copy, locks: tag?.locks });
    } catch (error) {
      const why = unasked(error);
      if (!isAboutManifest(error) && isOfReplica(error)) return names.map((_, index) => looks[index] ?? why);
      looks.push(why);
    }
  }
  return looks;
}

/** Whether it goes wrong for the next tag as well: nobody is let in, or nobody answers. */
function isOfReplica(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const isUnanswered = error instanceof AzureError && error.status === undefined;
  return error.kind === "auth" || error.kind === "timeout" || isUnanswered;
}

/** Throws AppError "usage" when all replicas were asked and none has it. */
function requireSome(
  compared: readonly Compared[],
  lists: readonly (readonly ImageTag[] | Unasked)[],
  { repository }: Sources,
): void {
  const hint = "check the name; a fresh push may not have got to any replica that was asked";
  const [only] = compared;
  if (compared.length === 1 && only && isNowhere(only)) {
    const { reference } = only;
    const image = `${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
    throw new AppError("usage", `no replica has ${image}`, { hint });
  }
  if (compared.length > 0) return;
  const failed = lists.find((each): each is Unasked => "unknown" in each);
  if (failed === undefined) throw new AppError("usage", `no replica has a tag of ${repository}`, { hint });
  throw new AppError("partial", `no replica told a tag of ${repository}: ${failed.unknown}`, {
    hint: "name one with its tag, or try again",
  });
}

export const compare = verb({
  name: "compare",
  summary: "What each replica has of an image or a repository, side by side",
  args: ["<image>"],
  examples: [
    "acr compare shopregistry/shop/web",
    "acr compare shopregistry.azurecr.io/shop/web:1.4.2 --regions westeurope,northeurope",
    "acr compare shop/web --replica a=127.0.0.1:5000 --replica b=registry.example.com",
  ],
  flags: [
    ...COPY_FLAGS,
    {
      flag: "--top <n>",
      summary: `of a repository, so many tags, the newest first (default ${USUAL_TOP})`,
      once: true,
    },
  ],
  details: `
IMAGE is HOST/REPO, HOST/REPO:TAG or HOST/REPO@sha256:…, where HOST is a registry's name or one of its hosts; with
--replica it has none. It takes two replicas or more. Each one is looked at once; nothing is downloaded.
Anything but the same everywhere exits 3, otherwise a replica that cannot be asked 6.`,
  input: CompareInput,
  run: runCompare,
  view: viewCompare,
});
