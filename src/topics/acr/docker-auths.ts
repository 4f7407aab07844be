import { hasSecret, type DockerEntry } from "./docker-config.ts";
import { hostOfServer } from "./docker-host.ts";
import { readObject, startOf, type JsonObjectText, type Member } from "./json-text.ts";

/** Changes the text of Docker's configuration, and of that no more than it must. */
export type Edit = (text: string) => string;

/** Puts user name and secret where the host's own entry is, or behind all others. */
export function putAuth(host: string, auth: string): Edit {
  return (text) => {
    const root = readObject(text, startOf(text));
    const auths = root.members.find(({ key }) => key === "auths");
    if (auths === undefined) return addMember(text, root, ["auths", { [host]: { auth } }]);
    if (text[auths.valueStart] !== "{") return setValue(text, auths, { [host]: { auth } });
    const entries = readObject(text, auths.valueStart);
    // Of several Docker takes the last one.
    const own = entries.members.findLast(({ key }) => key === host);
    return own ? setValue(text, own, { auth }) : addMember(text, entries, [host, { auth }]);
  };
}

/** Leaves an empty entry where a secret was. */
export function emptyAuth(host: string): Edit {
  return (text) =>
    entriesOf(text, host)
      .filter((entry) => holdsSecret(text, entry))
      .reduceRight((edited, { valueStart, end }) => splice(edited, [valueStart, end], "{}"), text);
}

/** Takes the host's entries away, under old spellings, too. */
export function removeAuth(host: string): Edit {
  return (text) => {
    let left = text;
    for (;;) {
      const entries = authsIn(left);
      const index = entries.members.findLastIndex(({ key }) => hostOfServer(key) === host);
      if (index < 0) return left;
      left = removeMember(left, entries, index);
    }
  };
}

/** Whether the text holds a secret of the host. */
export function hasAuth(text: string, host: string): boolean {
  return entriesOf(text, host).some((entry) => holdsSecret(text, entry));
}

function entriesOf(text: string, host: string): Member[] {
  return authsIn(text).members.filter(({ key }) => hostOfServer(key) === host);
}

function authsIn(text: string): JsonObjectText {
  const auths = readObject(text, startOf(text)).members.find(({ key }) => key === "auths");
  const isThere = auths !== undefined && text[auths.valueStart] === "{";
  return isThere ? readObject(text, auths.valueStart) : { open: 0, close: 0, members: [] };
}

function holdsSecret(text: string, { valueStart, end }: Member): boolean {
  return hasSecret(JSON.parse(text.slice(valueStart, end)) as DockerEntry);
}

function splice(text: string, [start, end]: [number, number], middle: string): string {
  return text.slice(0, start) + middle + text.slice(end);
}

function setValue(text: string, { start, valueStart, end }: Member, value: object): string {
  return splice(text, [valueStart, end], print(text, value, marginAt(text, start)));
}

function addMember(text: string, object: JsonObjectText, [key, value]: [string, object]): string {
  const { open, close, members } = object;
  const last = members.at(-1);
  const unit = indentOf(text);
  const outer = marginAt(text, close);
  const margin = last === undefined ? outer + unit : marginAt(text, last.start);
  const member = `${lineEnd(text, margin)}${JSON.stringify(key)}:${unit === "" ? "" : " "}${print(text, value, margin)}`;
  if (last !== undefined) return splice(text, [last.end, last.end], `,${member}`);
  return splice(text, [open + 1, close], `${member}${lineEnd(text, outer)}`);
}

/** With the comma that is one too many. */
function removeMember(text: string, { open, close, members }: JsonObjectText, index: number): string {
  const [before, member, after] = [members[index - 1], members[index], members[index + 1]];
  if (member === undefined) return text;
  if (before !== undefined) return splice(text, [before.end, member.end], "");
  return after === undefined
    ? splice(text, [open + 1, close], "")
    : splice(text, [member.start, after.start], "");
}

/** As the text around it is written; the first line has no margin. */
function print(text: string, value: object, margin: string): string {
  return JSON.stringify(value, undefined, indentOf(text)).replaceAll("\n", lineEnd(text, margin));
}

/** Nothing where all is on one line. */
function lineEnd(text: string, margin: string): string {
  if (indentOf(text) === "") return "";
  return (text.includes("\r\n") ? "\r\n" : "\n") + margin;
}

/** Blanks at the beginning of the line. */
function marginAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1, at))?.[0] ?? "";
}

/** Docker's is a tab; a text of one line stays one. */
function indentOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== "{}" && !trimmed.includes("\n")) return "";
  return /^\{\s*?\n([ \t]+)/.exec(trimmed)?.[1] ?? "\t";
}
