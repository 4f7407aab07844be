import { failAt, type Token } from "./lexer.ts";

/** Walks over tokens; each method throws QueryError at the token that does not fit. */
export interface Reader {
  peek(ahead?: number): Token;
  take(kind: Token["kind"]): Token;
  accept(symbol: string): boolean;
  expect(symbol: string): void;
  acceptWord(word: string): boolean;
  expectWord(word: string): void;
}

export function createReader(tokens: readonly Token[]): Reader {
  let position = 0;

  function peek(ahead = 0): Token {
    const token = tokens[Math.min(position + ahead, tokens.length - 1)];
    if (!token) throw new Error("a query has at least an end");
    return token;
  }

  function acceptToken(kind: Token["kind"], text: string): boolean {
    const token = peek();
    const fits = token.kind === kind && token.text === text;
    if (fits) position += 1;
    return fits;
  }

  function expectToken(kind: Token["kind"], text: string): void {
    if (!acceptToken(kind, text)) throw failAt(peek());
  }

  return {
    peek,
    take(kind) {
      const token = peek();
      if (token.kind !== kind) throw failAt(token);
      position += 1;
      return token;
    },
    accept: (symbol) => acceptToken("symbol", symbol),
    expect: (symbol) => expectToken("symbol", symbol),
    acceptWord: (word) => acceptToken("name", word),
    expectWord: (word) => expectToken("name", word),
  };
}
