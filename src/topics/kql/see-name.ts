import { tellFailure } from "../../azure/known.ts";
import { nearestIds } from "../../docs/nearest.ts";
import { toLiteral } from "../../kql/literal.ts";
import type { CatalogueQuestion } from "./ask-catalogue.ts";
import type { Flavour } from "./catalogue/catalogue-query.ts";
import { tablesOf } from "./catalogue/fill-query.ts";
import { askOnce, type Answer } from "./ask-once.ts";
import type { NameSeen } from "./run/result.ts";

/** More names than these are not compared with the one that was given. */
const MOST_NAMES = 1000;

type Asked = Pick<CatalogueQuestion, "logs" | "customerId" | "query" | "given" | "window">;

/**
 * Whether the name that was given occurs in the window, or the nearest ones that do: one question. Undefined where none
 * was given.
 */
export async function seeName(asked: Asked, flavour: Flavour): Promise<NameSeen | undefined> {
  const { logs, customerId, query, given, window } = asked;
  const parameter = flavour.names?.parameter ?? "";
  const name = given.get(parameter) ?? "";
  if (name === "") return undefined;
  const table = tablesOf(query, flavour, given)[0]?.name ?? "";
  const text = namesText(table, flavour, name);
  const read = await tellFailure("the names in the table", () =>
    askOnce(logs, { workspace: customerId, text, ...window }),
  );
  if ("unknown" in read) return { parameter, name, state: "untold", why: read.unknown };
  return seenIn(read.value, { parameter, name });
}

/** What an answer to `namesText` says of the name. */
export function seenIn(
  { rows, end }: Pick<Answer, "rows" | "end">,
  { parameter, name }: Pick<NameSeen, "parameter" | "name">,
): NameSeen {
  const [[, isGiven, count] = []] = rows;
  if (isGiven === true || isGiven === 1) return { parameter, name, state: "there", rows: Number(count) };
  // What the answer lacks may be the name.
  if (end.outcome !== "complete") {
    return { parameter, name, state: "untold", why: "not all names came" };
  }
  const names = rows.map(([each]) => String(each));
  return { parameter, name, state: "absent", nearest: nearestIds(name, names) };
}

/** The given name comes first, so that no limit can hide it; case does not matter to the catalogue's texts. */
export function namesText(table: string, { names, only }: Flavour, name: string): string {
  const { column = "", otherwise, others } = names ?? {};
  const own = ifThere(column);
  const value = otherwise === undefined ? own : `iff(isempty(${own}), ${otherwise}, ${own})`;
  const all = others && `pack_array(${[column, ...others].map(ifThere).join(", ")})`;
  return [
    table,
    ...(only === undefined ? [] : [`| where ${only}`]),
    all === undefined ? `| extend Name = ${value}` : `| mv-expand Name = ${all} to typeof(string)`,
    "| where isnotempty(Name)",
    "| summarize Rows = count() by Name",
    `| project Name, IsGiven = Name =~ ${toLiteral(name, "string")}, Rows`,
    "| order by IsGiven desc, Rows desc",
    `| take ${MOST_NAMES}`,
  ].join("\n");
}

/** A column that nobody has sent yet is not in a _CL table. */
function ifThere(column: string): string {
  return `column_ifexists("${column}", "")`;
}
