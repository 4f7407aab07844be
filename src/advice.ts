import type { ErrorKind } from "./errors.ts";

/** What to tell a user whom Azure refused with one of these codes. */
export interface Advice {
  codes: readonly string[];
  text: string;
  because: readonly string[];
}

/** What the article suggests when hardware is short; the order is the article's. */
const NO_CAPACITY: readonly Advice[] = [
  {
    codes: [],
    text: "try again outside business hours of the region, when demand is lower",
    because: ["odcr/off-hours"],
  },
  {
    codes: [],
    text: "use another size, zone or region",
    because: ["odcr/other-size-zone-region"],
  },
  {
    codes: [],
    text: "repeat the command at intervals until it succeeds, which may take days; azwise odcr acquire does that for slots in which nothing runs yet",
    because: ["odcr/retry-until-it-succeeds"],
  },
  {
    codes: [],
    text: "open a support ticket: it can name a cause other than capacity, but cannot make room",
    because: ["odcr/support-ticket"],
  },
];

/** Ordered: the first entry with the code wins. Matched on codes, never on message texts. */
const ADVICE: readonly Advice[] = [
  {
    codes: ["AllocationFailed", "ZonalAllocationFailed", "CapacityReservationCapacityExceeded"],
    text: "Azure has no free hardware for this size there right now; quota does not change that",
    because: ["odcr/causes-of-failure", "azure-wire/allocation-codes", "odcr/quota-is-a-credit-limit"],
  },
  {
    codes: ["OverconstrainedAllocationRequest", "OverconstrainedZonalAllocationRequest"],
    text: "no hardware meets all constraints of the request together; fewer constraints may fit",
    because: ["odcr/causes-of-failure", "azure-wire/allocation-codes"],
  },
  {
    codes: ["OperationNotAllowed", "QuotaExceeded"],
    text: "most often the quota of this size family is used up: ask for more, waiting does not help",
    because: ["odcr/causes-of-failure", "azure-wire/quota-refusal", "azure-wire/quota-at-creation"],
  },
  {
    codes: ["SkuNotAvailable"],
    text: "this size is not offered to the subscription there: waiting does not help",
    because: ["odcr/causes-of-failure", "azure-wire/size-restricted"],
  },
  {
    codes: ["LinkedAuthorizationFailed"],
    text: "associating a VM also needs capacityReservationGroups/deploy/action on the group, and sharing a group share/action, in the other subscription too",
    because: ["azure-wire/deploy-permission", "azure-wire/share-permission"],
  },
];

/** Advice for an error code of Azure, most specific first; empty when there is none. */
export function adviseOn(code: string | undefined): readonly Advice[] {
  const found = ADVICE.find(({ codes }) => code !== undefined && codes.includes(code));
  if (!found) return [];
  return isShortage(code) ? [found, ...NO_CAPACITY] : [found];
}

const SHORTAGE = new Set(ADVICE.slice(0, 2).flatMap(({ codes }) => codes));
const REFUSALS_OF_CAPACITY = new Set(ADVICE.slice(0, 4).flatMap(({ codes }) => codes));

/** Hardware is short now, so waiting or asking elsewhere may help. */
export function isShortage(code: string | undefined): boolean {
  return code !== undefined && SHORTAGE.has(code);
}

/** Why Azure does not hold capacity: the article's four causes, and two that are not among them. */
export const CAUSES = [
  "no free hardware",
  "quota",
  "size not offered",
  "restriction",
  "denied",
  "unknown",
] as const;
export type Cause = (typeof CAUSES)[number];

const CAUSE_BY_CODE: Readonly<Record<string, Cause>> = {
  QuotaExceeded: "quota",
  SkuNotAvailable: "size not offered",
  RequestDisallowedByPolicy: "restriction",
  RequestDisallowedByAzure: "restriction",
  ScopeLocked: "restriction",
  LocationNotAvailableForResourceType: "restriction",
  ReadOnlyDisabledSubscription: "restriction",
};

/** Matched on the code, or else on the kind of a refusal; only hardware may be there later. */
export function causeOf({ code, kind, message }: Refusal): Cause {
  if (isShortage(code)) return "no free hardware";
  // Azure uses this code for many refusals; only the text tells that it is about quota.
  if (code === "OperationNotAllowed") return /\bquota\b/i.test(message) ? "quota" : "unknown";
  return CAUSE_BY_CODE[code ?? ""] ?? (kind === "auth" ? "denied" : "unknown");
}

interface Refusal {
  code: string | undefined;
  kind: ErrorKind;
  message: string;
}

const BECAUSE: Readonly<Partial<Record<Cause, readonly string[]>>> = {
  "no free hardware": ["odcr/causes-of-failure", "azure-wire/allocation-codes"],
  quota: ["odcr/causes-of-failure", "azure-wire/quota-refusal"],
  "size not offered": ["odcr/causes-of-failure", "azure-wire/size-restricted"],
  restriction: ["odcr/causes-of-failure"],
};

/** The facts behind a cause; none for what is not the article's. */
export function becauseOf(cause: Cause): readonly string[] {
  return BECAUSE[cause] ?? [];
}

/** Azure would not hold the capacity: hardware, constraints, quota or an offer is missing. */
export function isCapacityRefusal(code: string | undefined): boolean {
  return code !== undefined && REFUSALS_OF_CAPACITY.has(code);
}
