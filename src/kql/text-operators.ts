import { slowGroup } from "./slow-pattern.ts";
import { QueryError, type Place } from "./syntax.ts";

type Test = (text: string, wanted: string) => boolean;

const LETTER = /[\p{L}\p{N}]/u;

/** Whether `wanted` stands in the text as whole terms; terms are runs of letters and digits. */
function holdsTerm(text: string, wanted: string, at: { start: boolean; end: boolean }): boolean {
  const needsStart = at.start && LETTER.test(wanted.charAt(0));
  const needsEnd = at.end && LETTER.test(wanted.at(-1) ?? "");
  for (let found = text.indexOf(wanted); found >= 0; found = text.indexOf(wanted, found + 1)) {
    const end = found + wanted.length;
    const startsTerm = !needsStart || !LETTER.test(text.charAt(found - 1));
    if (startsTerm && (!needsEnd || !LETTER.test(text.charAt(end)))) return true;
  }
  return false;
}

/** Operators over text, as they work when case counts. */
const TESTS: Readonly<Record<string, Test>> = {
  contains: (text, wanted) => text.includes(wanted),
  startswith: (text, wanted) => text.startsWith(wanted),
  endswith: (text, wanted) => text.endsWith(wanted),
  has: (text, wanted) => holdsTerm(text, wanted, { start: true, end: true }),
  hasprefix: (text, wanted) => holdsTerm(text, wanted, { start: true, end: false }),
  hassuffix: (text, wanted) => holdsTerm(text, wanted, { start: false, end: true }),
  "=~": (text, wanted) => text === wanted,
};

/** The test that an operator makes: `!` turns it round, `_cs` makes case count; undefined for other operators. */
export function textTest(operator: string): Test | undefined {
  const isNegated = operator.startsWith("!");
  const name = operator === "!~" ? "=~" : operator.replace(/^!/, "").replace(/_cs$/, "");
  const test = TESTS[name];
  if (!test) return undefined;
  const mindsCase = operator.endsWith("_cs");
  return (text, wanted) => {
    const fits = mindsCase ? test(text, wanted) : test(text.toLowerCase(), wanted.toLowerCase());
    return fits !== isNegated;
  };
}

/** What RE2 knows and JavaScript does not, or reads otherwise. */
const FOREIGN = /\\[AzQECa]|\\p[^{]|\[\[:|\(\?(?![:imsP<)=!])|\(\?<?[=!]|\\[1-9]/;

const compiled = new Map<string, RegExp | undefined>();

/**
 * A pattern as RE2 has them. Throws QueryError where it is none, or none that JavaScript would read alike, or might not come
 * to an end with.
 */
export function regexAt(pattern: string, place: Place): RegExp {
  if (!compiled.has(pattern)) {
    const slow = slowGroup(pattern);
    if (slow !== undefined) {
      const message = `a repeated group that varies, ${slow}, is not spoken here, as it may not come to an end`;
      throw new QueryError(message, place);
    }
    compiled.set(pattern, translate(pattern));
  }
  const found = compiled.get(pattern);
  if (!found) throw new QueryError("this regular expression is not spoken here", place);
  return found;
}

function translate(pattern: string): RegExp | undefined {
  const [head = "", flags = ""] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const body = pattern.slice(head.length).replaceAll("(?P<", "(?<");
  if (FOREIGN.test(body) || /\(\?[ims]+[):]/.test(body)) return undefined;
  for (const mode of ["u", ""]) {
    try {
      return new RegExp(body, flags + mode);
    } catch {
      // With the flag u some harmless escapes are refused, which RE2 accepts.
    }
  }
  return undefined;
}
