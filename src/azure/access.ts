import type { Json, JsonObject } from "../json.ts";
import { ask, asObject, listPages, objectsIn, type ArmConnection } from "./arm.ts";
import type { AccessPort, Permission } from "./ports.ts";
import { SUBSCRIPTIONS_API } from "./subscriptions.ts";

const PERMISSIONS_API = "2022-04-01";

/** Who may do what, and which zone is which, by hand-made requests: no client of these services is used. */
export function createAccess(connection: ArmConnection): AccessPort {
  return {
    async listPermissions(scope) {
      const path = `${scope}/providers/Microsoft.Authorization/permissions`;
      const found: Permission[] = [];
      for await (const page of listPages(connection, { path, apiVersion: PERMISSIONS_API })) {
        found.push(...page.map(toPermission));
      }
      return found;
    },
    async mapZones({ subscriptionId, peerId, location }) {
      const answer = await ask(connection, {
        path: `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/checkZonePeers/`,
        apiVersion: SUBSCRIPTIONS_API,
        body: { location, subscriptionIds: [`subscriptions/${peerId}`] },
      });
      return new Map(objectsIn(asObject(answer)["availabilityZonePeers"]).flatMap(toPair(peerId)));
    },
  };
}

function toPermission(item: JsonObject): Permission {
  return { actions: textsIn(item["actions"]), notActions: textsIn(item["notActions"]) };
}

/** The answer may name further subscriptions, and itself. */
function toPair(peerId: string): (item: JsonObject) => [string, string][] {
  return (item) => {
    const peer = objectsIn(item["peers"]).find((each) => isOf(each["subscriptionId"], peerId));
    const [own, other] = [item["availabilityZone"], peer?.["availabilityZone"]];
    return typeof own === "string" && typeof other === "string" ? [[own, other]] : [];
  };
}

/** Subscriptions come as a bare id or as "subscriptions/<id>". */
function isOf(value: Json | undefined, peerId: string): boolean {
  return typeof value === "string" && value.toLowerCase().endsWith(peerId.toLowerCase());
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
