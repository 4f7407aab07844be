import type Yaml from "yaml";
import type { Document, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { isMuted, roleOf, type Place, type Role } from "./place.ts";

/** Every scalar of a text of YAML documents, keys included, or why it cannot be read. */
export async function yamlPlaces(text: string): Promise<{ places: Place[] } | { refused: string }> {
  const yaml = (await import("yaml")).default;
  try {
    const documents = [...yaml.parseAllDocuments(text, { merge: true, logLevel: "error" })] as Document[];
    const [error] = documents.flatMap(({ errors }) => errors);
    if (error) return { refused: (error.message.split("\n")[0] ?? "").replace(/:$/, "") };
    return { places: documents.flatMap((document) => placesIn({ yaml, document, text })) };
  } catch (error) {
    // Deeper than the stack allows.
    if (error instanceof RangeError) return { refused: "it is nested too deeply" };
    throw error;
  }
}

interface Reading {
  yaml: typeof Yaml;
  document: Document;
  text: string;
}

interface Walk extends Reading {
  /** The newest node of each anchor: asking the document for each alias takes too long. */
  anchors: Map<string, unknown>;
  found: Map<Scalar, Place>;
  /** Scalars that an alias in the place of an image stands for. */
  aliased: Map<Scalar, Role>;
}

interface Position {
  role: Role;
  key: string;
  /** The last key of a mapping on the way. */
  parent: string;
  isItem: boolean;
  isMuted: boolean;
}

function placesIn(reading: Reading): Place[] {
  const walk: Walk = { ...reading, anchors: new Map(), found: new Map(), aliased: new Map() };
  const top: Position = { role: "other", key: "", parent: "", isItem: false, isMuted: false };
  visit(reading.document.contents, top, walk);
  return [...walk.found].map(([scalar, place]) => {
    const role = walk.aliased.get(scalar);
    return role !== undefined && place.role === "other" ? { ...place, role } : place;
  });
}

function visit(node: unknown, position: Position, walk: Walk): void {
  const { yaml, anchors, text } = walk;
  if (yaml.isNode(node) && "anchor" in node && node.anchor !== undefined) anchors.set(node.anchor, node);
  if (yaml.isAlias(node)) {
    const target = position.role === "other" ? undefined : anchors.get(node.source);
    if (yaml.isScalar(target)) walk.aliased.set(target, position.role);
  } else if (yaml.isScalar(node)) {
    if (typeof node.value === "string") walk.found.set(node, toPlace(node, position, text));
  } else if (yaml.isSeq(node)) {
    visitItems(node, position, walk);
  } else if (yaml.isMap(node)) {
    // `{{ .Values.image }}` reads as a mapping in a mapping.
    const template = position.role === "image" ? templateAt(node, position, text) : undefined;
    if (template) walk.found.set(new yaml.Scalar(template.value), template);
    else visitPairs(node, position, walk);
  }
}

function visitItems({ items }: YAMLSeq, position: Position, walk: Walk): void {
  for (const [index, item] of items.entries()) {
    visit(item, { ...position, role: "other", isItem: true, key: `${position.key}[${index}]` }, walk);
  }
}

function visitPairs(map: YAMLMap, { key, parent, isItem, isMuted: muted }: Position, walk: Walk): void {
  const has = (name: string): boolean => map.has(name);
  for (const pair of map.items) {
    const name = walk.yaml.isScalar(pair.key) ? String(pair.key.value) : "";
    const path = key === "" ? name : `${key}.${name}`;
    const inside: Position = {
      role: muted ? "other" : roleOf(name, { has, parent, isItem }),
      key: path,
      parent: name,
      isItem: false,
      isMuted: muted || isMuted(name, { has }),
    };
    visit(pair.key, { ...inside, role: "other" }, walk);
    visit(pair.value, inside, walk);
  }
}

function toPlace(scalar: Scalar, { role, key }: Position, text: string): Place {
  const [start] = scalar.range ?? [0];
  const value = String(scalar.value);
  if (scalar.type === "PLAIN") return { role, key, value, at: start };
  if (scalar.type !== "BLOCK_FOLDED" && scalar.type !== "BLOCK_LITERAL")
    return { role, key, value, at: start + 1 };
  // The first line of a block is its header, with a comment at times.
  const rest = text.slice(text.indexOf("\n", start) + 1);
  return { role, key, value: value.trimEnd(), at: text.length - rest.trimStart().length };
}

function templateAt(map: YAMLMap, { role, key }: Position, text: string): Place | undefined {
  const [at, end] = map.range ?? [0, 0];
  const value = text.slice(at, end);
  return value.startsWith("{{") ? { role, key, value, at } : undefined;
}
