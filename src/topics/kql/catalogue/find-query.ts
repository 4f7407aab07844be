import { nearestIds } from "../../../docs/nearest.ts";
import { AppError } from "../../../errors.ts";
import type { CatalogueQuery, Flavour } from "./catalogue-query.ts";
import { catalogue } from "./catalogue.ts";

/** The query of this name; throws AppError (usage) with the nearest ones. */
export function findQuery(name: string): CatalogueQuery {
  const found = catalogue.find((each) => each.name === name);
  if (found) return found;
  const names = catalogue.map((each) => each.name);
  throw new AppError("usage", `no such query: ${name}`, {
    hint: `did you mean ${nearestIds(name, names).join(", ")}? azwise kql list shows all`,
  });
}

/** The flavour of this name, or the first one; throws AppError (usage) with those that there are. */
export function findFlavour({ name: query, flavours }: CatalogueQuery, name: string | undefined): Flavour {
  const found = name === undefined ? flavours[0] : flavours.find((each) => each.name === name);
  if (found) return found;
  throw new AppError("usage", `${query} has no flavour '${name ?? ""}'`, {
    hint: `use --flavour ${flavours.map((each) => each.name).join("|")}`,
  });
}
