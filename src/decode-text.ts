import { TextDecoder } from "node:util";
import { AppError } from "./errors.ts";

/** UTF-8, or UTF-16 by its mark, which Windows PowerShell writes; undefined for what is neither. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return createDecoder(bytes).decode(bytes);
  } catch {
    return undefined;
  }
}

/** For a text that comes in pieces, of which this is the first; it throws TypeError for what is not of its encoding. */
export function createDecoder([first, second]: Uint8Array): TextDecoder {
  const isLittle = first === 0xff && second === 0xfe;
  const encoding = isLittle ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, { fatal: true });
}

/** Read otherwise, some of its characters would be others, and what asks for them would match nothing. */
export function notText(name: string): AppError {
  return new AppError("usage", `${name} is not UTF-8 text`, {
    hint: "save it as UTF-8; in PowerShell: Set-Content -Encoding utf8",
  });
}
