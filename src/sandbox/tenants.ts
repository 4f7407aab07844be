import { userOf } from "./directory.ts";
import { byId, pageOf, type Call, type Identity, type Reply } from "./http.ts";
import { sameText } from "./ids.ts";
import type { Tenant, World } from "./world.ts";

/** The tenants that know the token's identity, guests included; whichever tenant the token is of. */
export function listTenants(call: Call): Reply {
  const { identity } = call;
  return pageOf(call, identity ? tenantsOf(call.state.world, identity).sort(byId) : []);
}

function tenantsOf(world: World, identity: Identity): { id: string }[] {
  const user = userOf(world, identity);
  if (!user) {
    const known = world.tenants.filter(({ applications }) =>
      applications.some((application) => sameText(application.clientId, identity.clientId)),
    );
    return known.map(readableBody);
  }
  return user.memberships.flatMap(({ tenantId, refusal }) => {
    const tenant = world.tenants.find((each) => sameText(each.tenantId, tenantId));
    if (!tenant) return [];
    return [refusal === undefined ? readableBody(tenant) : tenantBody(tenant)];
  });
}

/** Azure calls every tenant "Home" that knows the identity, as member or as guest. */
function tenantBody({ tenantId, countryCode }: Tenant): { id: string } {
  const body = { tenantId, tenantCategory: "Home", countryCode, tenantType: "AAD" };
  return Object.assign({ id: `/tenants/${tenantId}` }, body);
}

/** Names are missing for tenants that cannot be read. */
function readableBody(tenant: Tenant): { id: string } {
  const { displayName, domains } = tenant;
  return Object.assign(tenantBody(tenant), { displayName, domains, defaultDomain: domains[0] });
}
