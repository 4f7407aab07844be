import type { Fact } from "../fact.ts";
import { accessFacts } from "./azure-wire-access.ts";
import { capacityFacts } from "./azure-wire-capacity.ts";
import { costFacts } from "./azure-wire-cost.ts";
import { registryDataFacts } from "./azure-wire-registry-data.ts";
import { registryFacts } from "./azure-wire-registry.ts";

const operations = "Long-running operations";
const graph = "Azure Resource Graph";
const errors = "Capacity, size and quota errors";

const statements: readonly Omit<Fact, "article">[] = [
  ...capacityFacts,
  ...accessFacts,
  ...costFacts,
  ...registryFacts,
  ...registryDataFacts,
  {
    id: "azure-wire/list-has-no-power",
    section: "Virtual machine reads",
    text: "Listing VMs never tells their power state; it needs a read per VM with the instance view, or Resource Graph.",
    appliesTo: "read in the SDK, API 2026-04-01",
  },
  {
    id: "azure-wire/stopped-is-not-deallocated",
    section: "Virtual machine reads",
    text: "A VM in state stopped still holds its hardware and is still billed; only deallocated gives both up.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/ids-change-case",
    section: "Rules common to everything on ARM",
    text: "The service does not keep the letter case of resource groups and names within ids, so ids must be compared without regard to it.",
    appliesTo: "recorded traffic, API 2026-04-01",
  },
  {
    id: "azure-wire/allocation-codes",
    section: errors,
    text: "AllocationFailed, ZonalAllocationFailed, the two Overconstrained…AllocationRequest codes and CapacityReservationCapacityExceeded all mean no room; the first four arrive through the operation, after the request itself was accepted.",
    appliesTo: "Microsoft documentation and another team's first-hand notes",
  },
  {
    id: "azure-wire/quota-refusal",
    section: errors,
    text: "Too little quota is refused at once with 409 OperationNotAllowed, a code shared with other causes; its message states limit, usage and what is missing.",
    appliesTo: "Microsoft documentation; newer paths may say QuotaExceeded (well known, not re-verified)",
  },
  {
    id: "azure-wire/verify-after-write",
    section: "Virtual machine association",
    text: "Success of a change is not proof that it took effect: some detach requests answer 200 and leave the association in place. Only reading the state back tells.",
    appliesTo: "another team's first-hand notes",
  },
  {
    id: "azure-wire/poll-url-is-signed",
    section: operations,
    text: "The address for following an operation carries a long signature that changes between answers; it must be used exactly as received and kept out of logs.",
    appliesTo: "recorded traffic; refusal of an outdated address is well known, not re-verified",
  },
  {
    id: "azure-wire/foreign-poll-host",
    section: operations,
    text: "The SDK would send the access token to whichever host the answer names for polling, so azwise checks the host first.",
    appliesTo: "observed with the SDK on a simulated transport",
  },
  {
    id: "azure-wire/graph-lags",
    section: graph,
    text: "Resource Graph trails the resource manager by seconds to minutes; it cannot confirm a change that was just made.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/graph-silently-absent",
    section: graph,
    text: "Resource Graph leaves out subscriptions the caller may not read and reports no error, so a missing row does not mean a missing resource.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/graph-truncation",
    section: graph,
    text: "When Resource Graph marks its answer truncated and hands out no token for the next page, the remaining rows are lost.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/throttling-429",
    section: "Throttling",
    text: "Throttling answers 429. Compute may ask for a wait of 20 minutes; without a Retry-After header the SDK gives up at the first answer; asking too early can renew the wait.",
    appliesTo:
      "Microsoft documentation; SDK behaviour observed on a simulated transport; the renewed wait not re-verified",
  },
  {
    id: "azure-wire/wrong-tenant-401",
    section: "Identity and subscriptions: wrong tenant and CAE",
    text: "A token of another tenant is refused with 401 InvalidAuthenticationTokenTenant, and the answer names the tenant that the subscription belongs to.",
    appliesTo: "Microsoft documentation",
  },
];

/** How the services really answer; `appliesTo` says how sure we are and for which API version. */
export const azureWireFacts: readonly Fact[] = statements.map((statement) => ({
  ...statement,
  article: "azure-wire",
}));
