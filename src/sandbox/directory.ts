import type { Call, Identity } from "./http.ts";
import { sameText } from "./ids.ts";
import { refuseByPolicy, refuseSignIn } from "./sign-in-refusal.ts";
import type { Membership, Subscription, Tenant, User, World } from "./world.ts";

/** A user as one tenant knows them. */
export interface Member {
  user: User;
  membership: Membership;
}

/** Names that stand for the home tenant of whoever signs in. */
const ANY_TENANT = /^(organizations|common)$/i;

export function isAnyTenant(name: string): boolean {
  return ANY_TENANT.test(name);
}

/** The tenant that a sign-in path names by id or domain, or the home tenant of the user. */
export function findTenant(call: Call, user: User | undefined = call.state.world.users[0]): Tenant {
  const asked = call.params["tenant"] ?? "";
  const name = user && isAnyTenant(asked) ? user.homeTenantId : asked;
  const tenant = call.state.world.tenants.find(
    ({ tenantId, domains }) => sameText(tenantId, name) || domains.some((domain) => sameText(domain, name)),
  );
  if (tenant) return tenant;
  const text = `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
  throw refuseSignIn(call, { error: "invalid_tenant", aadsts: 90002, text });
}

/** The first user whom the tenant knows. */
export function findMember({ users }: World, tenantId: string): Member | undefined {
  const user = users.find((each) => membershipIn(each, tenantId) !== undefined);
  const membership = user && membershipIn(user, tenantId);
  return user && membership && { user, membership };
}

/** The user in the tenant, or a refusal because the tenant does not know them. */
export function requireMember(call: Call, { displayName, tenantId }: Tenant, user: User): Member {
  const membership = membershipIn(user, tenantId);
  if (membership) return { user, membership };
  const text = `User account '${user.signInName}' from identity provider 'https://sts.windows.net/${user.homeTenantId}/' does not exist in tenant '${displayName}' and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first.`;
  throw refuseSignIn(call, { error: "invalid_grant", aadsts: 50020, text });
}

function membershipIn(user: User, tenantId: string): Membership | undefined {
  return user.memberships.find((each) => sameText(each.tenantId, tenantId));
}

/** What a person can put right by signing in; a policy that blocks is not among it. */
const PERSON_CLEARS: readonly number[] = [50076, 50078, 50079, 50173, 70008, 70043, 700082];

/** Refuses when something stops the user in this tenant; a person who is there clears what they can for good. */
export function requireAllowed(call: Call, membership: Membership, hasPerson: boolean): void {
  const { refusal } = membership;
  if (refusal === undefined) return;
  if (!hasPerson || !PERSON_CLEARS.includes(refusal)) throw refuseByPolicy(call, refusal);
  delete membership.refusal;
  call.state.touch();
}

/** The user behind a token; undefined for applications. */
export function userOf({ users }: World, { tenantId, objectId }: Identity): User | undefined {
  return users.find((user) => membershipIn(user, tenantId)?.objectId === objectId);
}

/** A tenant's tokens reach its own subscriptions, and those that it manages through Lighthouse. */
export function isVisibleTo({ tenantId, managedByTenants = [] }: Subscription, asking: string): boolean {
  return sameText(tenantId, asking) || managedByTenants.some((each) => sameText(each, asking));
}
