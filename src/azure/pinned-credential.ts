import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { isGuid } from "../resource-id.ts";
import { AzureError } from "./azure-error.ts";
import { readClaims } from "./claims.ts";
import type { Cloud } from "./clouds.ts";

export interface TenantPin {
  /** GUID or domain. */
  tenantId: string;
  cloud: Pick<Cloud, "wellKnown">;
}

/**
 * Lets tokens of one tenant through and refuses all others before any request carries them. Opaque tokens pass, as
 * only the service can read them.
 */
export function pinToTenant(inner: TokenCredential, { tenantId, cloud }: TenantPin): TokenCredential {
  // A domain says no id, so the first token's tenant is the one that all later ones must have.
  let pinned = isGuid(tenantId) ? tenantId.toLowerCase() : undefined;
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      const token = await inner.getToken(scopes, options);
      if (token === null) return null;
      const claims = readClaims(token.token);
      const actual = claims?.tenantId;
      if (actual === undefined) {
        // Entra names the tenant in every token that can be read; AD FS, in a custom cloud, may not.
        if (claims !== undefined && cloud.wellKnown) throw tenantless(pinned ?? tenantId);
        return token;
      }
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

function tenantless(pinned: string): AzureError {
  return new AzureError("auth", `the token names no tenant, but this run is pinned to ${pinned}`, {
    code: "WrongTenant",
    hint: `azwise login --tenant ${pinned} asks for another token`,
    because: ["azure-wire/wrong-tenant-401"],
  });
}
