import type { Note, Row, Table, View } from "../../output/view.ts";
import { queryJson } from "./list.ts";
import type { FilledFlavour, ShowResult } from "./show.ts";

export function viewShow({ query, given, chosen, flavours }: ShowResult): View {
  return {
    data: {
      query: {
        ...queryJson(query),
        row: query.row,
        next: [...query.next],
        because: [...query.because],
        flavour: chosen.name,
        texts: Object.fromEntries(flavours.map(({ name, filled }) => [name, filled])),
      },
    },
    text: chosen.filled.trimEnd().split("\n"),
    tables: [
      aboutTable(query, chosen),
      ...(query.parameters.length === 0 ? [] : [parameterTable({ query, given })]),
      ...(flavours.length === 1 ? [] : [flavourTable(flavours)]),
      {
        title: "Next",
        columns: [{ header: "what to do", whole: true }],
        rows: query.next.map((text) => ({ cells: [text] })),
      },
    ],
    notes: notesOf(chosen, flavours),
  };
}

function aboutTable(
  { name, summary, row, window, because }: ShowResult["query"],
  { when }: FilledFlavour,
): Table {
  const rows: Row[] = [
    { cells: ["query", name] },
    { cells: ["what for", summary], because },
    { cells: ["a row is", row] },
    { cells: ["window", `${window} unless --since says otherwise`] },
    { cells: ["needs", when] },
  ];
  return { columns: [{ header: "field" }, { header: "value" }], rows };
}

function parameterTable({ query, given }: Pick<ShowResult, "query" | "given">): Table {
  return {
    title: "Parameters",
    columns: [{ header: "parameter" }, { header: "type" }, { header: "what for" }, { header: "value" }],
    rows: query.parameters.map(({ name, type, summary, default: otherwise }) => ({
      cells: [name, type === "dynamic" ? "list of texts" : type, summary, given.get(name) ?? otherwise],
    })),
  };
}

function flavourTable(flavours: readonly FilledFlavour[]): Table {
  return {
    title: "Flavours",
    columns: [{ header: "flavour" }, { header: "tables" }, { header: "when" }],
    rows: flavours.map(({ name, tables, when }) => ({
      cells: [name, tables.map((table) => table.name).join(", "), when],
      because: [...new Set(tables.flatMap(({ because }) => because))],
    })),
  };
}

function notesOf(chosen: FilledFlavour, flavours: readonly FilledFlavour[]): Note[] {
  const others = flavours.filter(({ name }) => name !== chosen.name).map(({ name }) => name);
  if (others.length === 0) return [];
  const text = `this is flavour ${chosen.name}; with --flavour ${others.join("|")} it is for other tables`;
  return [{ level: "info", text }];
}
