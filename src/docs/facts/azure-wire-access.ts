import type { Fact } from "../fact.ts";

const permissions = "Permissions of the caller";
const errors = "Capacity, size and quota errors";

/** What can be asked before anything is changed; part of the azure-wire article. */
export const accessFacts: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/permissions-read",
    section: permissions,
    text: "A subscription, resource group or resource tells the caller's own permissions there, inherited ones included, as actions and notActions with wildcards; an action is granted when one entry holds it and does not itself exclude it.",
    appliesTo:
      "Microsoft documentation, API 2022-04-01; public scripts ask a subscription and a resource, too",
  },
  {
    id: "azure-wire/permissions-are-roles",
    section: permissions,
    text: "The permissions come from roles; deny assignments, locks and policies can refuse an action that the list grants.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/zone-peers",
    section: "Capacity reservation groups",
    text: "One request per location tells which zone of another subscription is the same physical zone; it needs the action Microsoft.Resources/checkZonePeers/action and may need the subscription's feature AvailabilityZonePeering.",
    appliesTo:
      "request read in the SDK, API 2022-12-01; action and feature from public scripts, not re-verified",
  },
  {
    id: "azure-wire/usages-by-family",
    section: errors,
    text: "Compute counts quota in vCPUs per subscription, location and VM family, and once more for all families of the location; one list tells limit and usage of each.",
    appliesTo: "list read in the SDK, API 2026-03-01; that both limits hold is well known, not re-verified",
  },
  {
    id: "azure-wire/raise-over-members-quota",
    section: "Capacity reservations",
    text: "VMs within the reserved quantity need no quota of their own, but whether the raise itself is checked against all its vCPUs, or only those its members do not count for yet, is not documented.",
    appliesTo: "Microsoft documentation (the first part); the second was not found there, not re-verified",
  },
  {
    id: "azure-wire/restriction-codes",
    section: errors,
    text: "A size is restricted with the code QuotaId when the offer of the subscription does not include it, and with NotAvailableForSubscription when the location or zone does not serve it to this subscription, for reasons of capacity.",
    appliesTo:
      "codes read in the SDK, API 2021-07-01; their meaning is Microsoft documentation of another service's list",
  },
];
