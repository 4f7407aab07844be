import { groupIdOf, isHeld, powerOf, type Machine } from "../bodies.ts";
import type { Call, Reply } from "../http.ts";
import { beginOperation, type Beginning } from "../operations.ts";
import type { Route } from "../route.ts";
import { allocationError, claimHardware } from "./capacity.ts";
import { machineFacts, reservationFor, withMachine } from "./estate.ts";
import { requireMachine } from "./machines.ts";
import { operationHeaders, refuseWhileBusy } from "./operations.ts";
import { checkQuota } from "./quota.ts";
import { setPower } from "./settle.ts";
import { COMPUTE_VERSIONS } from "./versions.ts";

const MACHINE_PATH =
  "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}";

export const powerRoutes: readonly Route[] = (["deallocate", "start"] as const).map((verb) => ({
  method: "POST",
  path: `${MACHINE_PATH}/${verb}`,
  versions: COMPUTE_VERSIONS,
  action: `Microsoft.Compute/virtualMachines/${verb}/action`,
  answer: verb === "start" ? start : deallocate,
}));

const DEALLOCATE_MS = 45_000;
const START_MS = 60_000;
/** A machine that already is where it is wanted. */
const NOTHING_MS = 2000;

function deallocate(call: Call): Reply {
  const machine = requireMachine(call);
  refuseWhileBusy(call, machine.id);
  if (!isHeld(machine)) return accept(call, { kind: "nothing", resource: machine, durationMs: NOTHING_MS });
  const had = powerOf(machine);
  if (!call.doom) setPower(machine, "deallocating");
  machine.properties.provisioningState = "Updating";
  return accept(call, { kind: "deallocate", resource: machine, durationMs: DEALLOCATE_MS, had });
}

function start(call: Call): Reply {
  const machine = requireMachine(call);
  refuseWhileBusy(call, machine.id);
  const had = powerOf(machine);
  if (had === "running") {
    return accept(call, { kind: "nothing", resource: machine, durationMs: NOTHING_MS });
  }
  const error = call.doom ?? findPlace(call, machine);
  if (!error) setPower(machine, "starting");
  machine.properties.provisioningState = "Updating";
  return accept(call, { kind: "start", resource: machine, durationMs: START_MS, had, error });
}

/** Takes a reserved unit or other hardware for the machine, or says why there is none. */
function findPlace(call: Call, machine: Machine): Beginning["error"] {
  const { world } = call.state;
  const facts = machineFacts(machine);
  const change = withMachine(world, machine.id, { held: true });
  checkQuota(world, facts, change);
  const groupId = groupIdOf(machine);
  const reservation = groupId === undefined ? undefined : reservationFor(world, groupId, facts);
  // A failed reservation is unusable until its old quantity is restored.
  if (reservation?.properties.provisioningState === "Failed") return allocationError(facts);
  return claimHardware(world, facts, change) ? undefined : allocationError(facts);
}

function accept(call: Call, beginning: Beginning): Reply {
  const operation = beginOperation(call, beginning);
  return { status: 202, headers: operationHeaders(call, operation, "both") };
}
