import { cellText, hasReasons, isRightAligned } from "./cell.ts";
import { type Citations, citationText, marks } from "./citations.ts";
import type { Target } from "./document.ts";
import { maskIds, redact } from "./redact.ts";
import { escapeMarkdown, stripControl } from "./text.ts";
import type { Note, Table } from "./view.ts";

export interface Page {
  /** Shown first, as it is. */
  text?: readonly string[];
  tables: readonly Table[];
  /** Shown as they are: a drawing, or the result of a query that has no rows of cells. */
  lines?: readonly string[];
  notes: readonly Note[];
}

export interface PageOptions {
  command: string;
  now: Date;
  target?: Target;
  showIds: boolean;
  citations: Citations;
}

type Mask = (text: string) => string;

/** Ready to paste into a ticket: no escape codes, no secrets, ids masked unless asked for. */
export function renderMarkdown(page: Page, options: PageOptions): string {
  const mask: Mask = options.showIds ? (text) => text : maskIds;
  const { citations } = options;
  const blocks = [
    heading(options, mask),
    textBlock(page.text ?? [], mask),
    ...page.tables.map((table) => tableBlock(table, citations, mask)),
    textBlock(page.lines ?? [], mask),
    [...page.notes, ...(holdsMaskedCommand(page, mask) ? [MASKED] : [])]
      .map((note) => noteLine(note, citations, mask))
      .join("\n"),
    ...sources(citations),
  ];
  return blocks
    .filter((block) => block !== "")
    .map((block) => `${block}\n`)
    .join("\n");
}

const MASKED: Note = {
  level: "info",
  text: "ids are masked, also in commands; with --show-ids they can be typed as they are",
};

/** Whether somebody who types a command of the page would type what is no id. */
function holdsMaskedCommand({ text = [], tables, lines = [], notes }: Page, mask: Mask): boolean {
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells.map(cellText)));
  return [...text, ...cells, ...lines, ...notes.map((note) => note.text)].some((each) => {
    const [command] = /\baz(?:wise)? [a-z].*/s.exec(each) ?? [];
    return command !== undefined && mask(command) !== command;
  });
}

function heading({ command, now, target }: PageOptions, mask: Mask): string {
  const utc = `${now.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const facts = [utc];
  if (target) {
    const label = target.subscriptionIds.length === 1 ? "subscription" : "subscriptions";
    facts.push(`cloud ${target.cloud}`, `tenant ${target.tenantId}`);
    facts.push(`${label} ${target.subscriptionIds.join(", ")}`);
  }
  const line = escapeMarkdown(mask(stripControl(facts.join("; "))));
  return `> ${codeSpan(mask(redact(stripControl(command))))}\n>\n> ${line}`;
}

function tableBlock(table: Table, citations: Citations, mask: Mask): string {
  const show = (text: string) => escapeMarkdown(mask(stripControl(text)));
  const title = table.title === undefined ? [] : [`**${show(table.title)}**`];
  if (table.rows.length === 0) return title.join("");
  const withReasons = hasReasons(table);
  const headers = [...table.columns.map(({ header }) => show(header)), ...(withReasons ? ["Why"] : [])];
  const rules = headers.map((_, index) => (isRightAligned(table, index) ? "---:" : "---"));
  const rows = table.rows.map((row) => [
    ...table.columns.map((_, index) => show(cellText(row.cells[index]))),
    ...(withReasons ? [marks(row.because, citations)] : []),
  ]);
  const lines = [headers, rules, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [...title.flatMap((line) => [line, ""]), ...lines].join("\n");
}

function textBlock(lines: readonly string[], mask: Mask): string {
  if (lines.length === 0) return "";
  const text = lines.map((line) => mask(stripControl(line))).join("\n");
  const fence = "`".repeat(Math.max(3, longestBackticks(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

function noteLine({ level, text, because }: Note, citations: Citations, mask: Mask): string {
  const label = level === "warning" ? "**Warning:**" : "Note:";
  return [`- ${label} ${escapeMarkdown(mask(stripControl(text)))}`, marks(because, citations)]
    .filter((part) => part !== "")
    .join(" ");
}

function sources(citations: Citations): string[] {
  const lines = citations.list.map((citation, index) => {
    const url = citation.url === null ? "" : ` <${stripControl(citation.url)}>`;
    return `${index + 1}. ${escapeMarkdown(stripControl(citationText(citation, citations)))}${url}`;
  });
  return lines.length === 0 ? [] : ["Sources", lines.join("\n")];
}

function codeSpan(text: string): string {
  const fence = "`".repeat(longestBackticks(text) + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}

function longestBackticks(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
