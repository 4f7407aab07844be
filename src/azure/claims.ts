import type { Principal } from "./login-ports.ts";

/** The claims that say whose a token is and when it ends. */
export interface TokenClaims {
  tenantId: string | undefined;
  principal: Principal;
}

/** When a token ends; undefined when it does not say. */
export function readEnd(token: string): Date | undefined {
  const end = payloadOf(token)?.["exp"];
  const date = new Date(typeof end === "number" ? end * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Reads a token's claims without checking its signature, which is the service's task; undefined when it is opaque. */
export function readClaims(token: string): TokenClaims | undefined {
  const claims = payloadOf(token);
  if (claims === undefined) return undefined;
  const text = (key: string): string | undefined =>
    typeof claims[key] === "string" ? (claims[key] as string) : undefined;
  const user = text("upn") ?? text("unique_name") ?? text("preferred_username");
  const appId = text("appid") ?? text("azp");
  return {
    tenantId: text("tid"),
    principal: {
      kind: kindOf({ isApp: text("idtyp") === "app", managed: text("xms_mirid"), user }),
      id: text("oid"),
      name: user ?? appId,
      appId,
    },
  };
}

function payloadOf(token: string): Record<string, unknown> | undefined {
  const [, payload] = token.split(".");
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    // Opaque tokens exist; then only the service can tell whose it is.
    return undefined;
  }
}

interface Signs {
  isApp: boolean;
  managed: string | undefined;
  user: string | undefined;
}

function kindOf({ isApp, managed, user }: Signs): Principal["kind"] {
  if (managed !== undefined) return "managed identity";
  if (user !== undefined) return "user";
  return isApp ? "service principal" : "unknown";
}
