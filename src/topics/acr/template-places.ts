import type { Place } from "./place.ts";

// A comment may hold what looks like the end of an action.
const ACTION = /\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}|\{\{[\s\S]*?\}\}/g;

/**
 * The lines of a text that is no YAML, without comments. They are told and never changed: without a parser nobody can
 * say whether a line is an image, or a part of a longer text that looks like one.
 */
export function templatePlaces(text: string): Place[] {
  const actions = [...text.matchAll(ACTION)].map(({ index, 0: action }) => [index, index + action.length]);
  const places: Place[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    const isInside = actions.some(([from = 0, to = 0]) => from < start && to > start);
    const value = line.replace(/(^|\s)#.*$/, "");
    if (!isInside) places.push({ role: "line", value, at: start, key: "" });
    start = end + 1;
  }
  return places;
}
