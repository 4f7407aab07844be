/**
 * Reads the Bicep that azwise writes, by the rules of its specification (docs/spec/bicep.md in Azure/bicep) and not by
 * those of the writer: there is no compiler that runs in Node. What is no literal comes back as `{ code }`.
 */
export type Read = string | number | boolean | null | Read[] | { code: string } | { [key: string]: Read };

export interface BicepRead {
  comments: string[];
  parameters: Record<string, { type: string; otherwise: Read | undefined; decorators: Record<string, Read> }>;
  variables: Record<string, Read>;
  resources: Record<string, { type: Read; isExisting: boolean; body: Read }>;
  outputs: Record<string, { type: string; value: Read }>;
}

export function readBicep(text: string): BicepRead {
  return new Reader(text).file();
}

const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", "\\": "\\", "'": "'", $: "$" };

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  file(): BicepRead {
    const read: BicepRead = { comments: [], parameters: {}, variables: {}, resources: {}, outputs: {} };
    let decorators: Record<string, Read> = {};
    for (;;) {
      this.blank();
      if (this.at >= this.text.length) return read;
      if (this.take("//")) read.comments.push(this.match(/[^\r\n]*/y).trim());
      else if (this.take("@")) {
        const name = this.match(/[a-z]+/iy);
        this.need("(");
        decorators[name] = this.value();
        this.need(")");
        this.endOfLine();
      } else {
        this.declaration(read, decorators);
        decorators = {};
      }
    }
  }

  private declaration(read: BicepRead, decorators: Record<string, Read>): void {
    const word = this.match(/[a-z]+/y);
    this.match(/ +/y);
    const name = this.match(/[A-Za-z_]\w*/y);
    this.match(/ +/y);
    if (word === "param") {
      const type = this.match(/[a-z]+/y);
      const otherwise = this.take(" = ") ? this.value() : undefined;
      read.parameters[name] = { type, otherwise, decorators };
    } else if (word === "var") {
      this.need("= ");
      read.variables[name] = this.value();
    } else if (word === "output") {
      const type = this.match(/[a-z]+/y);
      this.need(" = ");
      read.outputs[name] = { type, value: this.value() };
    } else if (word === "resource") {
      const type = this.value();
      const isExisting = this.take(" existing");
      this.need(" = ");
      read.resources[name] = { type, isExisting, body: this.value() };
    } else throw this.wrong(`a declaration, not ${word}`);
    this.endOfLine();
  }

  private value(): Read {
    if (this.take("'''")) return this.verbatim();
    if (this.take("'")) return this.line();
    if (this.take("[")) return this.items();
    if (this.take("{")) return this.properties();
    const code = this.match(/[\w.-]+(?:\((?:'[^'\r\n]*')?\))?[\w.]*/y);
    if (/^-?\d+$/.test(code)) return Number(code);
    if (code === "true" || code === "false") return code === "true";
    return code === "null" ? null : { code };
  }

  private verbatim(): string {
    this.match(/(?:\r?\n)?/y);
    const end = this.text.indexOf("'''", this.at);
    if (end < 0) throw this.wrong("the end of a string");
    const value = this.text.slice(this.at, end);
    this.at = end + 3;
    if (this.text[this.at] === "'") throw this.wrong("no quote after the end of a string");
    return value;
  }

  private line(): string {
    let value = "";
    for (;;) {
      const character = this.text[this.at] ?? "\n";
      this.at += 1;
      if (character === "'") return value;
      if (character === "\n" || character === "\r") throw this.wrong("the end of a string");
      if (character === "$" && this.text[this.at] === "{") throw this.wrong("no interpolation");
      value += character === "\\" ? this.escaped() : character;
    }
  }

  private escaped(): string {
    if (this.take("u{")) {
      const hex = this.match(/[0-9a-f]+/iy);
      this.need("}");
      return String.fromCodePoint(Number.parseInt(hex, 16));
    }
    const character = ESCAPED[this.text[this.at] ?? ""];
    if (character === undefined) throw this.wrong("an escape of Bicep");
    this.at += 1;
    return character;
  }

  private items(): Read[] {
    const items: Read[] = [];
    for (;;) {
      this.blank();
      if (this.take("]")) return items;
      items.push(this.value());
      if (!this.take("]")) this.endOfLine();
      else return items;
    }
  }

  private properties(): Record<string, Read> {
    const properties: Record<string, Read> = {};
    for (;;) {
      this.blank();
      if (this.take("}")) return properties;
      const key = this.take("'") ? this.line() : this.match(/[A-Za-z_]\w*/y);
      if (Object.hasOwn(properties, key)) throw this.wrong(`${key} once`);
      this.need(": ");
      Object.defineProperty(properties, key, { value: this.value(), enumerable: true });
      this.endOfLine();
    }
  }

  private blank(): void {
    this.match(/[ \t\r\n]*/y);
  }

  private endOfLine(): void {
    this.match(/[ \t]*(?:\r?\n|$)/y);
  }

  private take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private need(word: string): void {
    if (!this.take(word)) throw this.wrong(word);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw this.wrong(String(pattern));
    this.at += found.length;
    return found;
  }

  private wrong(wanted: string): Error {
    const line = this.text.slice(0, this.at).split("\n").length;
    return new Error(`line ${line}: ${wanted} is expected`);
  }
}
