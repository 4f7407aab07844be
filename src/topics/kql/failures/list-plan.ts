import type { Found } from "./read.ts";

interface Line {
  line: number;
  text: string;
}

/** Cuts a JSON list into its entries while its lines come in; what the entries are is for others to say. */
export interface ListReader {
  read(line: Line): Found[];
  /** What is wrong once there are no more lines. */
  end(): Found[];
}

interface State {
  /** How many brackets are open; the entries of the list are at 1. */
  depth: number;
  inString: boolean;
  escaped: boolean;
  /** The entry so far, and where it began. */
  entry: string;
  began: number;
  entries: number;
  ended: boolean;
  brokenAfter: boolean;
}

export function readList(): ListReader {
  const state: State = {
    depth: 0,
    inString: false,
    escaped: false,
    entry: "",
    began: 0,
    entries: 0,
    ended: false,
    brokenAfter: false,
  };
  let last = 1;
  return {
    read({ line, text }) {
      last = line;
      return readLine(state, { line, text: text.replaceAll("\r", " ") });
    },
    end: () => (state.ended ? [] : [{ line: last, problem: "the list has no end" }]),
  };
}

function readLine(state: State, { line, text }: Line): Found[] {
  const found: Found[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (state.ended) {
      found.push(...afterTheEnd(state, character, line));
      continue;
    }
    if (state.depth > 0 && state.entry.trim() === "" && character.trim() !== "") {
      if (text.slice(from, at).trim() === "") state.began = line;
    }
    const border = step(state, character);
    if (border === "start") from = at + 1;
    if (border !== "entry" && border !== "end") continue;
    state.entry += text.slice(from, at);
    from = at + 1;
    found.push(...closeEntry(state, border, line));
  }
  if (!state.ended && state.depth > 0) state.entry += `${text.slice(from)} `;
  return found;
}

/** What a character is to the list: its start, the end of an entry, or the end of all. */
function step(state: State, character: string): "start" | "entry" | "end" | undefined {
  if (state.inString) {
    if (state.escaped) state.escaped = false;
    else if (character === "\\") state.escaped = true;
    else if (character === '"') state.inString = false;
    return undefined;
  }
  if (character === '"') state.inString = true;
  if (character === "[" || character === "{") {
    state.depth += 1;
    if (state.depth === 1) return "start";
  }
  if (character === "]" || character === "}") {
    state.depth -= 1;
    if (state.depth === 0) return "end";
  }
  return character === "," && state.depth === 1 ? "entry" : undefined;
}

function closeEntry(state: State, border: "entry" | "end", line: number): Found[] {
  const text = state.entry.trim();
  const { began } = state;
  state.entry = "";
  state.ended = border === "end";
  const isEmptyList = state.entries === 0 && state.ended;
  state.entries += 1;
  if (text !== "") return [{ line: began, text }];
  return isEmptyList ? [] : [{ line, problem: "an entry of the list is empty" }];
}

/** Told once. */
function afterTheEnd(state: State, character: string, line: number): Found[] {
  if (character.trim() === "" || state.brokenAfter) return [];
  state.brokenAfter = true;
  return [{ line, problem: "something follows the end of the list" }];
}
