import { domainInAz } from "../../azure/az-profile.ts";
import { AzureError } from "../../azure/azure-error.ts";
import type { LoginPort, SignedIn } from "../../azure/login-ports.ts";
import type { Subscription } from "../../azure/ports.ts";
import { isUsable, notVisible } from "../../azure/subscriptions.ts";
import { AZ } from "../../azure/target-lookup.ts";
import { isContextInForce, type Sourced } from "../../azure/target.ts";
import { isGuid, sameId } from "../../resource-id.ts";

/** The tenant's default domain and who says so, or why nobody does. */
export type TenantDomain = Sourced | { unknown: string };

export interface FoundSubscription {
  id: string;
  from: string;
  /** Undefined when Azure would not say; `reason` says why. */
  name: string | undefined;
  /** As Azure says it: Enabled, Warned, PastDue, Disabled, Deleted. */
  state: string | undefined;
  reason: string | undefined;
  /** Why nothing can be done in this subscription from here, and what to do about it. */
  problem: string | undefined;
}

/** From what is known here; else one request for the tenants that know this identity. */
export async function findDomain(login: LoginPort, signedIn: SignedIn): Promise<TenantDomain> {
  const { wanted, settings, azProfile } = login;
  const { tenantId } = signedIn;
  if (wanted.tenant && !isGuid(wanted.tenant.value)) return wanted.tenant;
  const { context, contextName } = settings;
  if (context.domain && sameId(context.tenant, tenantId) && isContextInForce(context, wanted.cloud.name)) {
    return { value: context.domain, from: `context ${contextName ?? ""}`.trim() };
  }
  const known = domainInAz(azProfile.accounts, { tenantId, cloud: wanted.cloud });
  if (known !== undefined) return { value: known, from: AZ };
  return askForDomain(signedIn);
}

async function askForDomain({ listTenants, tenantId }: SignedIn): Promise<TenantDomain> {
  try {
    for await (const page of listTenants()) {
      const domain = page.find((each) => sameId(each.tenantId, tenantId))?.domain;
      if (domain) return { value: domain, from: "the list of tenants" };
    }
    return { unknown: "this identity may not read it" };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { unknown: error.message };
  }
}

/** One request. A refusal is a finding here, not the end. */
export async function findSubscription(named: Sourced, signedIn: SignedIn): Promise<FoundSubscription> {
  try {
    const found = await signedIn.getSubscription(named.value);
    if (found) return describe(found, named);
    const { hint } = notVisible(named.value, signedIn.tenantId);
    return unusable(named, `it is not visible in tenant ${signedIn.tenantId}`, hint);
  } catch (error) {
    if (!(error instanceof AzureError) || error.kind !== "auth") throw error;
    return refused(named, error);
  }
}

function describe({ name, state }: Subscription, { value: id, from }: Sourced): FoundSubscription {
  const problem = isUsable(state) ? undefined : `subscription ${id} is ${state.toLowerCase()}`;
  return { id, from, name, state, reason: undefined, problem };
}

function refused(named: Sourced, { status, code, message, hint }: AzureError): FoundSubscription {
  // Azure's own sentence can fill the screen; its code and the hint say the same.
  const told = unusable(named, code === undefined ? message : `Azure refused it (${code})`, hint);
  // With roles on a resource group alone the subscription cannot be read, but work in the group is allowed.
  return status === 403 ? { ...told, problem: undefined } : told;
}

function unusable({ value: id, from }: Sourced, reason: string, hint: string | undefined): FoundSubscription {
  const advice = hint === undefined ? "" : `; ${hint}`;
  const problem = `subscription ${id} cannot be used, because ${reason}${advice}`;
  return { id, from, name: undefined, state: undefined, reason, problem };
}
