import type { Diagnostic, Parser } from "../../../kql/official.ts";
import { unboundedIn } from "./bound.ts";
import { namesIn, plain } from "./names.ts";
import { spot, type Spot } from "./rules.ts";
import type { Known } from "./schemas.ts";
import { queriesIn, refuseDeep } from "./source.ts";
import { everyTableIn, termsIn } from "./terms.ts";
import { timelessIn } from "./time.ts";
import { findKinds } from "./tree.ts";

/** All that is to be said of the text of a file, in its order; throws RangeError for one that no stack can hold. */
export function checkText(text: string, known: Known, parser: Parser): Spot[] {
  refuseDeep(text);
  const queries = queriesIn(text, parser);
  const second = queries[1];
  const several =
    second === undefined
      ? []
      : [
          spot(
            "several-queries",
            { start: second.start, end: second.start },
            {
              text: `this is the second of ${queries.length} queries with blank lines between them`,
            },
          ),
        ];
  const spots = queries.flatMap((query) =>
    checkQuery(query.text, known, parser).map((each) => ({
      ...each,
      start: each.start + query.start,
      end: each.end + query.start,
    })),
  );
  return [...several, ...spots].sort((left, right) => left.start - right.start || left.end - right.end);
}

/** Names and habits are looked at only in what is KQL: of a broken text the parser guesses what was meant. */
function checkQuery(text: string, known: Known, parser: Parser): Spot[] {
  const read = parser.parse(text);
  if (read.root.kind === "CommandBlock") {
    return [
      spot("command", firstOf(text), { text: "a workspace takes queries, and no management commands" }),
    ];
  }
  if (read.diagnostics.length > 0) {
    const first = read.diagnostics.filter(isFirstOfLine);
    return first.map((each) => spot("syntax", each, { text: plain(each.message) }));
  }
  if (findKinds(read.root, "ExpressionStatement").length === 0) {
    return [spot("no-query", firstOf(text), { text: "there is no query in it" })];
  }
  const { root, diagnostics } = parser.parse(text, known.schemas);
  return [
    ...namesIn(root, text, { diagnostics, known, parser }),
    ...everyTableIn(root),
    ...timelessIn(root, known.schemas),
    ...unboundedIn(root, text),
    ...termsIn(root, text),
  ];
}

/** What follows a fault on its line is mostly a consequence of it. */
function isFirstOfLine({ place }: Diagnostic, index: number, all: readonly Diagnostic[]): boolean {
  return all.findIndex((each) => each.place.line === place.line) === index;
}

/** The first word of a text. */
function firstOf(text: string): { start: number; end: number } {
  const { index = 0, 0: word = "" } = /\S+/.exec(text) ?? {};
  return { start: index, end: index + word.length };
}
