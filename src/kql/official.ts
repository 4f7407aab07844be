import type { Place } from "./syntax.ts";

/** A node of the official syntax tree, as a plain value: `kind` and the names of parts are Microsoft's. */
export interface Tree {
  kind: string;
  /** What a token stands for: its text, without the marks of a literal. Empty for other nodes. */
  text: string;
  start: number;
  end: number;
  place: Place;
  children: readonly Tree[];
  parts: Readonly<Record<string, Tree>>;
}

export interface Diagnostic {
  severity: "error" | "warning" | "suggestion" | "information";
  /** As `KS142`. */
  code: string;
  message: string;
  place: Place;
  /** Offsets in the text. */
  start: number;
  end: number;
}

export interface Schema {
  name: string;
  columns: readonly { name: string; type: string }[];
}

export interface Parsed {
  root: Tree;
  /** Of the answer; only with schemas, and only where it is a table. */
  columns?: readonly { name: string; type: string }[];
  diagnostics: readonly Diagnostic[];
}

/** The few members of the library that are used; its own declarations are 1.7 MB that tsc would read each time. */
interface Library {
  Kusto: {
    Language: {
      KustoCode: {
        Parse(text: string): Code;
        ParseAndAnalyze(text: string, globals: Globals): Code;
      };
      GlobalState: { Default: Globals };
      Symbols: {
        DatabaseSymbol: { ctor: new (name: string, tables: readonly unknown[]) => unknown };
        TableSymbol: { ctor: new (columns: readonly unknown[]) => { WithName(name: string): unknown } };
        ColumnSymbol: new (name: string, type: unknown) => unknown;
        ScalarTypes: { GetSymbol(type: string): unknown; Unknown: unknown };
      };
      Syntax: { SyntaxKind: unknown };
    };
  };
  System: { Enum: { toString(type: unknown, value: number): string } };
}

interface Globals {
  WithDatabase(database: unknown): Globals;
}

interface Code {
  Syntax: Element;
  ResultType: { Columns?: List<{ Name: string; Type: { Name: string } }> } | null;
  GetDiagnostics(): List<OfficialDiagnostic>;
}

interface List<T> {
  Count: number;
  getItem(index: number): T;
}

interface OfficialDiagnostic {
  Code: string;
  Severity: string;
  Message: string;
  Start: number;
  Length: number;
}

interface Element {
  Kind: number;
  IsToken: boolean;
  ValueText: string;
  TextStart: number;
  End: number;
  ChildCount: number;
  GetChild(index: number): Element | null;
  GetName(index: number): string;
}

/** The official parser. Its first text takes a second or more, the next ones milliseconds. */
export interface Parser {
  /** The syntax tree of a text, and with schemas also what the official analysis says of names and types. */
  parse(text: string, schemas?: readonly Schema[]): Parsed;
}

/**
 * Loads the parser of Microsoft, which takes a third of a second, so only where a query is really read. It exports
 * nothing, but defines Bridge, System and Kusto as globals; no other file knows them.
 */
export async function loadParser(): Promise<Parser> {
  await import("@kusto/language-service-next/bridge.min.js");
  await import("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
  const library = globalThis as unknown as Library;
  return { parse: (text, schemas) => parse(library, text, schemas) };
}

/** Names of kinds: to ask the library for one takes longer than to parse a line. */
const KINDS = new Map<number, string>();

function parse({ Kusto, System }: Library, text: string, schemas?: readonly Schema[]): Parsed {
  const { KustoCode, Syntax } = Kusto.Language;
  const code = schemas
    ? KustoCode.ParseAndAnalyze(text, globalsWith(Kusto.Language, schemas))
    : KustoCode.Parse(text);
  const placeOf = places(text);
  const kindOf = (kind: number): string => {
    const known = KINDS.get(kind) ?? System.Enum.toString(Syntax.SyntaxKind, kind);
    KINDS.set(kind, known);
    return known;
  };
  const toTree = (element: Element): Tree => {
    const children: Tree[] = [];
    const parts: Record<string, Tree> = {};
    for (let index = 0; index < element.ChildCount; index += 1) {
      const child = element.GetChild(index);
      if (!child) continue;
      const tree = toTree(child);
      children.push(tree);
      const name = element.GetName(index);
      if (name) parts[name] = tree;
    }
    const { TextStart: start, End: end } = element;
    const own = element.IsToken ? element.ValueText : "";
    return { kind: kindOf(element.Kind), text: own, start, end, place: placeOf(start, end), children, parts };
  };
  const columns = schemas ? code.ResultType?.Columns : undefined;
  return {
    root: toTree(code.Syntax),
    diagnostics: toArray(code.GetDiagnostics()).map((each) => toDiagnostic(each, placeOf)),
    ...(columns
      ? { columns: toArray(columns).map(({ Name, Type }) => ({ name: Name, type: Type.Name })) }
      : {}),
  };
}

/** By the list of schemas: to make symbols of a workspace's hundreds of tables takes longer than to read a query. */
const GLOBALS = new WeakMap<readonly Schema[], Globals>();

function globalsWith(language: Library["Kusto"]["Language"], schemas: readonly Schema[]): Globals {
  const globals = GLOBALS.get(schemas) ?? makeGlobals(language, schemas);
  GLOBALS.set(schemas, globals);
  return globals;
}

function makeGlobals(
  { GlobalState, Symbols }: Library["Kusto"]["Language"],
  schemas: readonly Schema[],
): Globals {
  const { ScalarTypes } = Symbols;
  const toColumn = ({ name, type }: { name: string; type: string }): unknown =>
    new Symbols.ColumnSymbol(name, ScalarTypes.GetSymbol(type) ?? ScalarTypes.Unknown);
  const tables = schemas.map(({ name, columns }) =>
    new Symbols.TableSymbol.ctor(columns.map(toColumn)).WithName(name),
  );
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", tables));
}

function toArray<T>(list: List<T>): T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}

function toDiagnostic(
  { Code, Severity, Message, Start, Length }: OfficialDiagnostic,
  placeOf: (start: number, end: number) => Place,
): Diagnostic {
  const severity = Severity.toLowerCase() as Diagnostic["severity"];
  const end = Start + Length;
  return { severity, code: Code, message: Message, place: placeOf(Start, end), start: Start, end };
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** The index of the last start that is not behind an offset; halved, as each node of a long text asks. */
export function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Places of offsets, with the first word that stands there. */
function places(text: string): (start: number, end: number) => Place {
  const starts = [0, ...[...text.matchAll(LINE_END)].map((each) => each.index + each[0].length)];
  return (start, end) => {
    const line = lineAt(starts, start);
    const shown = /^\S+/.exec(text.slice(start, Math.max(end, start)))?.[0] ?? "";
    return {
      line: line + 1,
      column: start - (starts[line] ?? 0) + 1,
      text: shown === "" ? wordAt(text, start) : shown,
    };
  };
}

function wordAt(text: string, start: number): string {
  return (
    /^\S+/.exec(text.slice(start))?.[0] ?? (text.slice(start).trim() === "" ? "<EOF>" : text.charAt(start))
  );
}
