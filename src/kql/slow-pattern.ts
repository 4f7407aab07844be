/** How much what a part of a pattern matches may vary. */
type Varies = "no" | "a little" | "without end";

interface Group {
  /** Where it begins in the pattern. */
  at: number;
  varies: Varies;
  /** How each of its alternatives begins: a character, or undefined for what is not one. */
  begins: (string | undefined)[];
  isAtBegin: boolean;
}

/** Repeated as often, a part may have as many ways to match as can still be gone through. */
const MOST_TIMES: Record<Varies, number> = { no: Infinity, "a little": 8, "without end": 4 };

/**
 * The repeated group of a pattern that has several ways to match the same text, as `(a+)+` or `(a|a)*`: JavaScript goes
 * through all of them, whose number doubles with each character, and cannot be stopped; RE2 does not. Undefined where there
 * is none. Some that would be fast are among them.
 */
export function slowGroup(pattern: string): string | undefined {
  const open: Group[] = [newGroup(0)];
  let at = 0;
  while (at < pattern.length) {
    const group = open.at(-1);
    if (!group) return undefined;
    const start = at;
    const character = pattern.charAt(at);
    if (character === "(") {
      begin(group, undefined);
      open.push(newGroup(start));
      at += /^\((?:\?(?::|P?<\w+>))?/.exec(pattern.slice(at))?.[0].length ?? 1;
      continue;
    }
    if (character === "|") {
      group.begins.push(undefined);
      group.isAtBegin = true;
      at += 1;
      continue;
    }
    const closed = character === ")" ? open.pop() : undefined;
    at += closed ? 1 : lengthOfAtom(pattern, at);
    const around = open.at(-1);
    if (!around) return undefined;
    if (!closed) begin(around, literalOf(pattern.slice(start, at)));
    const quantifier = quantifierAt(pattern, at);
    at += quantifier.length;
    const inside = closed ? variesIn(closed) : "no";
    if (closed && quantifier.most > MOST_TIMES[inside]) return pattern.slice(closed.at, at);
    around.varies = more(around.varies, more(inside, quantifier.varies));
  }
  return undefined;
}

function newGroup(at: number): Group {
  return { at, varies: "no", begins: [undefined], isAtBegin: true };
}

function begin(group: Group, literal: string | undefined): void {
  if (group.isAtBegin) group.begins[group.begins.length - 1] = literal;
  group.isAtBegin = false;
}

/** One of several alternatives is taken without doubt only when each begins with a character of its own. */
function variesIn({ varies, begins }: Group): Varies {
  const isClear =
    begins.length === 1 || (!begins.includes(undefined) && new Set(begins).size === begins.length);
  return isClear ? varies : more(varies, "a little");
}

function more(one: Varies, other: Varies): Varies {
  return MOST_TIMES[one] < MOST_TIMES[other] ? one : other;
}

/** A class, an escape, or a character. */
function lengthOfAtom(pattern: string, at: number): number {
  const rest = pattern.slice(at);
  const found = /^(?:\[\^?\]?(?:\\.|[^\]\\])*\]|\\[pPx]\{[^}]*\}|\\.)/su.exec(rest);
  return found?.[0].length ?? 1;
}

/** The only character that an atom matches, as case may not count; undefined where it matches several, or none. */
function literalOf(atom: string): string | undefined {
  const [, plain, escaped] = /^(?:([^\\.^$[])|\\([^\w]))$/su.exec(atom) ?? [];
  return (plain ?? escaped)?.toLowerCase();
}

interface Quantifier {
  length: number;
  most: number;
  varies: Varies;
}

function quantifierAt(pattern: string, at: number): Quantifier {
  const [text = "", sign = "", least = "", comma, most = ""] =
    /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(pattern.slice(at)) ?? [];
  if (text === "") return { length: 0, most: 1, varies: "no" };
  const { length } = text;
  if (sign === "?") return { length, most: 1, varies: "a little" };
  if (sign !== "" || (comma === "," && most === "")) return { length, most: Infinity, varies: "without end" };
  const isFixed = comma === "" || least === most;
  return { length, most: Number(comma === "" ? least : most), varies: isFixed ? "no" : "a little" };
}
