import { createHash } from "node:crypto";
import { dig } from "./http.ts";

export const TOKEN_LIFETIME_S = 3599;

export interface Claims {
  tid: string;
  oid: string;
  appid: string;
  aud: string;
  iss: string;
  iat: number;
  exp: number;
  /** No two tokens are the same, even when they are issued in the same second. */
  uti?: string;
  /** An application's when left out. */
  idtyp?: "app" | "user";
  upn?: string;
  unique_name?: string;
  name?: string;
  scp?: string;
  /** Authentication contexts that the sign-in satisfied, e.g. "p1". */
  acrs?: string[];
}

/** An access token in the shape of Entra's. */
export function writeToken(claims: Claims): string {
  return writeJwt({ idtyp: "app", ...claims, nbf: claims.iat, ver: "1.0" });
}

/** A signed token of any kind; the signature only looks like one. */
export function writeJwt(claims: object): string {
  const head = encode({ typ: "JWT", alg: "RS256", kid: "sandbox" });
  const payload = encode(claims);
  const signature = createHash("sha512").update(`${head}.${payload}`).digest("base64url");
  return `${head}.${payload}.${signature}`;
}

/** The claims of an access token, or undefined when it is not one. */
export function readToken(token: string): Claims | undefined {
  const [head, payload, signature] = token.split(".");
  if (!head || !payload || !signature) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    const complete =
      typeof dig(claims, "tid") === "string" &&
      typeof dig(claims, "aud") === "string" &&
      typeof dig(claims, "exp") === "number";
    return complete ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
