import type { Schema, Tree } from "../../kql/official.ts";
import { spot, type Spot } from "./lint-rules.ts";
import { findKinds, isSource, letsIn, parametersIn, tableCalled, wordOf, type Found } from "./lint-tree.ts";

const COMPARING = new Set(
  ["LessThan", "LessThanOrEqual", "GreaterThan", "GreaterThanOrEqual", "Equal", "Between"].map(
    (each) => `${each}Expression`,
  ),
);
const TIME_NAMES = new Set(["TimeGenerated", "timestamp", "ago", "now", "ingestion_time"]);

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

/** Whether a filter by time stands between a table and the end of its statement, or in each use of its name. */
function isFiltered({ tree, around }: Found, scope: Scope): boolean {
  let inner = tree;
  for (const outer of around) {
    const { kind, parts } = outer;
    if (kind === "PipeExpression" && parts["Expression"] === inner && isTimeFilter(parts["Operator"]))
      return true;
    if (kind === "FindOperator" || kind === "SearchOperator") {
      if (namesTime(parts["Condition"])) return true;
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
  return operator?.kind === "FilterOperator" && namesTime(operator.parts["Condition"]);
}

/** A comparison with a time, alone or beside others that hold, too. */
function namesTime(condition: Tree | undefined): boolean {
  if (!condition) return false;
  const { kind, parts } = condition;
  if (kind === "ParenthesizedExpression") return namesTime(parts["Expression"]);
  if (kind === "AndExpression") return namesTime(parts["Left"]) || namesTime(parts["Right"]);
  if (!COMPARING.has(kind)) return false;
  const names = findKinds(condition, "NameReference", "DateTimeLiteralExpression");
  return names.some(({ tree }) => tree.kind !== "NameReference" || TIME_NAMES.has(wordOf(tree)));
}
