import { nearestIds } from "../../../docs/nearest.ts";
import { shellWord } from "../../../azure/shell-word.ts";
import { AppError } from "../../../errors.ts";
import { toLiteral } from "../../../kql/literal.ts";
import { fill, slotsOf } from "../../../kql/places.ts";
import type { TableSchema } from "../schemas/table-schema.ts";
import type { CatalogueQuery, Flavour, Parameter } from "./catalogue-query.ts";

/** What was typed for parameters, by name. */
export type Given = ReadonlyMap<string, string>;

/** `name=value` words as a map; throws AppError (usage) for a word of another form, and for a name given twice. */
export function readGiven(words: readonly string[]): Given {
  const given = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1)
      throw new AppError("usage", `--param ${word} has no value`, { hint: "as --param app=shop-web" });
    const name = word.slice(0, at);
    if (given.has(name))
      throw new AppError("usage", `--param ${name} is given twice`, { hint: "give it once" });
    given.set(name, word.slice(at + 1));
  }
  return given;
}

/** The text of a flavour with a literal in each place; throws AppError (usage) for a wrong name or value. */
export function fillQuery(query: CatalogueQuery, { text }: Flavour, given: Given): string {
  refuseUnknown(query, given);
  const literals = query.parameters.map((parameter): [string, string] => [
    parameter.name,
    literalOf(parameter, given),
  ]);
  return fill(text, new Map(literals));
}

/** The tables that a text names once it is filled. */
export function tablesOf(
  { tableParameter }: CatalogueQuery,
  { tables, text }: Flavour,
  given: Given,
): readonly TableSchema[] {
  const named = slotsOf(text).some(({ name }) => name === tableParameter) ? tableParameter : undefined;
  const own = named === undefined ? undefined : given.get(named);
  if (own === undefined) return tables;
  return tables.map((table, index) => (index === 0 ? { ...table, name: own } : table));
}

/** Parameters that were given and for which a flavour has no place, so that they change nothing in it. */
export function unusedIn({ text }: Flavour, given: Given): string[] {
  const places = new Set(slotsOf(text).map(({ name }) => name));
  return [...given.keys()].filter((name) => !places.has(name));
}

function literalOf({ name, type, typed, default: otherwise }: Parameter, given: Given): string {
  const word = given.get(name) ?? otherwise;
  const { success, data, error } = typed.safeParse(word);
  if (success) return toLiteral(data, type);
  const reason = error.issues[0]?.message ?? "it cannot be read";
  throw new AppError("usage", `--param ${name}=${word}: ${reason}`, {
    hint:
      otherwise === ""
        ? `leave --param ${name} out for any`
        : `as --param ${shellWord(`${name}=${otherwise}`)}`,
  });
}

function refuseUnknown({ name: query, parameters }: CatalogueQuery, given: Given): void {
  const names = parameters.map(({ name }) => name);
  const unknown = [...given.keys()].find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const [nearest = ""] = nearestIds(unknown, names);
  throw new AppError("usage", `${query} has no parameter '${unknown}'`, {
    hint: `did you mean ${nearest}? azwise kql show ${query} lists them`,
  });
}
