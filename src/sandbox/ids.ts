import { createHash } from "node:crypto";

/** The key of a resource in the world: ids compare without regard to case. */
export function keyOf(id: string): string {
  const key = id.toLowerCase();
  return key.endsWith("/") ? key.replace(/\/+$/, "") : key;
}

export function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

export function subscriptionOf(id: string): string {
  return id.split("/", 3)[2]?.toLowerCase() ?? "";
}

export function resourceGroupOf(id: string): string {
  return id.split("/", 5)[4] ?? "";
}

export function nameOf(id: string): string {
  return id.split("/").at(-1) ?? "";
}

export function parentOf(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}

/** Compute writes resource groups in upper case in some answers and as given in others. */
export function shoutResourceGroups<T>(body: T): T {
  const text = JSON.stringify(body).replaceAll(
    /("[^"]*\/resourceGroups\/)([^/"]+)/gi,
    (_, before: string, group: string) => before + group.toUpperCase(),
  );
  return JSON.parse(text) as T;
}

/** A GUID made from text, so that the same history gives the same ids. */
export function guidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const WORDS: Record<string, string> = { us: "US", uk: "UK", uae: "UAE" };
const WORD = /east|west|north|south|central|europe|africa|asia|japan|india|france|canada|uk|us|\d+/g;

/** The way Compute spells a location in operation URLs: "SouthAfricaNorth". */
export function displayLocation(location: string): string {
  const spelled = location.replaceAll(
    WORD,
    (word) => WORDS[word] ?? word.charAt(0).toUpperCase() + word.slice(1),
  );
  return spelled.charAt(0).toUpperCase() + spelled.slice(1);
}
