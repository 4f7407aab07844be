import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { isGuid } from "../resource-id.ts";
import { AzureError } from "./azure-error.ts";

/** The claims that say whose a token is; undefined when it is not a JWT. */
export interface TokenClaims {
  tenantId: string | undefined;
  objectId: string | undefined;
  appId: string | undefined;
  name: string | undefined;
}

/** Reads a token's claims without checking its signature, which is the service's task. */
export function readClaims(token: string): TokenClaims | undefined {
  const [, payload] = token.split(".");
  if (payload === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
    const text = (key: string): string | undefined =>
      typeof claims[key] === "string" ? (claims[key] as string) : undefined;
    return {
      tenantId: text("tid"),
      objectId: text("oid"),
      appId: text("appid"),
      name: text("upn") ?? text("unique_name"),
    };
  } catch {
    // Opaque tokens exist; then only the service can tell whose it is.
    return undefined;
  }
}

/** Lets tokens of one tenant through and refuses all others before any request carries them. */
export function pinToTenant(inner: TokenCredential, tenantId: string): TokenCredential {
  // A domain says no id, so the first token's tenant is the one that all later ones must have.
  let pinned = isGuid(tenantId) ? tenantId.toLowerCase() : undefined;
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      const token = await inner.getToken(scopes, options);
      if (token === null) return null;
      const actual = readClaims(token.token)?.tenantId;
      if (actual === undefined) return token;
      pinned ??= actual.toLowerCase();
      if (actual.toLowerCase() === pinned) return token;
      throw new AzureError("auth", `signed in to tenant ${actual}, but this run is pinned to ${pinned}`, {
        code: "WrongTenant",
        hint: `sign in to the pinned tenant, or use --tenant ${actual}`,
        because: ["azure-wire/wrong-tenant-401"],
      });
    },
  };
}
