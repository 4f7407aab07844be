import type { JsonObject } from "../json.ts";
import { asObject } from "./arm.ts";
import type { GraphPort } from "./ports.ts";

/** A resource as Resource Graph has it, which is minutes behind. */
export interface NamedResource {
  id: string;
  name: string;
  /** Lower case, as `microsoft.app/containerapps`. */
  type: string;
  properties: JsonObject;
}

export interface Wanted {
  name: string;
  /** Lower case. */
  types: readonly string[];
}

/** Names of resources; another one is asked for by nobody, and could become a part of the query. */
const NAME = /^[\w.-]{1,128}$/;

/** Resources of these types with this name; what may not be read is left out without a word. */
export async function findByName(
  graph: GraphPort,
  { name, types }: Wanted,
  subscriptionIds: readonly string[],
): Promise<NamedResource[]> {
  if (!NAME.test(name)) return [];
  const isType = types.map((type) => `type =~ '${type}'`).join(" or ");
  const query = `resources\n| where name =~ '${name}' and (${isType})\n| project id, name, type, properties`;
  const found: NamedResource[] = [];
  for await (const { rows } of graph.query(query, subscriptionIds)) found.push(...rows.map(toResource));
  return found;
}

function toResource({ id, name, type, properties }: JsonObject): NamedResource {
  return {
    id: String(id),
    name: String(name),
    type: String(type).toLowerCase(),
    properties: asObject(properties),
  };
}
