import { mayDo } from "../access.ts";
import type { Group } from "../bodies.ts";
import { refuse, type Call } from "../http.ts";
import { subscriptionOf } from "../ids.ts";

export type Sharing = NonNullable<Group["properties"]["sharingProfile"]>;

const SHARE = "Microsoft.Compute/capacityReservationGroups/share/action";
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
  const client = call.identity?.name;
  if (!mayDo(world, SHARE, group.id)) {
    const message = `The client '${client}' does not have authorization to perform action '${SHARE}' over scope '${group.id}' or the scope is invalid.`;
    throw refuse(403, { code: "AuthorizationFailed", message });
  }
  const known = new Set((had?.subscriptionIds ?? []).map(({ id }) => subscriptionOf(id)));
  const added = subscriptionIds.filter(({ id }) => !known.has(subscriptionOf(id)));
  const refused = added.find(({ id }) => !mayDo(world, SHARE, id));
  if (!refused) return;
  const message = `The client '${client}' has permission to perform action 'Microsoft.Compute/capacityReservationGroups/write' on scope '${group.id}'; however, it does not have permission to perform action(s) '${SHARE}' on the linked scope(s) '${refused.id}' (respectively) or the linked scope(s) are invalid.`;
  throw refuse(403, { code: "LinkedAuthorizationFailed", message });
}
