import jmespath from "jmespath";
import type { Json } from "../json.ts";
import type { Observation } from "./observation.ts";

/** One thing that is not as an observation says. */
export interface Difference {
  path: string;
  /** The JMESPath expression, or "exists". */
  field: string;
  expected: Json;
  actual: Json;
}

/** Compares a resource's JSON (undefined: it does not exist) with what was observed or is expected. */
export function differences(observation: Observation, body: Json | undefined): Difference[] {
  const { path } = observation;
  const exists = body !== undefined;
  if (exists !== observation.exists) {
    return [{ path, field: "exists", expected: observation.exists, actual: exists }];
  }
  if (body === undefined) return [];
  return Object.entries(observation.fields).flatMap(([field, expected]) => {
    const actual = evaluate(body, field);
    return sameValue(expected as Json, actual) ? [] : [{ path, field, expected: expected as Json, actual }];
  });
}

/** An expression that does not fit the body, such as a function over a missing value, finds nothing. */
export function evaluate(body: Json, expression: string): Json {
  try {
    return (jmespath.search(body, expression) ?? null) as Json;
  } catch {
    return null;
  }
}

/** Whether the text is JMESPath at all. */
export function isExpression(text: string): boolean {
  try {
    jmespath.search(null, text);
    return true;
  } catch (error) {
    return error instanceof Error && !/^(lexer|parser)error$/i.test(error.name);
  }
}

/** Two observations with the same key need one read. */
export function readKey(observation: Observation): string {
  return JSON.stringify([observation.path.toLowerCase(), observation.apiVersion, observation.query ?? {}]);
}

/** Ids, sizes and states come in any casing, lists in any order, and in another one with the next answer. */
function sameValue(expected: Json, actual: Json): boolean {
  return normal(expected) === normal(actual);
}

function normal(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(normal).sort().join()}]`;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "string" ? each.toLowerCase() : each));
}

/** "sku.capacity is 3 instead of 4" */
export function describeDifference(difference: Difference | undefined): string {
  if (!difference) return "the state is as asked";
  const { field, expected, actual } = difference;
  return `${field} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
}
