import type { Tree } from "../../../kql/official.ts";
import { spot, type Spot } from "./rules.ts";
import { elementsOf, findKinds, wordOf } from "./tree.ts";

/** What looks for parts of words, and what looks for whole ones instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  ContainsExpression: "has",
  NotContainsExpression: "!has",
  ContainsCsExpression: "has_cs",
  NotContainsCsExpression: "!has_cs",
  MatchesRegexExpression: "has_cs",
};

/** As short as the index goes. */
const TERM = /^[A-Za-z0-9]{3,}$/;
const LONGEST_SHOWN = 40;

/** `contains` and its kin with a literal that is one whole term. */
export function termsIn(root: Tree, text: string): Spot[] {
  return findKinds(root, ...Object.keys(INSTEAD)).flatMap(({ tree }) => {
    const { Left, Operator, Right } = tree.parts;
    const term = Right?.kind === "StringLiteralExpression" ? wordOf(Right) : "";
    if (!Left || !Operator || !Right || !TERM.test(term)) return [];
    const word = text.slice(Operator.start, Operator.end).replaceAll(/\s+/g, " ");
    const instead = INSTEAD[tree.kind] ?? "";
    const left = text.slice(Left.start, Left.end);
    const shown = left.length > LONGEST_SHOWN || /[\r\n]/.test(left) ? "" : `${left} `;
    return [
      spot(
        "contains-term",
        { start: Operator.start, end: Right.end },
        {
          text: `${word} goes through every value for "${term}", for which there is an index`,
          fix: `write ${shown}${instead} "${term}", unless it may also be a part of a longer term, which has does not find`,
        },
      ),
    ];
  });
}

/** What reads all tables, as it names none. */
export function everyTableIn(root: Tree): Spot[] {
  return findKinds(root, "SearchOperator", "FindOperator", "UnionOperator").flatMap(({ tree, around }) => {
    const { kind, parts } = tree;
    const isPiped = around[0]?.kind === "PipeExpression" && around[0].parts["Operator"] === tree;
    const star = elementsOf(parts["Expressions"]).find((each) => wordOf(each) === "*");
    if (kind === "UnionOperator" ? star === undefined : isPiped || parts["InClause"] !== undefined) return [];
    const [first = tree] = tree.children;
    const word = kind === "UnionOperator" ? "union *" : wordOf(first);
    return [spot("every-table", star ?? first, { text: `${word} reads every table of the workspace` })];
  });
}
