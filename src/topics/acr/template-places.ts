import type { Place } from "./place.ts";

// A comment may hold what looks like the end of an action.
const ACTION = /\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}|\{\{[\s\S]*?\}\}/g;
const IMAGE_LINE = /^(\s*(?:- +)*(["']?)image\2:[ \t]+)(\S.*)$/;
const BLOCK_HEADER = /(?:^|[:\s-] *)[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?$/;

/** The images of a text that is no YAML, and every other line: all in block scalars, none in template comments. */
export function templatePlaces(text: string): Place[] {
  const actions = [...text.matchAll(ACTION)].map(({ index, 0: action }) => [index, index + action.length]);
  const places: Place[] = [];
  let start = 0;
  let block = -1;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    const indent = line.search(/\S/);
    // An action may stand at the margin of a block and goes on with it.
    if (indent >= 0 && indent <= block && !line.startsWith("{{", indent)) block = -1;
    const isInside = actions.some(([from = 0, to = 0]) => from < start && to > start);
    const images = block < 0 ? imageOn(line, start) : [];
    const other: Place = { role: "other", value: line.replace(/(^|\s)#.*$/, ""), at: start, key: "" };
    if (!isInside) places.push(...(images.length > 0 ? images : [other]));
    if (block < 0 && BLOCK_HEADER.test(line.trimEnd())) block = Math.max(indent, 0);
    start = end + 1;
  }
  return places;
}

function imageOn(line: string, start: number): Place[] {
  const [, before, , rest = ""] = IMAGE_LINE.exec(line.trimEnd()) ?? [];
  if (before === undefined) return [];
  const at = start + before.length;
  const quote = /^["']/.exec(rest)?.[0];
  if (rest.includes("{{")) return [{ role: "image", key: "image", value: rest, at }];
  if (quote === undefined) {
    const [value = ""] = rest.split(/[ \t]+#/);
    return [{ role: "image", key: "image", value, at }];
  }
  const close = rest.indexOf(quote, 1);
  return close < 0 ? [] : [{ role: "image", key: "image", value: rest.slice(1, close), at: at + 1 }];
}
