import { HIDDEN, redact } from "./redact.ts";

/** The name of a secret ends in one of these, as DB_PASSWORD and Ocp-Apim-Subscription-Key do. */
const ENDS_AS_SECRET = new RegExp(
  `(?:${[
    "secret(?:[-_]?(?:key|value))?",
    "password(?:[-_]?(?:hash|salt))?|passwd|passphrase|pwd|code[-_]?verifier",
    "(?:api|access|account|private|master|encryption|signing|functions|subscription|host)[-_]?key",
    "(?:primary|secondary)-?key|access[-_]?signature|identity[-_]?header|client[-_]?assertion",
    "[\\w-](?<!cancellation)token|[-_]pass",
  ].join("|")})\\d*$`,
  "i",
);
/** They are also words of sentences, so how they are written counts. */
const SOMETIMES = /^(?:token|pass|session_?id|jwt|[\w-]*credentials?)$/i;

const NAME = /(?<![\w-])(?:--)?[\w-]+/g;
const SEPARATOR = /\\*["']{0,2}\s{0,8}(?:=>|:=|[=:])\s{0,8}/y;
const SPACES = /\s{1,8}(?!-)/y;
/** Words that tell what is wrong with a setting: "API_KEY: not set". None of them is worth hiding. */
const REASON = [
  "(?:(?:value|field|access|permission|request)\\s)?(?:not|no|is|was|isn't|wasn't|must|cannot|could not|does not",
  "|failed to|unable to|missing|required|empty|unset|undefined|null|none|not_?found|forbidden|unauthorized",
  "|access_?denied|denied|invalid|expired|disabled)",
  "(?:\\s(?:not|set|found|given|provided|configured|defined|specified|present|valid|allowed|be|to",
  "|missing|required|empty|unset|undefined|null|none|denied|invalid|expired|disabled)){0,4}",
  "[.:,;!)\\]}]{0,4}(?=\\s|$)",
].join("");
/** What is said of a secret by its name begins like "Forbidden", "Azure.RequestFailedException:" or "403"; any other word may be its value. */
const SAID =
  /^(?:[A-Za-z.]{0,80}(?:Exception|Error)|Forbidden|Unauthorized|NotFound|BadRequest|Conflict|Timeout|Caller|[45]\d\d)[:.,]?(?:\s|$)/;
/** `{"name":"DB_PASSWORD","value":"…"}`, as settings are listed. */
const NEAR = 40;
/** The name of a secret is short, and the end of a long one is enough. */
const LONGEST_NAME = 80;
const LONGEST_ADDRESS = 200;

interface Value {
  from: number;
  to: number;
  isQuoted: boolean;
}

/** Each `name=value`, `name: value` and `--name value` whose name is one of a secret, without the value. */
function hideValues(text: string): string {
  const names = new RegExp(NAME);
  const endOf = valueEnds(text);
  let result = "";
  let done = 0;
  let named = -Infinity;
  for (let found = names.exec(text); found; found = names.exec(text)) {
    const name = found[0].slice(-LONGEST_NAME);
    const isItsValue = name === "value" && found.index - named < NEAR;
    const isAlways = isItsValue || ENDS_AS_SECRET.test(name);
    if (!isAlways && !SOMETIMES.test(name.replace(/^-+/, ""))) continue;
    const separator = separatorAt(text, names.lastIndex, found[0].startsWith("--"));
    if (separator === undefined) {
      named = names.lastIndex;
      continue;
    }
    const value = endOf(names.lastIndex + separator.length);
    const shown = text.slice(value.from, value.to);
    if (isNothing(shown, value)) named = names.lastIndex;
    if (isNothing(shown, value) || !(isAlways || isMeant(shown, { name, separator, value }))) continue;
    if (/:\s/.test(separator) && isReason(text, { name, at: found.index, value })) continue;
    if (/^(?:OLD)?PWD$/.test(name) && shown.startsWith("/")) continue;
    result += text.slice(done, value.from) + HIDDEN;
    done = value.to;
    names.lastIndex = value.to;
  }
  return result + text.slice(done);
}

function separatorAt(text: string, at: number, isFlag: boolean): string | undefined {
  for (const each of isFlag ? [SEPARATOR, SPACES] : [SEPARATOR]) {
    const pattern = new RegExp(each);
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return found[0];
  }
  return undefined;
}

/** What tells more by being seen; the names in an object are looked at one by one. */
function isNothing(shown: string, { isQuoted }: Value): boolean {
  if (!isQuoted && shown.startsWith("{")) return true;
  return /^(?:null|none|nil|undefined|true|false|\*{3})?[,)}\]]*$/i.test(shown);
}

/** Whether what stands behind a colon and a blank is told of the name, and is not its value. */
function isReason(text: string, { name, at, value }: { name: string; at: number; value: Value }): boolean {
  if (value.isQuoted) return false;
  const reason = new RegExp(REASON, "iy");
  reason.lastIndex = value.from;
  if (reason.test(text) && reason.lastIndex >= value.to) return true;
  const shown = text.slice(value.from, value.to);
  // A key that Azure makes has digits; the name of a column has none.
  if (/^primary-?key$/i.test(name) && /^[A-Za-z_]{1,30}$/.test(shown)) return true;
  return SAID.test(shown) && isNameOfSecret(text.slice(Math.max(0, at - LONGEST_ADDRESS), at));
}

/** Whether a name stands behind an address or the word secret: there it is what a vault calls a secret. */
function isNameOfSecret(before: string): boolean {
  if (/\bsecret\s["'`]?$/i.test(before)) return true;
  return before.endsWith("/") && (before.split(/\s/).at(-1) ?? "").includes("://");
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a value is one: "invalid token: IDX10223" is a sentence, "token: 8Sd7f6sdf8" is none. */
function isMeant(
  shown: string,
  { name, separator, value }: { name: string; separator: string; value: Value },
): boolean {
  if (GUID.test(shown)) return false;
  if (value.isQuoted || !/:\s/.test(separator)) return true;
  if (/^pass$/i.test(name) || /^[A-Za-z_]+(?:\.[A-Za-z_]+)+:?$/.test(shown)) return false;
  return (shown.length >= 20 && /[+/=_-]/.test(shown)) || (shown.length >= 10 && /\d/.test(shown));
}

/** Where a value ends that begins at a place; places only grow, so that a text is searched once. */
function valueEnds(text: string): (at: number) => Value {
  let mark = -1;
  const nextMark = (at: number): number => {
    if (mark >= at) return mark;
    const rest = /[;"'\n]/g;
    rest.lastIndex = at;
    mark = rest.exec(text)?.index ?? text.length;
    return mark;
  };
  return (at) => {
    const list = /(?:\[\s{0,8})?/y;
    list.lastIndex = at;
    const from = at + (list.exec(text)?.[0].length ?? 0);
    const [opening = ""] = /^\\*["'`]/.exec(text.slice(from, from + 20)) ?? [];
    if (opening !== "") {
      return {
        from: from + opening.length,
        to: quoteEnd(text, from + opening.length, opening),
        isQuoted: true,
      };
    }
    if (text[at] === "{" && text[at - 1] === "=") {
      return { from: at, to: wordEnd(text, braceEnd(text, at + 1)), isQuoted: true };
    }
    // Parts of a connection string may have spaces.
    const end = nextMark(at);
    if (text[end] === ";") return { from: at, to: end, isQuoted: false };
    return { from: at, to: withoutClosing(text, at, wordEnd(text, at)), isQuoted: false };
  };
}

/** Before the quote that closes; a doubled one, or one after more backslashes, belongs to the value. */
function quoteEnd(text: string, from: number, opening: string): number {
  const quote = opening.slice(-1);
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let first = at;
    while (first > from && text[first - 1] === "\\") first -= 1;
    const slashes = at - first;
    if (opening.length > 1 ? slashes >= opening.length : slashes % 2 === 1) continue;
    if (opening.length > 1 || at === from || text[at + 1] !== quote) return first;
    at += 1;
  }
  return text.length;
}

/** After the brace that closes, as ODBC quotes; a doubled one belongs to the value. */
function braceEnd(text: string, from: number): number {
  for (let at = text.indexOf("}", from); at >= 0; at = text.indexOf("}", at + 1)) {
    if (text[at + 1] !== "}") return at + 1;
    at += 1;
  }
  return text.length;
}

/** A quote in the middle of a word is part of it, one at its end is of what stands around. */
function wordEnd(text: string, from: number): number {
  const end = /[\s;]|["'](?![^\s"',;:)\]}])|\\+["']/g;
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}

/** Where a word ends without the brackets and commas that stand around it. */
function withoutClosing(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && ",)]}".includes(text[end - 1] ?? "")) end -= 1;
  return end;
}

const USER_INFO = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,200}:)[^\s"']{1,500}@/gi;
const AUTHORIZATION =
  /\b(authorization\\*["']?\s{0,8}[=:]\s{0,8}\\*["']?(?:basic|bearer|sharedkey|sharedkeylite|token|apikey|negotiate)\s{1,8})[^\s"',\\]+/gi;
const COOKIE = /\b((?:set-)?cookie\\*["']?\s{0,8}[=:]\s{0,8}\\*["']?)(?=[\w.%-]{1,100}=)[^"'\n\\]+/gi;
const PARAMETER = /((?<![\w-])sig=|[?&](?:code|key)=)[^&\s"']+/gi;
const ELEMENT = /(<[\w:-]{0,40}(?:password|passphrase|secret|token)>)[^<\n]{1,500}/gi;
const WORDS = new RegExp(
  [
    String.raw`\b((?:api|access|account|subscription|functions|host|master|secret) key(?: is\s|\s{0,3}[:=])\s{0,3}`,
    `["'\`]?)(?!(?<=\\s)${REASON})[^\\s"'\`,;]+`,
  ].join(""),
  "gi",
);
/** In a sentence only what nobody would write as a word. */
const SENTENCE =
  /\b((?:[Pp]assword|[Pp]assphrase|[Tt]oken|[Ss]ecret)(?: is)?\s{1,3}["'`]?)(?=\S{0,60}\d)(?=\S{0,60}[a-z])(?=\S{0,60}[A-Z])[\w+/~!@#$%^&*-]{10,}(?=["'`]?(?:\s|$))/g;
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/gs;
/** A key over several lines is several rows, and only the first says what it is; a digest has one case of letters. */
const KEY_LINE = new RegExp(
  [
    String.raw`^[ \t]{0,20}(?=[^\n]{0,80}[a-z])(?=[^\n]{0,80}[A-Z])(?:[A-Za-z0-9+/]{60,}={0,2}`,
    String.raw`|(?=[^\n\d]{0,60}\d[^\n\d]{0,60}\d)[A-Za-z0-9+/]{24,60}`,
    String.raw`|(?:[A-Za-z0-9+/]{4}){0,15}(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==))[ \t\r]{0,20}$`,
  ].join(""),
  "gm",
);
/** Secrets that begin as their maker has them begin, and keys of storage, Cosmos DB and Service Bus. */
const KNOWN_SECRET = new RegExp(
  [
    String.raw`(?<![A-Za-z0-9])(?:gh[opsur]_\w{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}|sk-[\w-]{16,}|[rs]k_(?:live|test)_\w{8,}`,
    String.raw`|xox[abeprs]-[\w-]{8,}|npm_\w{20,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}`,
    String.raw`|[\w.~-]{3}\dQ~[\w.~-]{30,})`,
    String.raw`|(?<![\w+/=-])(?:[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=)(?![\w+/=])`,
  ].join(""),
  "g",
);

/** A line of somebody's log without what redact() takes out, and without passwords, keys and secrets as logs have them. */
export function redactLine(text: string): string {
  const bare = text
    .replaceAll(PRIVATE_KEY, HIDDEN)
    .replaceAll(AUTHORIZATION, `$1${HIDDEN}`)
    .replaceAll(COOKIE, `$1${HIDDEN}`)
    .replaceAll(USER_INFO, `$1${HIDDEN}@`);
  return redact(hideValues(bare))
    .replaceAll(PARAMETER, `$1${HIDDEN}`)
    .replaceAll(ELEMENT, `$1${HIDDEN}`)
    .replaceAll(WORDS, `$1${HIDDEN}`)
    .replaceAll(SENTENCE, `$1${HIDDEN}`)
    .replaceAll(KNOWN_SECRET, HIDDEN)
    .replaceAll(KEY_LINE, HIDDEN);
}
