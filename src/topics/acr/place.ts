/**
 * What a scalar is there for: a whole image reference; a host, with or without a path; the image of the base that a
 * Kustomize item is about, without a `newName` ("match") or with one ("renamed"); or anything else. A "line" is of a
 * template that is no YAML.
 */
export type Role = "image" | "host" | "match" | "renamed" | "other" | "line";

/** A scalar of a file. */
export interface Place {
  role: Role;
  /** As a reader of the file gets it. */
  value: string;
  /** Where the value begins in the text; what is there may be spelled with escapes. */
  at: number;
  /** Such as `spec.containers[0].image`. */
  key: string;
}

/** A mapping, and where it is. */
export interface Surroundings {
  has: (key: string) => boolean;
  /** The last key that leads to the mapping; empty at the top. */
  parent: string;
  /** Whether it is an item of a list. */
  isItem: boolean;
}

const NO_IMAGES_BELOW = new Set(["annotations", "labels", "env", "environment"]);
const NO_IMAGES_IN_OBJECT = new Set(["metadata", "data", "stringData", "binaryData", "status"]);

/** Whether nothing below this key is an image, whatever its own keys are. */
export function isMuted(key: string, { has }: Pick<Surroundings, "has">): boolean {
  return NO_IMAGES_BELOW.has(key) || (NO_IMAGES_IN_OBJECT.has(key) && has("apiVersion") && has("kind"));
}

export function roleOf(key: string, { has, parent, isItem }: Surroundings): Role {
  if (isItem && parent === "images") {
    if (key === "newName") return "host";
    if (key === "name") return has("newName") ? "renamed" : "match";
  }
  if (isImageKey(key)) return "image";
  if (key === "repository" || key === "imageRegistry") return "host";
  const isPart = has("repository") || isImageKey(parent) || parent === "global";
  return key === "registry" && isPart ? "host" : "other";
}

function isImageKey(key: string): boolean {
  return key === "image" || key.endsWith("Image");
}
