import { createHash } from "node:crypto";
import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { Json, JsonObject } from "../json.ts";
import { objectsIn } from "./arm.ts";
import { AzureError } from "./azure-error.ts";
import type { Manifest } from "./registry-ports.ts";
import { bodyOf } from "./registry-tokens.ts";

const LISTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const IMAGES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
/** Kinds of manifests of which it is known what belongs to them. */
export const MANIFEST_KINDS = [...LISTS, ...IMAGES];

/** Windows' base layers, and others that may not be handed on: only these are kept elsewhere. */
const KEPT_ELSEWHERE =
  /^application\/vnd\.(docker\.image\.rootfs\.foreign\.diff\.|oci\.image\.layer\.nondistributable\.v1\.)/;
const DIGEST = /^[a-z0-9]+([.+_-][a-z0-9]+)*:[\w=-]+$/i;
/** Of digests that can be checked; both are as OCI names them. */
const HASHES = ["sha256", "sha512"];

/** What was answered is not what was asked for: another try may tell. */
export const OTHER_BYTES = "OtherBytes";
/** What belongs to it cannot be told, now or later. */
export const UNKNOWN_KIND = "UnknownManifest";

/**
 * Reads an answer for a tag or digest. Throws AzureError OTHER_BYTES when its bytes are not those of its digest, and
 * UNKNOWN_KIND for what is no list of images and no image, or is not written as one.
 */
export function toManifest(response: PipelineResponse, reference: string): Manifest {
  const body = bodyOf(response);
  const digest = digestOf(response, reference);
  const mediaType = kindOf(response, body);
  const isList = LISTS.includes(mediaType);
  const own = isList ? body["manifests"] : body["layers"];
  // What reads one as the other would pull something else.
  const isBoth = (isList ? body["layers"] : body["manifests"]) !== undefined;
  if (!MANIFEST_KINDS.includes(mediaType) || isBoth || !Array.isArray(own)) throw unknownKind(response);
  if (isList) return { digest, mediaType, images: digestsOf(own, response), blobs: [] };
  const layers = own.filter((each) => !isElsewhere(each));
  return { digest, mediaType, images: [], blobs: digestsOf([body["config"] ?? null, ...layers], response) };
}

/** The header's word, or else the body's own; none when they contradict each other. */
function kindOf({ headers }: PipelineResponse, { mediaType }: JsonObject): string {
  const told = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const named = typeof mediaType === "string" ? mediaType : told;
  return told === undefined || told === named ? (named ?? "") : "";
}

/** Checked by hashing what was answered, as whoever pulls it does. */
function digestOf(response: PipelineResponse, reference: string): string {
  const text = response.bodyAsText ?? "";
  const asked = reference.includes(":") ? reference : undefined;
  const told = response.headers.get("docker-content-digest");
  const given = [asked, told].filter((each) => each !== undefined);
  const checkable = given.filter((each) => HASHES.includes(each.split(":")[0] ?? ""));
  const wrong = checkable.find((each) => each !== hash(text, each.split(":")[0] ?? ""));
  if (wrong !== undefined) throw otherBytes(response, wrong);
  if (asked !== undefined && !checkable.includes(asked)) throw unknownKind(response);
  return checkable[0] ?? hash(text, "sha256");
}

function hash(text: string, algorithm: string): string {
  return `${algorithm}:${createHash(algorithm).update(text).digest("hex")}`;
}

function digestsOf(descriptors: readonly Json[], response: PipelineResponse): string[] {
  const found = descriptors.map((each) => objectsIn([each])[0]?.["digest"]);
  return found.map((digest) => {
    if (typeof digest === "string" && DIGEST.test(digest)) return digest;
    throw unknownKind(response);
  });
}

function isElsewhere(layer: Json): boolean {
  const { urls, mediaType } = objectsIn([layer])[0] ?? {};
  const isMarked = typeof mediaType === "string" && KEPT_ELSEWHERE.test(mediaType);
  return isMarked && Array.isArray(urls) && urls.length > 0;
}

function otherBytes({ request, status }: PipelineResponse, digest: string): AzureError {
  const text = `${new URL(request.url).host} answered other bytes than those of ${digest}`;
  const hint = "check that no proxy or portal answers in the registry's place";
  return new AzureError("failed", text, { code: OTHER_BYTES, hint, status });
}

/** It was answered, so the exit code is that of what cannot be told. */
function unknownKind({ request, status }: PipelineResponse): AzureError {
  const text = `${new URL(request.url).host} answered a kind of manifest that azwise cannot look into`;
  const hint = "name an image, or a list of images, of OCI's or Docker's (schema 2)";
  return new AzureError("partial", text, { code: UNKNOWN_KIND, hint, status });
}
