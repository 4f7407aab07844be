import type { Reservation } from "../bodies.ts";
import { refuse, type Call } from "../http.ts";
import { subscriptionOf } from "../ids.ts";
import type { Beginning } from "../operations.ts";
import { allocationError, claimHardware } from "./capacity.ts";
import { reservationFacts, withReservation } from "./estate.ts";
import { checkQuota } from "./quota.ts";
import { requireReservableSize } from "./sizes.ts";

/**
 * Takes or gives back hardware so that the reservation has the quantity, all or nothing.
 * Refuses for quota at once; the lack of hardware is told later, by the operation.
 */
export function obtain(call: Call, reservation: Reservation, quantity: number): Beginning["error"] {
  const { world } = call.state;
  const facts = reservationFacts(world, reservation);
  const change = withReservation(world, reservation.id, { ...facts, quantity });
  if (quantity > facts.quantity) checkQuota(world, facts, change);
  if (call.doom) return call.doom;
  if (!claimHardware(world, facts, change)) return allocationError(facts);
  reservation.properties.instanceView.utilizationInfo.currentCapacity = quantity;
  return undefined;
}

export function changeQuantity(call: Call, reservation: Reservation, quantity: number): Beginning["error"] {
  const { currentCapacity } = reservation.properties.instanceView.utilizationInfo;
  if (reservation.properties.provisioningState === "Failed" && quantity !== currentCapacity) {
    const message = `Capacity reservation '${reservation.name}' is in a failed state and cannot be used until its capacity is restored to ${currentCapacity}.`;
    throw refuse(409, { code: "OperationNotAllowed", message });
  }
  if (quantity > currentCapacity) {
    requireReservableSize(call.state.world, {
      subscriptionId: subscriptionOf(reservation.id),
      resourceId: reservation.id,
      slot: reservationFacts(call.state.world, reservation),
    });
  }
  const error = obtain(call, reservation, quantity);
  reservation.sku.capacity = quantity;
  return error;
}
