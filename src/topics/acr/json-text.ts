/** A member of a JSON object, by where it is in the text. */
export interface Member {
  key: string;
  /** Of the key's first quote. */
  start: number;
  valueStart: number;
  /** After the value. */
  end: number;
}

export interface JsonObjectText {
  /** Of the opening brace. */
  open: number;
  /** Of the closing brace. */
  close: number;
  /** As they stand there: a key may be there twice. */
  members: Member[];
}

/**
 * Finds the members of the object that begins at `open`. The text must be JSON. What is inside of a member is only
 * passed over, however deep it is.
 */
export function readObject(text: string, open: number): JsonObjectText {
  const members: Member[] = [];
  let at = afterBlanks(text, open + 1);
  while (at < text.length && text[at] !== "}") {
    if (text[at] === ",") at = afterBlanks(text, at + 1);
    const start = at;
    const keyEnd = afterString(text, start);
    const key = JSON.parse(text.slice(start, keyEnd)) as string;
    // One more for the colon.
    const valueStart = afterBlanks(text, afterBlanks(text, keyEnd) + 1);
    const end = afterValue(text, valueStart);
    members.push({ key, start, valueStart, end });
    at = afterBlanks(text, end);
  }
  return { open, close: at, members };
}

/** Where the outermost value begins. */
export function startOf(text: string): number {
  return afterBlanks(text, 0);
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text.charAt(at))) at += 1;
  return at;
}

function afterString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function afterValue(text: string, from: number): number {
  let at = from;
  let depth = 0;
  do {
    const character = text.charAt(at);
    if (character === '"') {
      at = afterString(text, at);
    } else {
      if ("{[".includes(character)) depth += 1;
      else if ("}]".includes(character)) depth -= 1;
      else if (depth === 0) return afterLiteral(text, at);
      at += 1;
    }
  } while (depth > 0 && at < text.length);
  return at;
}

/** A number, true, false or null. */
function afterLiteral(text: string, from: number): number {
  let at = from;
  while (at < text.length && !" \t\r\n,}]".includes(text.charAt(at))) at += 1;
  return at;
}
