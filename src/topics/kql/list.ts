import * as z from "zod";
import type { JsonObject } from "../../json.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import type { CatalogueQuery } from "./catalogue/catalogue-query.ts";
import { catalogue } from "./catalogue/catalogue.ts";

const ListInput = z.object({});

function viewList(queries: readonly CatalogueQuery[]): View {
  return {
    data: { queries: queries.map(queryJson) },
    tables: [
      {
        columns: [
          { header: "query" },
          { header: "what for" },
          { header: "tables" },
          { header: "parameters" },
        ],
        rows: queries.map((query) => ({
          cells: [query.name, query.summary, tableNames(query).join(", "), parameterNames(query).join(", ")],
        })),
      },
    ],
    notes: [],
  };
}

function tableNames({ flavours }: CatalogueQuery): string[] {
  return [...new Set(flavours.flatMap(({ tables }) => tables.map(({ name }) => name)))];
}

function parameterNames({ parameters }: CatalogueQuery): string[] {
  return parameters.map(({ name }) => name);
}

/** What is known of a query before it is filled. */
export function queryJson({
  name,
  summary,
  window,
  parameters,
  flavours,
  alert,
}: CatalogueQuery): JsonObject {
  return {
    name,
    summary,
    window,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      type: parameter.type,
      summary: parameter.summary,
      default: parameter.default,
    })),
    flavours: flavours.map((flavour) => ({
      name: flavour.name,
      when: flavour.when,
      tables: flavour.tables.map((table) => table.name),
    })),
    alert: alert === undefined ? null : { ...alert, because: [...alert.because] },
  };
}

export const list = verb({
  name: "list",
  summary: "The queries that azwise brings along: what for, tables, parameters",
  flags: [],
  examples: ["kql list", "kql list --query 'queries[].name' -o tsv"],
  details: `
Asks no Azure and needs no sign-in. Every query has a default for each of its parameters, so that it runs by its name.`,
  input: ListInput,
  run: async () => catalogue,
  view: viewList,
});
