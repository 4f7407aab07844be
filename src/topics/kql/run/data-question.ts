import { AppError } from "../../../errors.ts";
import { fillQuery, tablesOf } from "../catalogue/fill-query.ts";
import { findFlavour } from "../catalogue/find-query.ts";
import type { DataTable } from "./data-table.ts";
import { chooseFlavour } from "../flavour-plan.ts";
import type { TableState } from "../probe-table.ts";
import type { Question } from "./result.ts";
import type { TableSchema } from "../schemas/table-schema.ts";

/** The text to ask, and of a query of the catalogue in which flavour, and which others have rows, too. */
export interface AskedText {
  text: string;
  used: { query: string; flavour: string; also: readonly string[] } | undefined;
}

/** Schemas of tables whose names somebody chose. */
export function schemasOf(question: Question): TableSchema[] {
  if ("text" in question) return [];
  const { query, given } = question;
  return query.flavours.flatMap((each) => [...tablesOf(query, each, given)]);
}

/** Of a query of the catalogue the flavour that the files are of. Throws AppError "usage" where they are of none. */
export function textFor(question: Question, tables: readonly DataTable[]): AskedText {
  if ("text" in question) return { text: question.text, used: undefined };
  const { query, given, flavour: typed } = question;
  const flavours = typed === undefined ? query.flavours : [findFlavour(query, typed)];
  const probed = flavours.map((flavour) => {
    const [table] = tablesOf(query, flavour, given);
    return { flavour: flavour.name, table: stateOf(table?.name ?? "", tables) };
  });
  const { flavour: name, also } = chooseFlavour(probed);
  if (probed.every(({ table }) => table.state === "missing")) {
    const names = probed.map(({ table }) => table.table);
    throw new AppError(
      "usage",
      `${query.name} reads ${names.join(" or ")}, and the files are of ${tables.map((each) => each.name).join(", ")}`,
      { hint: `--data ${names[0] ?? "TABLE"}=FILE` },
    );
  }
  const text = fillQuery(query, findFlavour(query, name), given);
  return { text, used: { query: query.name, flavour: name, also } };
}

function stateOf(table: string, tables: readonly DataTable[]): TableState {
  const seen = tables.find(({ name }) => name === table);
  if (!seen) return { table, state: "missing" };
  const { inWindow, rows, last = "" } = seen;
  if (inWindow > 0) return { table, state: "quiet", rows: inWindow, last };
  return rows > 0 ? { table, state: "older", last } : { table, state: "silent" };
}
