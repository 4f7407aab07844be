import { domainInAz } from "../../azure/az-profile.ts";
import type { LoginPort } from "../../azure/login-ports.ts";
import { requirePin } from "../../azure/pin.ts";
import type { Wanted } from "../../azure/target.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { isGuid } from "../../resource-id.ts";
import { findByName, notFound, type Sought } from "./discover-find.ts";
import type { SubscriptionRecord, Walk } from "./discover-record.ts";
import { readWalk, walkAndKeep } from "./discover-store.ts";
import { startTenant } from "./discover-walk.ts";
import { chooseTarget, findTenant, type Choice } from "./login-choice.ts";

/** Where a sign-in goes, as ids. */
export interface Destination {
  tenantId: string;
  /** The tenant's domain, where it is known without asking. */
  domain?: string | undefined;
  subscriptionId?: string;
  /** What the subscription is called according to the walk that found it. */
  expectedName?: string;
  /** A walk asked Entra for that tenant a moment ago, so that nobody needs to be asked again. */
  walked?: true;
}

export interface Finding {
  /** A name of a subscription may be looked up in a walk. */
  discover: boolean;
  interactive: boolean;
}

/**
 * Turns what was named into ids, which the folder's pin allows: at most one request without a token, unless a name
 * has to be discovered, and one more for each domain that has to be compared.
 */
export async function findDestination(login: LoginPort, ctx: Context, how: Finding): Promise<Destination> {
  const choice = chooseTarget(login.wanted);
  await requirePin(login);
  const destination = await toIds(choice, login, { ctx, ...how });
  await requirePin({ ...login, wanted: aimOf(destination, login.wanted) });
  return destination;
}

/** The ids in the place of what was named; a tenant that nobody named comes from the subscription. */
function aimOf({ tenantId, subscriptionId }: Destination, wanted: Wanted): Wanted {
  const [named] = wanted.subscriptions;
  const namedTenant = chooseTarget(wanted).tenant === undefined ? named : wanted.tenant;
  return {
    ...wanted,
    tenant: namedTenant && { ...namedTenant, value: tenantId },
    subscriptions: named && subscriptionId !== undefined ? [{ ...named, value: subscriptionId }] : [],
  };
}

async function toIds(choice: Choice, login: LoginPort, how: Looking): Promise<Destination> {
  const { tenant, subscription } = choice;
  if (subscription !== undefined && !isGuid(subscription)) {
    const tenantId = tenant === undefined ? undefined : await findTenant(login, tenant, undefined);
    return discoverByName({ name: subscription, tenantId }, login, how);
  }
  const isNamed = login.wanted.subscriptions.some(({ by }) => by === "flag" || by === "variable");
  if (how.discover && !isNamed) {
    const hint = 'add --subscription "its name"; azwise login discover shows what there is';
    throw new AppError("usage", "--discover looks for a subscription by its name, and none is given", {
      hint,
    });
  }
  const tenantId = await findTenant(login, tenant, subscription);
  const { accounts } = login.azProfile;
  const { cloud } = login.wanted;
  const isDomain = tenant !== undefined && !isGuid(tenant);
  return {
    tenantId,
    domain: isDomain ? tenant.toLowerCase() : domainInAz(accounts, { tenantId, cloud }),
    ...(subscription === undefined ? {} : { subscriptionId: subscription.toLowerCase() }),
  };
}

type Looking = Finding & { ctx: Context };

/** In the last walk; where that does not know the name, in a new one. */
async function discoverByName(sought: Sought, login: LoginPort, looking: Looking): Promise<Destination> {
  if (!looking.discover) {
    throw new AppError("usage", `"${sought.name}" is not the id of a subscription`, {
      hint: "give its GUID, or add --discover to look the name up in all tenants",
      because: ["azure-wire/skip-needs-guid"],
    });
  }
  const kept = await readWalk(login, looking.ctx);
  const known = kept && findByName(kept, sought);
  if (kept && known) return toDestination(known, sought, kept);
  const tenantId = sought.tenantId ?? startTenant(login);
  const start = { tenantId, interactive: looking.interactive, fresh: true };
  const walk = await walkAndKeep(login, looking.ctx, start);
  const found = findByName(walk, sought);
  if (!found) throw notFound(sought, walk);
  return { ...toDestination(found, sought, walk), walked: true };
}

function toDestination(found: SubscriptionRecord, sought: Sought, { tenants }: Walk): Destination {
  const tenantId = sought.tenantId ?? found.seenThrough[0] ?? found.homeTenantId;
  const domain = tenants.find((each) => each.tenantId === tenantId)?.domain;
  return { tenantId, domain, subscriptionId: found.id, expectedName: found.name };
}
