/** An image reference in Docker's grammar, in its parts as they are written. */
export interface ImageReference {
  /** Undefined for Docker Hub's short names. */
  host: string | undefined;
  /** With its colon; empty when there is none. */
  port: string;
  path: string;
  tag: string | undefined;
  digest: string | undefined;
}

const LONGEST_NAME = 255;
const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
/** HOST or HOST:PORT. */
export const HOST = new RegExp(`^(${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?$`);
const PATH_PART = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-zA-Z][a-zA-Z0-9]*(?:[-_+.][a-zA-Z][a-zA-Z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** Undefined for what is no reference. Nothing is added: `app` has neither a host nor a tag. */
export function parseImageReference(text: string): ImageReference | undefined {
  const [named = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const { name, tag } = splitTag(named);
  if (name.length > LONGEST_NAME || (tag !== undefined && !TAG.test(tag))) return undefined;
  const { host, port, path } = splitHost(name);
  if (!path.split("/").every((part) => PATH_PART.test(part))) return undefined;
  return host === "" ? undefined : { host, port, path, tag, digest };
}

export function formatImageReference({ host, port, path, tag, digest }: ImageReference): string {
  const name = host === undefined ? path : `${host}${port}/${path}`;
  return `${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** A colon before the last slash belongs to a port. */
function splitTag(text: string): { name: string; tag: string | undefined } {
  const colon = text.indexOf(":", text.lastIndexOf("/") + 1);
  return colon < 0
    ? { name: text, tag: undefined }
    : { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** The host is empty where there should be one and what is there is none. */
function splitHost(name: string): Pick<ImageReference, "host" | "port" | "path"> {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  if (slash < 0 || !looksLikeHost(first)) return { host: undefined, port: "", path: name };
  const [, host = "", port = ""] = HOST.exec(first) ?? [];
  return { host, port, path: name.slice(slash + 1) };
}

/** As Docker decides it: otherwise the first part is a user of Docker Hub. */
function looksLikeHost(first: string): boolean {
  return /[.:A-Z]/.test(first) || first === "localhost";
}
