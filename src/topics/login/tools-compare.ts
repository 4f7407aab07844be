import type { Principal } from "../../azure/login-ports.ts";
import { isGuid } from "../../resource-id.ts";
import type { ToolPrincipal, ToolReading, ToolTarget } from "./tools-reading.ts";

/** Where azwise itself goes, and as whom. */
export interface Own {
  cloud: string;
  tenantId: string;
  subscriptionId: string | undefined;
  principal: Principal;
}

/** Whether another tool leads to the same place. */
export interface Agreement {
  /** Undefined when it cannot be told, or the tool is not in use. */
  agrees: boolean | undefined;
  /** Of cloud, tenant, subscription and principal. */
  differs: string[];
  /** Why it cannot be told. */
  reason: string | undefined;
}

/** "unnamed" when one side does not name it, which is no disagreement. */
type Part = "same" | "other" | "unnamed" | { unsure: string };

/** Compares what a tool names with where azwise goes. */
export function compareTool(tool: ToolReading, own: Own): Agreement {
  if (tool.state !== "in use") return { agrees: undefined, differs: [], reason: tool.reason };
  const { target } = tool;
  const parts: Record<string, Part> = {
    cloud: compareCloud(target.cloud, own.cloud),
    tenant: compareTenant(target, own.tenantId),
    subscription: compareSubscription(target.subscription, own.subscriptionId),
    principal: comparePrincipal(target.principal, own),
  };
  const differs = Object.keys(parts).filter((name) => parts[name] === "other");
  if (differs.length > 0) return { agrees: false, differs, reason: undefined };
  const unsure = Object.values(parts).find((part) => typeof part === "object")?.unsure;
  if (unsure !== undefined) return { agrees: undefined, differs, reason: unsure };
  if (Object.values(parts).includes("same")) return { agrees: true, differs, reason: undefined };
  return { agrees: undefined, differs, reason: "it names nothing that could be compared" };
}

/** A custom cloud has a name of its own in every tool, and the sandbox is known to azwise alone. */
const SHARED_CLOUDS = ["public", "usgov", "china"];

function compareCloud(theirs: string | undefined, ours: string): Part {
  if (theirs === undefined || ![theirs, ours].every((each) => SHARED_CLOUDS.includes(each))) return "unnamed";
  return theirs === ours ? "same" : "other";
}

function compareTenant({ tenant, tenantUnsure }: ToolTarget, tenantId: string): Part {
  if (tenant === undefined) return "unnamed";
  if (isGuid(tenant)) return sameText(tenant, tenantId) ? "same" : "other";
  return { unsure: tenantUnsure ?? `${tenant} names no single tenant` };
}

function compareSubscription(theirs: string | undefined, ours: string | undefined): Part {
  if (theirs === undefined || ours === undefined) return "unnamed";
  if (isGuid(theirs)) return sameText(theirs, ours) ? "same" : "other";
  return { unsure: `${theirs} is not the id of a subscription` };
}

function comparePrincipal(theirs: ToolPrincipal | undefined, { principal, tenantId }: Own): Part {
  if (theirs === undefined) return "unnamed";
  const found = matchPrincipal(theirs, principal, tenantId);
  return found === "other" && theirs.unsure !== undefined ? { unsure: theirs.unsure } : found;
}

function matchPrincipal(theirs: ToolPrincipal, ours: Principal, tenantId: string): Part {
  switch (theirs.by) {
    case "nothing":
      return "other";
    case "client id":
      return matchApplication(theirs.value, ours);
    case "sign-in name":
      return matchUser(theirs.value, ours);
    case "object id":
      return matchObject(theirs, ours, tenantId);
  }
}

function matchApplication(clientId: string, ours: Principal): Part {
  if (ours.kind === "user") return "other";
  if (ours.appId === undefined) return { unsure: OPAQUE };
  if (sameText(clientId, ours.appId)) return "same";
  // A token that does not say that it is an application's may be a person's, got through an application.
  return ours.kind === "unknown" ? { unsure: UNTOLD } : "other";
}

function matchUser(name: string, ours: Principal): Part {
  if (ours.kind === "unknown") return { unsure: ours.id === undefined ? OPAQUE : UNTOLD };
  if (ours.kind !== "user") return "other";
  if (sameText(name, ours.name ?? "")) return "same";
  // "ada_contoso.com#EXT#@fabrikam.com" and "live.com#ada@outlook.com" may be the same person as ada.
  const isGuest = [name, ours.name ?? ""].some((each) => each.includes("#"));
  return isGuest ? { unsure: "a guest has another sign-in name in each tenant" } : "other";
}

function matchObject(theirs: ToolPrincipal, ours: Principal, tenantId: string): Part {
  if (ours.id === undefined) return { unsure: OPAQUE };
  if (sameText(theirs.value, ours.id)) return "same";
  const isHere = sameText(theirs.tenantId ?? "", tenantId);
  return isHere ? "other" : { unsure: "a guest has another object id in each tenant" };
}

const OPAQUE = "the token is opaque and does not say whose it is";
const UNTOLD = "the token does not say whether it is a person's or an application's";

function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
