import { AGGREGATES } from "../../../kql/aggregates.ts";
import { FUNCTIONS } from "../../../kql/functions.ts";
import type { Diagnostic, Parser, Tree } from "../../../kql/official.ts";
import { nearest, unknownColumn, type Looking } from "./columns.ts";
import { spot, type Spot, type Weight } from "./rules.ts";
import type { Known } from "./schemas.ts";
import { findKinds, isSource, tableCalled, wordOf, type Found } from "./tree.ts";

/** Functions of Log Analytics that lead to tables of other resources; the language itself does not know them. */
const ELSEWHERE = new Set(["workspace", "app", "resource", "adx", "arg"]);

const UNKNOWN = {
  table: "KS204",
  fuzzyTable: "KS205",
  cluster: "KS207",
  database: "KS208",
  name: "KS142",
  function: "KS211",
  place: "KS213",
};

/** What the official analysis says of a text, in the words of our rules. */
export function namesIn(
  root: Tree,
  text: string,
  { diagnostics, known, parser }: { diagnostics: readonly Diagnostic[]; known: Known; parser: Parser },
): Spot[] {
  const looking = { ...lookAt(root, known), text, parser };
  const spots = diagnostics.map((each) => toSpot(each, looking));
  // Of a table that stands where a value may stand, too, the parser does not know that its columns are not known.
  const isBlind = spots.some(
    ({ rule }, index) =>
      rule === "other-resource" || (rule === "unknown-table" && diagnostics[index]?.code === UNKNOWN.name),
  );
  // One place is complained of twice where a column is wanted and there is none of that name.
  const isColumn = ({ rule }: Spot): boolean => rule === "unknown-column" || rule === "usage-column";
  const unknown = new Set(spots.filter(isColumn).map(({ start }) => start));
  return spots.filter(({ rule, start }) => {
    if (rule === "unknown-column") return !isBlind;
    return rule !== "semantic" || !unknown.has(start);
  });
}

function lookAt(root: Tree, known: Known): Omit<Looking, "text" | "parser"> {
  const found = findKinds(root, "NameReference", "FunctionCallExpression");
  const words = new Set(found.map(({ tree }) => tableCalled(tree) ?? wordOf(tree)));
  const read = known.schemas.filter(({ name }) => words.has(name));
  const isOpen =
    [...words].some((each) => each.includes("*")) ||
    findKinds(root, "SearchOperator", "FindOperator").length > 0 ||
    read.some(({ name }) => name === "AzureDiagnostics" || name.endsWith("_CL"));
  // A call begins where its name does; the call is kept, as it tells where rows are read from.
  return {
    ...known,
    root,
    shapes: new Map(),
    names: new Map(found.toReversed().map((each) => [each.tree.start, each])),
    read,
    isOpen,
  };
}

function toSpot(diagnostic: Diagnostic, looking: Looking): Spot {
  const { code, start, end } = diagnostic;
  const found = looking.names.get(start);
  const name = found ? wordOf(found.tree) : looking.text.slice(start, end);
  switch (code) {
    case UNKNOWN.table:
      return unknownTable(diagnostic, looking);
    case UNKNOWN.fuzzyTable:
      return spot("unknown-table", diagnostic, {
        text: `${looking.text.slice(start, end)} is not known; a union that is fuzzy leaves out what is not there`,
        weight: "info",
      });
    case UNKNOWN.name: {
      const isTable = name.includes("*") || (found !== undefined && isSource(found) !== false);
      return isTable ? unknownTable(diagnostic, looking) : unknownColumn(name, diagnostic, looking);
    }
    case UNKNOWN.cluster:
    case UNKNOWN.database:
      return spot("other-resource", diagnostic, { text: `columns behind ${name} are not checked` });
    case UNKNOWN.function:
      return ELSEWHERE.has(name)
        ? spot("other-resource", diagnostic, { text: `columns behind ${name}(…) are not checked` })
        : unknownFunction(name, diagnostic, found);
    case UNKNOWN.place:
      return spot("unfilled-place", diagnostic, {
        text: `${looking.text.slice(start, end)} is a place that is not filled, and so no KQL`,
      });
    default:
      return spot("semantic", diagnostic, { text: plain(diagnostic.message), weight: weightOf(diagnostic) });
  }
}

/** What the parser says, without its full stop. */
export function plain(message: string): string {
  return message.replace(/\.$/, "");
}

function weightOf({ severity }: Diagnostic): Weight {
  return severity === "error" || severity === "warning" ? severity : "info";
}

function unknownTable({ start, end }: Diagnostic, { text, schemas, workspace }: Looking): Spot {
  const name = text.slice(start, end).replace(/^["'](.*)["']$/, "$1");
  const near = nearest(
    name,
    schemas.map((each) => each.name),
  );
  if (workspace !== undefined) {
    return spot(
      "unknown-table",
      { start, end },
      {
        text: `${name} is no table of ${workspace}`,
        fix: near ?? "name a table that there is; a function saved in the workspace is not looked up",
      },
    );
  }
  return spot(
    "unknown-table",
    { start, end },
    {
      text: `${name} is not among the tables that azwise ships, so its columns cannot be checked`,
      fix: [...(near === undefined ? [] : [near]), "--schema-from WORKSPACE takes its tables instead"].join(
        "; ",
      ),
      weight: "info",
    },
  );
}

function unknownFunction(name: string, where: Diagnostic, found: Found | undefined): Spot {
  const near = nearest(name, [...FUNCTIONS.keys(), ...AGGREGATES.keys()]);
  const mayBeSaved = found !== undefined && isSource(found) !== false;
  const text = `neither the language nor this text has a function ${name}`;
  const saved = "a function saved in the workspace may be meant, and is not looked up";
  if (mayBeSaved) return spot("unknown-function", where, { text: `${text}; ${saved}`, weight: "info" });
  return spot("unknown-function", where, near === undefined ? { text } : { text, fix: near });
}
