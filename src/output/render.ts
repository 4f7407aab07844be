import type { Json } from "../json.ts";
import { type Citations, type Cite, collectCitations, marks } from "./citations.ts";
import type { ChartLook } from "./chart.ts";
import { loadPalette } from "./colour.ts";
import { buildDocument, type Target } from "./document.ts";
import type { Format } from "./format.ts";
import { renderJson } from "./json.ts";
import { renderNotes } from "./notes.ts";
import type { QueryShape } from "./query.ts";
import { renderTables } from "./table.ts";
import { stripControl } from "./text.ts";
import { renderTsv } from "./tsv.ts";
import type { View } from "./view.ts";

export interface RenderOptions {
  format: Format;
  /** JMESPath over the JSON document. */
  query?: string;
  colour: { stdout: boolean; stderr: boolean };
  /** Width of stdout; undefined when it is not a terminal. */
  columns: number | undefined;
  /** The terminal shows nothing but ASCII. */
  ascii?: boolean;
  showIds: boolean;
  /** The whole command line, "azwise" included. */
  command: string;
  now: Date;
  target?: Target;
  cite: Cite;
}

export interface Rendered {
  stdout: string;
  stderr: string;
}

/** A view as text for both streams; writes nothing itself. */
export async function render(view: View, options: RenderOptions): Promise<Rendered> {
  if (options.query !== undefined) return renderResult(view, options, options.query);
  switch (options.format) {
    case "table":
      return renderTableFormat(view, options);
    case "tsv":
      return {
        stdout: view.text ? plainLines(view.text) : renderTsv(view.tables[0]),
        stderr: await notesWithIds(view.text ? view : withLeftOut(view), options),
      };
    case "ndjson":
      // The verb wrote its lines itself.
      return { stdout: "", stderr: await notesWithIds(view, options) };
    case "sarif":
      return {
        stdout: await renderValue(view.documents?.sarif ?? {}, "json"),
        stderr: await notesWithIds(view, options),
      };
    case "github":
      return {
        stdout: plainLines(view.documents?.github ?? []),
        stderr: await notesWithIds(view, options),
      };
    case "md": {
      const { renderMarkdown } = await import("./markdown.ts");
      const citations = collectCitations(view, options.cite);
      const page = { ...view, lines: [...(view.lines ?? []), ...(await chartOnPage(view))] };
      return { stdout: renderMarkdown(page, { ...options, citations }), stderr: "" };
    }
    default:
      return { stdout: await renderValue(buildDocument(view, options), options.format), stderr: "" };
  }
}

/** A pipe gets one kind of record; that there is more must not go unnoticed. */
function withLeftOut(view: View): View {
  const count = view.tables.filter(({ rows }, index) => index === 0 || rows.length > 0).length;
  if (count < 2) return view;
  const text = `tsv has the first of ${count} tables; -o json has all`;
  return { ...view, notes: [...view.notes, { level: "info", text }] };
}

async function renderTableFormat(view: View, options: RenderOptions): Promise<Rendered> {
  const citations = collectCitations(view, options.cite);
  const look = { palette: await loadPalette(options.colour.stdout), columns: options.columns };
  const palette = await loadPalette(options.colour.stderr);
  const chart = await chartOnTerminal(view, { ...look, ascii: options.ascii === true });
  const rest = await renderTables(view.chart ? view.tables.slice(1) : view.tables, citations, look);
  const tables = chart === "" || rest === "" ? chart + rest : `${chart}\n${rest}`;
  return {
    stdout: view.text ? `${plainLines(view.text)}\n${tables}` : tables,
    stderr: renderNotes(view.notes, palette, (ids) => marks(ids, citations)),
  };
}

async function chartOnTerminal({ chart }: View, look: ChartLook): Promise<string> {
  if (!chart) return "";
  const { drawChart } = await import("./chart.ts");
  return (await drawChart(chart, look)).map((line) => `${line}\n`).join("");
}

async function chartOnPage({ chart }: View): Promise<string[]> {
  if (!chart) return [];
  const { drawChart, ON_A_PAGE } = await import("./chart.ts");
  return drawChart(chart, ON_A_PAGE);
}

/** A query's result is on stdout alone, so notes go to stderr; only Markdown has room for both. */
async function renderResult(view: View, options: RenderOptions, query: string): Promise<Rendered> {
  const { queryTable, queryTsv, runQuery } = await import("./query.ts");
  const result = await runQuery(buildDocument(view, options), query);
  if (options.format === "md") return renderResultPage(view, options, queryTable(result));
  const stderr = await notesWithIds(view, options);
  if (options.format === "tsv") return { stdout: queryTsv(result), stderr };
  if (options.format !== "table") {
    const format = options.format === "yaml" ? "yaml" : "json";
    return { stdout: await renderValue(result, format), stderr };
  }
  const shape = queryTable(result);
  if ("lines" in shape) return { stdout: plainLines(shape.lines), stderr };
  const look = { palette: await loadPalette(options.colour.stdout), columns: options.columns };
  return { stdout: await renderTables([shape.table], NO_CITATIONS, look), stderr };
}

function plainLines(lines: readonly string[]): string {
  return lines.map((line) => `${stripControl(line)}\n`).join("");
}

const NO_CITATIONS: Citations = { list: [], numbers: new Map() };

async function renderResultPage(view: View, options: RenderOptions, shape: QueryShape): Promise<Rendered> {
  const { renderMarkdown } = await import("./markdown.ts");
  const body = "table" in shape ? { tables: [shape.table] } : { tables: [], lines: shape.lines };
  const page = { ...body, notes: view.notes };
  return {
    stdout: renderMarkdown(page, { ...options, citations: collectCitations(page, options.cite) }),
    stderr: "",
  };
}

async function renderValue(value: Json, format: "json" | "yaml"): Promise<string> {
  if (format === "json") return renderJson(value);
  const { renderYaml } = await import("./yaml.ts");
  return renderYaml(value);
}

/** Where no list of sources follows, notes name their facts. */
async function notesWithIds(view: View, { colour }: RenderOptions): Promise<string> {
  return renderNotes(view.notes, await loadPalette(colour.stderr), (ids) => `(${ids.join(", ")})`);
}
