import { isNear, nearestIds } from "../../../docs/nearest.ts";
import type { Diagnostic, Parser, Tree } from "../../../kql/official.ts";
import { spot, type Spot } from "./rules.ts";
import type { Known, KnownTable } from "./schemas.ts";
import { rowsAt, shaperOf } from "./shape.ts";
import type { Found } from "./tree.ts";

/** What a text is held against, and what it names. */
export interface Looking extends Known {
  root: Tree;
  text: string;
  parser: Parser;
  /** Names and calls, by where they begin. */
  names: ReadonlyMap<number, Found>;
  /** Tables that the text reads and that are known. */
  read: readonly KnownTable[];
  /** What the text itself says of rows, as one look at them is long where a text names many columns. */
  shapes: Map<Tree, Shape | undefined>;
  /** Whether a table that is read has the columns that its senders send. */
  isOpen: boolean;
}

interface Shape {
  keyword: string;
  columns: readonly string[];
}

export function unknownColumn(name: string, where: Diagnostic, looking: Looking): Spot {
  return (
    notBehind(name, where, looking) ?? elsewhere(name, where, looking) ?? notInTables(name, where, looking)
  );
}

/** Where the text itself says which columns there are, nothing else can bring another one. */
function notBehind(name: string, where: Diagnostic, looking: Looking): Spot | undefined {
  const shape = shapeAt(looking.names.get(where.start), looking);
  if (!shape) return undefined;
  const { keyword, columns } = shape;
  const some = nearestIds(name, columns);
  const such = some.length < columns.length ? `${some.join(", ")}, …` : some.join(", ");
  return spot("unknown-column", where, {
    text: `${name} is no column behind ${keyword}`,
    fix: nearest(name, columns) ?? `name one that comes out there: ${such}`,
  });
}

function shapeAt(found: Found | undefined, looking: Looking): Shape | undefined {
  const rows = found && rowsAt(found);
  if (!found || !rows) return undefined;
  const { shapes, root, text } = looking;
  if (!shapes.has(rows)) {
    const shaper = shaperOf(rows, root);
    const [keyword = ""] = /^[\w-]+/.exec(text.slice(shaper?.start)) ?? [];
    shapes.set(rows, shaper && { keyword, columns: columnsOf(rows, found, looking) });
  }
  return shapes.get(rows);
}

/** Names of the columns of rows, by the official analysis of the text up to there. */
function columnsOf(rows: Tree, { around }: Found, { text, parser, schemas }: Looking): string[] {
  const statement = around.findLast(({ kind }) => ["ExpressionStatement", "LetStatement"].includes(kind));
  const before = text.slice(0, statement?.start ?? 0);
  const { columns = [] } = parser.parse(before + text.slice(rows.start, rows.end), schemas);
  return columns.map((each) => each.name);
}

/** What an article averages to learn of processor and memory. */
const USAGE = /^(?:CpuUsageNanoCores|MemoryWorkingSetBytes)(?:_d)?$/;
const SYSTEM_LOGS = /^ContainerAppSystemLogs(?:_CL)?$/;

function elsewhere(name: string, where: Diagnostic, { read, workspace }: Looking): Spot | undefined {
  const table = read.find((each) => SYSTEM_LOGS.test(each.name));
  if (!table || !USAGE.test(name)) return undefined;
  return spot("usage-column", where, {
    text: `${name} is no column of ${table.name}: processor and memory are metrics, in AzureMetrics`,
    ...(workspace === undefined ? {} : { weight: "error" }),
  });
}

function notInTables(name: string, where: Diagnostic, { schemas, workspace, read, isOpen }: Looking): Spot {
  const tables = read.length > 0 ? read : schemas;
  const whose = read.length === 1 ? (read[0]?.name ?? "") : read.map((each) => each.name).join(", ");
  const columns = tables.flatMap((each) => each.columns.map((column) => column.name));
  const near = nearest(name, [...new Set(columns)]);
  const of = whose === "" ? "" : ` of ${whose}`;
  if (workspace !== undefined) {
    const text = `${name} is neither a column${of} in ${workspace} nor a name of this text`;
    return spot("unknown-column", where, near === undefined ? { text } : { text, fix: near });
  }
  const more = "--schema-from WORKSPACE takes the columns of its tables instead";
  const isWhole = !isOpen && read.every((each) => each.isWhole);
  const why = isOpen ? "whether there is one depends on who sends" : "which are not all that there are";
  return spot("unknown-column", where, {
    text: isWhole
      ? `${name} is neither a column${of} that azwise knows nor a name of this text`
      : `${name} is not among the columns${of} that azwise ships${isOpen ? "; " : ", "}${why}`,
    fix: [...(near === undefined ? [] : [near]), more].join(" "),
    weight: isWhole ? "warning" : "info",
  });
}

/** The one that is nearest, of several the shortest, or one with the same letters in another order. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const swapped = names.find((each) => lettersOf(each) === lettersOf(name));
  const shortest = names.toSorted((left, right) => left.length - right.length);
  const best = swapped ?? nearestIds(name, shortest, 1).find((each) => isNear(name, each));
  return best === undefined ? undefined : `did you mean ${best}?`;
}

function lettersOf(name: string): string {
  return [...name.toLowerCase()].sort().join("");
}
