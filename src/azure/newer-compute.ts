import type { Json, JsonObject } from "../json.ts";
import { createArm, type ArmConnection } from "./arm.ts";
import { AzureError } from "./azure-error.ts";

/** The first version with Open groups and states of future reservations; the SDK client asks with an older one. */
const API_VERSION = "2026-04-01";

/** The type of reservation that a VM runs on; undefined when the service does not say. */
export async function readReservationType(
  connection: ArmConnection,
  id: string,
): Promise<string | undefined> {
  const view = await readNewer(connection, `${id}/instanceView`);
  return textOf(view, "capacityReservationType");
}

/** States of future reservations by lower-cased name; those without a state are left out. */
export async function readReservationStates(
  connection: ArmConnection,
  groupId: string,
): Promise<Map<string, string>> {
  const group = await readNewer(connection, groupId, { $expand: "instanceView" });
  const views = objectOf(objectOf(group?.["properties"])?.["instanceView"])?.["capacityReservations"];
  const states = new Map<string, string>();
  for (const view of Array.isArray(views) ? views.map(objectOf) : []) {
    const state = textOf(objectOf(view?.["reservationStateInfo"]), "reservationState");
    if (state !== undefined) states.set(textOf(view, "name")?.toLowerCase() ?? "", state);
  }
  return states;
}

/** Undefined also where the service does not know the version yet: what it would tell is then not known. */
async function readNewer(
  connection: ArmConnection,
  path: string,
  query: Record<string, string> = {},
): Promise<JsonObject | undefined> {
  try {
    return objectOf(await createArm(connection).read({ path, apiVersion: API_VERSION, query }));
  } catch (error) {
    if (error instanceof AzureError && error.status === 400) return undefined;
    throw error;
  }
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

function textOf(body: JsonObject | undefined, key: string): string | undefined {
  const value = body?.[key];
  return typeof value === "string" ? value : undefined;
}
