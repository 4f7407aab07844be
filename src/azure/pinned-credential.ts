import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { isGuid } from "../resource-id.ts";
import { AzureError } from "./azure-error.ts";
import { readClaims } from "./claims.ts";

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
