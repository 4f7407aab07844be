import type { Schema, Tree } from "../../../kql/official.ts";
import { PICKING } from "./bound.ts";
import { spot, type Spot } from "./rules.ts";
import { findKinds, isSource, letsIn, parametersIn, tableCalled, wordOf, type Found } from "./tree.ts";

/** A time that is compared so is bounded from below: the column on the left, and on the right. */
const ABOVE = new Set(["GreaterThan", "GreaterThanOrEqual", "Equal"].map((each) => `${each}Expression`));
const BELOW = new Set(["LessThan", "LessThanOrEqual", "Equal"].map((each) => `${each}Expression`));
const TIMES = new Set(["TimeGenerated", "timestamp", "ingestion_time"]);

interface Scope {
  /** Every place where a name stands. */
  names: readonly Found[];
  inside: ReadonlySet<string>;
}

/** Tables that are read whole, as far as the text tells. */
export function timelessIn(root: Tree, schemas: readonly Schema[]): Spot[] {
  const lets = letsIn(root);
  const parameters = parametersIn(root);
  const known = new Set(schemas.map(({ name }) => name));
  const names = findKinds(root, "NameReference");
  const tables = [...names, ...findKinds(root, "FunctionCallExpression", "PathExpression")].filter(
    (found) => {
      const name = tableOf(found.tree);
      if (name === undefined || name === "*" || lets.has(name) || parameters.has(name)) return false;
      const source = isSource(found);
      return source === "maybe" ? known.has(name) : source;
    },
  );
  return tables.flatMap((found) => {
    if (isFiltered(found, { names, inside: new Set() })) return [];
    const name = tableOf(found.tree) ?? "";
    const time = timeOf(schemas.find((each) => each.name === name));
    const text = `${name} is read without a filter by time`;
    return [spot("no-time-filter", found.tree, { text, fix: fixWith(time) })];
  });
}

function timeOf(schema: Schema | undefined): string {
  const has = (wanted: string): boolean => schema?.columns.some(({ name }) => name === wanted) ?? false;
  return has("timestamp") && !has("TimeGenerated") ? "timestamp" : "TimeGenerated";
}

function fixWith(time: string): string {
  return `add | where ${time} > ago(1d), unless a window is sent beside the text, as azwise kql run does`;
}

/** The table that stands here: its name, `table("T")`, or one of another resource. */
function tableOf(tree: Tree): string | undefined {
  if (tree.kind === "NameReference") return wordOf(tree);
  if (tree.kind === "FunctionCallExpression") return tableCalled(tree);
  const selector = tree.parts["Selector"];
  return selector?.kind === "NameReference" ? wordOf(selector) : undefined;
}

/** Whether a filter by time stands between a table and what puts its rows together or picks some, or in each use. */
function isFiltered({ tree, around }: Found, scope: Scope): boolean {
  let inner = tree;
  for (const outer of around) {
    const { kind, parts } = outer;
    if (kind === "PipeExpression" && parts["Expression"] === inner) {
      if (isTimeFilter(parts["Operator"])) return true;
      if (PICKING.has(parts["Operator"]?.kind ?? "")) return false;
    }
    if (kind === "FindOperator" || kind === "SearchOperator") {
      if (boundsTime(parts["Condition"])) return true;
    }
    // What stands on the other side of an operator is not what its pipeline filters further on.
    if (kind === "PipeExpression" && parts["Operator"] === inner && inner.kind !== "UnionOperator")
      return false;
    if (kind === "ToScalarExpression") return false;
    if (kind === "LetStatement") return areFiltered(wordOf(outer), scope);
    inner = outer;
  }
  return false;
}

function areFiltered(name: string, scope: Scope): boolean {
  if (scope.inside.has(name)) return true;
  const inside = new Set([...scope.inside, name]);
  const uses = scope.names.filter(({ tree }) => wordOf(tree) === name);
  return uses.every((use) => isFiltered(use, { ...scope, inside }));
}

function isTimeFilter(operator: Tree | undefined): boolean {
  return operator?.kind === "FilterOperator" && boundsTime(operator.parts["Condition"]);
}

/** A comparison that leaves out what is older than something, alone or beside others that hold, too. */
function boundsTime(condition: Tree | undefined): boolean {
  if (!condition) return false;
  const { kind, parts } = condition;
  if (kind === "ParenthesizedExpression") return boundsTime(parts["Expression"]);
  if (kind === "AndExpression") return boundsTime(parts["Left"]) || boundsTime(parts["Right"]);
  if (ABOVE.has(kind) || kind === "BetweenExpression") {
    if (isTime(parts["Left"])) return true;
  }
  return BELOW.has(kind) && isTime(parts["Right"]);
}

/** The time of a row itself; of what is made from it nobody can tell. */
function isTime(side: Tree | undefined): boolean {
  if (side?.kind === "ParenthesizedExpression") return isTime(side.parts["Expression"]);
  return ["NameReference", "FunctionCallExpression"].includes(side?.kind ?? "") && TIMES.has(wordOf(side));
}
