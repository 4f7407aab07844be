import { readClaims } from "./claims.ts";
import { openTenant, type RunOptions, type TenantConnection } from "./connect.ts";
import type { AzProfile } from "./az-profile.ts";
import { AzureError } from "./azure-error.ts";
import type { LoginPort, Principal, SignedIn, SignInRequest } from "./login-ports.ts";
import type { Settings } from "./settings.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { createDirectory } from "./tenants.ts";
import { createUnsignedRequests } from "./unsigned.ts";
import type { TargetFlags, Wanted } from "./target.ts";

export interface LoginOptions {
  flags: TargetFlags;
  wanted: Wanted;
  settings: Settings;
  azProfile: AzProfile;
  run: RunOptions;
}

const NOBODY: Principal = { kind: "unknown", id: undefined, name: undefined, appId: undefined };

/** Sign-in as a topic of its own. */
export function createLogin({ flags, wanted, settings, azProfile, run }: LoginOptions): LoginPort {
  const { cloud } = wanted;
  return {
    flags,
    wanted,
    settings,
    azProfile,
    env: run.env,
    clock: run.clock,
    ...createUnsignedRequests(cloud, run),
    async signIn(request) {
      const { auth = wanted.auth.value } = request;
      return prove(await openTenant({ ...request, cloud, auth }, run), request);
    },
  };
}

async function prove(tenant: TenantConnection, request: SignInRequest): Promise<SignedIn> {
  const { auth, credential, scope, arm, askAssertion } = tenant;
  const claims = request.claims && Buffer.from(request.claims, "base64").toString("utf8");
  const token = await credential.getToken(scope, { enableCae: true, ...(claims ? { claims } : {}) });
  if (token === null) throw new AzureError("auth", `no token for tenant ${request.tenantId} could be had`);
  const known = readClaims(token.token);
  return {
    tenantId: known?.tenantId?.toLowerCase() ?? request.tenantId,
    saysTenant: known?.tenantId !== undefined,
    auth,
    principal: known?.principal ?? NOBODY,
    expires: new Date(token.expiresOnTimestamp),
    askAssertion,
    getSubscription: (id) => createSubscriptions(arm).get(id),
    ...createDirectory(tenant.connection),
  };
}
