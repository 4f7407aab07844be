import pLimit from "p-limit";
import type { PlainRegistryPort } from "../../azure/plain-registry.ts";
import type { Manifest, RegistryHost } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";

/** What one replica has of an image. */
export interface Copy {
  /** What the tag or digest that was asked for leads to; undefined when it is not there. */
  digest: string | undefined;
  /** What belongs to it and is not there. */
  missing: Missing[];
}

export interface Missing {
  kind: "manifest" | "blob";
  digest: string;
}

export interface CopyReader {
  /** By tag or digest. What was there once is not asked for again. Throws AppError when the replica cannot be asked. */
  read(reference: string): Promise<Copy>;
}

/** A repository at one replica; nothing is downloaded but manifests. */
interface Place {
  at: RegistryHost;
  repository: string;
  /** Most requests under way at once. */
  concurrency: number;
}

/** Lists of images are in lists seldom; a digest cannot lead back to itself, but a host may say so. */
const DEEPEST = 4;

/** Reads the copies of a repository's images at one replica. */
export function createCopyReader(
  data: PlainRegistryPort,
  { at, repository, concurrency }: Place,
): CopyReader {
  const limit = pLimit(concurrency);
  /** Manifests with all below them, and blobs. */
  const complete = new Set<string>();

  /** What lacks below a manifest; each blob is asked for once in a look. */
  const createLook = (): { below(manifest: Manifest, depth?: number): Promise<Missing[]> } => {
    const asked = new Map<string, Promise<Missing[]>>();
    const blob = async (digest: string): Promise<Missing[]> =>
      remember(
        digest,
        (await limit(() => data.hasBlob(at, repository, digest))) ? [] : [{ kind: "blob", digest }],
      );
    const blobOnce = (digest: string): Promise<Missing[]> => {
      const found = asked.get(digest) ?? blob(digest);
      asked.set(digest, found);
      return found;
    };
    const image = async (digest: string, depth: number): Promise<Missing[]> => {
      const manifest = await limit(() => data.readManifest(at, repository, digest));
      if (manifest === undefined) return [{ kind: "manifest", digest }];
      return remember(digest, await below(manifest, depth));
    };
    const below = async ({ images, blobs }: Manifest, depth = 0): Promise<Missing[]> => {
      if (depth > DEEPEST) throw new AppError("failed", `${at.host} answers lists of lists without end`);
      const parts = [
        ...images.filter(isOpen).map((digest) => image(digest, depth + 1)),
        ...blobs.filter(isOpen).map(blobOnce),
      ];
      return unique((await Promise.all(parts)).flat());
    };
    return { below };
  };

  const isOpen = (digest: string): boolean => !complete.has(digest);

  const remember = (digest: string, missing: Missing[]): Missing[] => {
    if (missing.length === 0) complete.add(digest);
    return missing;
  };

  return {
    async read(reference) {
      const manifest = await data.readManifest(at, repository, reference);
      if (manifest === undefined) return { digest: undefined, missing: [] };
      const { digest } = manifest;
      if (complete.has(digest)) return { digest, missing: [] };
      return { digest, missing: remember(digest, await createLook().below(manifest)) };
    },
  };
}

/** Images for several platforms share layers. */
function unique(missing: readonly Missing[]): Missing[] {
  return [...new Map(missing.map((each) => [each.digest, each])).values()];
}

/** A digest as a table or sentence shows it. */
export function shortDigest(digest: string): string {
  const [algorithm = "", hex = ""] = digest.split(":");
  return `${algorithm}:${hex.slice(0, 12)}`;
}

/** "blob sha256:1234…, manifest sha256:5678… and 3 more" */
export function missingText(missing: readonly Missing[]): string {
  const most = 3;
  const named = missing.slice(0, most).map(({ kind, digest }) => `${kind} ${shortDigest(digest)}`);
  const more = missing.length > most ? ` and ${missing.length - most} more` : "";
  return `${named.join(", ")}${more}`;
}
