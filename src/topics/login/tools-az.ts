import { defaultAzAccount, type AzAccount, type AzProfile } from "../../azure/az-profile.ts";
import { cloudFromAz } from "../../azure/clouds.ts";
import { isGuid } from "../../resource-id.ts";
import type { ToolPrincipal, ToolReading } from "./tools-reading.ts";

/** Where az leads: its default account. */
export function readAz({ file, state, accounts }: AzProfile): ToolReading {
  const place = { tool: "az", from: file, because: ["azure-wire/az-profile-is-shared"] };
  if (state === "broken") {
    return { ...place, state: "unknown", reason: "az's profile cannot be read, or is half-written" };
  }
  const account = defaultAzAccount(accounts);
  if (!account) return { ...place, state: "not in use", reason: "nobody is signed in to az" };
  const { environmentName, tenantId, subscriptionId, user } = account;
  const target = {
    cloud: cloudFromAz(environmentName),
    tenant: tenantId,
    subscription: subscriptionId,
    principal: principalOf(user),
  };
  return { ...place, state: "in use", target };
}

function principalOf({ name, type }: AzAccount["user"]): ToolPrincipal | undefined {
  if (name === "") return undefined;
  if (type === "servicePrincipal" && isGuid(name)) return { by: "client id", value: name };
  // az writes "systemAssignedIdentity" for a machine, and "MSI@50342" for whoever opened Cloud Shell.
  if (type === "servicePrincipal" || /^MSI@\d+$/.test(name)) {
    return { by: "nothing", value: name, unsure: `az does not say who ${name} is` };
  }
  return { by: "sign-in name", value: name };
}
