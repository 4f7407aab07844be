import { linkedRefusal, mayDo, requireAction } from "../access.ts";
import type { Group } from "../bodies.ts";
import { isVisibleTo } from "../directory.ts";
import { refuse, type Call } from "../http.ts";
import { sameText, subscriptionOf } from "../ids.ts";

export type Sharing = NonNullable<Group["properties"]["sharingProfile"]>;

const SHARE = "Microsoft.Compute/capacityReservationGroups/share/action";
const WRITE = "Microsoft.Compute/capacityReservationGroups/write";
const MOST = 100;

/** Who may share, with how many, and which groups at all; the codes are guesses, as none is documented. */
export function checkSharing(
  call: Call,
  group: Group,
  { had, wanted }: { had: Sharing | undefined; wanted: Sharing },
): void {
  const { subscriptionIds = [] } = wanted;
  if (group.properties.reservationType.toLowerCase() === "block" && subscriptionIds.length > 0) {
    const message = `Block capacity reservation group '${group.name}' cannot be shared.`;
    throw refuse(409, { code: "OperationNotAllowed", message });
  }
  if (subscriptionIds.length > MOST) {
    const message = `A capacity reservation group can be shared with at most ${MOST} subscriptions.`;
    throw refuse(400, { code: "InvalidParameter", message }, { target: "sharingProfile.subscriptionIds" });
  }
  const { world } = call.state;
  requireAction(call, SHARE, group.id);
  const known = new Set((had?.subscriptionIds ?? []).map(({ id }) => subscriptionOf(id)));
  const added = subscriptionIds.filter(({ id }) => !known.has(subscriptionOf(id)));
  for (const { id } of added) checkTenant(call, subscriptionOf(id));
  const refused = added.find(({ id }) => !mayDo(world, SHARE, id));
  if (refused) throw linkedRefusal(call, { from: group.id, write: WRITE, to: refused.id, action: SHARE });
}

/** Only within a tenant (fact azure-wire/sharing-replaced); one that the sandbox does not know passes. The code is a guess. */
function checkTenant(call: Call, subscriptionId: string): void {
  const found = call.state.world.subscriptions.find((each) => sameText(each.subscriptionId, subscriptionId));
  const tenantId = call.identity?.tenantId ?? "";
  if (!found || isVisibleTo(found, tenantId)) return;
  const message = `The client '${call.identity?.name}' has permission to perform action '${WRITE}'; however, the current tenant '${tenantId}' is not authorized to access linked subscription '${subscriptionId}'.`;
  throw refuse(403, { code: "LinkedAuthorizationFailed", message });
}
