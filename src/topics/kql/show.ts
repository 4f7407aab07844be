import * as z from "zod";
import { verb } from "../../verb.ts";
import type { CatalogueQuery, Flavour } from "./catalogue/catalogue-query.ts";
import { fillQuery, readGiven, tablesOf, type Given } from "./catalogue/fill-query.ts";
import { findFlavour, findQuery } from "./catalogue/find-query.ts";
import { viewShow } from "./show-view.ts";

const ShowInput = z.object({
  name: z.string(),
  flavour: z.string().optional(),
  param: z.array(z.string()).default([]),
});
type ShowInput = z.infer<typeof ShowInput>;

export interface FilledFlavour extends Flavour {
  /** The text with its literals. */
  filled: string;
}

export interface ShowResult {
  query: CatalogueQuery;
  given: Given;
  /** The flavour whose text is shown. */
  chosen: FilledFlavour;
  flavours: readonly FilledFlavour[];
}

async function runShow({ name, flavour, param }: ShowInput): Promise<ShowResult> {
  const query = findQuery(name);
  const wanted = findFlavour(query, flavour);
  const given = readGiven(param);
  const flavours = query.flavours.map((each) => fillFlavour(query, each, given));
  const chosen = flavours.find((each) => each.name === wanted.name) ?? fillFlavour(query, wanted, given);
  return { query, given, chosen, flavours };
}

function fillFlavour(query: CatalogueQuery, flavour: Flavour, given: Given): FilledFlavour {
  return { ...flavour, tables: tablesOf(query, flavour, given), filled: fillQuery(query, flavour, given) };
}

export const show = verb({
  name: "show",
  summary: "The text of one query, what a row of it means, what to do next, and its sources",
  args: ["<name>"],
  flags: [
    { flag: "--flavour <name>", summary: "the text for these tables; otherwise the first one's" },
    {
      flag: "--param <name=value>",
      summary: "a parameter's value; what is not given has its default",
      repeat: true,
    },
  ],
  examples: [
    "kql show container-restarts --param app=shop-web",
    "kql show postgres-tls-failures --flavour azure-diagnostics",
    "kql show flow-denied > denied.kql",
  ],
  details: `
Asks no Azure and needs no sign-in. A pipe gets the text alone, ready to be run; -o json has those of all flavours.
Values become KQL literals with everything escaped that has a meaning, so no value changes what is asked. A list is
a,b or ["a","b"], a time span 5m, 1h or 7d. The window of time is no part of the text: it is sent beside it.`,
  input: ShowInput,
  run: runShow,
  view: viewShow,
});
