export const HIDDEN = "***";

const JWT = /(?<![A-Za-z0-9])eyJ[\w-]{0,4000}(?:\.[\w-]*)+/g;

// Written with a capital it is the header; in a sentence ("the bearer token") only something long is a secret.
const BEARER = /\b(Bearer\s+)(?!tokens?(?:\s|$)|[\w-]+=["'])[\w\-.~+/]+=*/g;
const LONG_BEARER = /\b(bearer\s+)[\w\-.~+/]{20,}=*/gi;

const SECRET_KEYS = "client[-_]?secret|refresh[-_]?token|access[-_]?token|id[-_]?token|client[-_]?assertion";
// A body may be cut off, so a closing quote is not required, or be a string inside another JSON string,
// so quotes may be escaped.
const SECRET_FIELD = new RegExp(
  String.raw`((?:${SECRET_KEYS})\\*["']?\s*[=:]\s*)(?:(\\+")[^"\\]*|(")(?:[^"\\]|\\.)*|(')[^']*|[^\s"'&]+)`,
  "gi",
);
const SECRET_FLAG = /(--client-(?:secret|assertion)\s+)(?:"[^"]*|'[^']*|\S+)/g;

const HTTPS_URL = /https:\/\/[^\s"'<>]+/gi;
const SIGNED_PARAMETER = /((?:[?&#]|&amp;|\\u0026)(?:sig|t|c|s|h|code|token)=)[^&#\\]*/gi;

/** Text without tokens, client secrets and signatures; for errors and anything that may be pasted. */
export function redact(text: string): string {
  return text
    .replaceAll(HTTPS_URL, (url) => url.replaceAll(SIGNED_PARAMETER, `$1${HIDDEN}`))
    .replaceAll(JWT, HIDDEN)
    .replaceAll(BEARER, `$1${HIDDEN}`)
    .replaceAll(LONG_BEARER, `$1${HIDDEN}`)
    .replaceAll(SECRET_FIELD, `$1$2$3$4${HIDDEN}`)
    .replaceAll(SECRET_FLAG, `$1${HIDDEN}`);
}

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8}([0-9a-f]{4})/gi;

/** Keeps the last four digits of each GUID, enough to tell one subscription from another. */
export function maskIds(text: string): string {
  return text.replaceAll(GUID, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxx$1");
}
