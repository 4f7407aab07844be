import type { Principal, SignedIn } from "../../azure/login-ports.ts";
import type { PinMismatch } from "../../azure/pin.ts";
import type { Sourced } from "../../azure/target.ts";
import { isGuid } from "../../resource-id.ts";
import type { FoundSubscription } from "./whoami-find.ts";

/** One expectation beside what is so. */
export interface Check {
  what: string;
  expected: string;
  /** Undefined when there is none, or nobody can tell; `reason` says why. */
  actual: string | undefined;
  /** What led there, as in "AZURE_TENANT_ID"; "the token" for what the token says. */
  from: string | undefined;
  /** "unusable" is the expected one, but nothing can be done there. */
  verdict: "same" | "differs" | "unusable" | "unknown";
  reason: string | undefined;
}

const OPAQUE = "the token is opaque";
const UNTOLD = "the token does not say";

/** `given` as it was typed; `tenantId` is the GUID of that. */
export function checkTenantId(expected: { given: string; tenantId: string }, signedIn: SignedIn): Check {
  const { given, tenantId } = expected;
  if (isOpaque(signedIn.principal)) return unknown("tenant", given, OPAQUE);
  if (!signedIn.saysTenant) return unknown("tenant", given, UNTOLD);
  const actual = signedIn.tenantId;
  const verdict = actual === tenantId ? "same" : "differs";
  return { what: "tenant", expected: given, actual, from: "the token", verdict, reason: undefined };
}

/** `named` is the subscription that the run leads to; `found` is what Azure says of it, asked when it is the one. */
export function checkSubscription(
  expected: string,
  named: Sourced | undefined,
  found: FoundSubscription | undefined,
): Check {
  if (named === undefined) return unknown("subscription", expected, "none is named");
  const check = { what: "subscription", expected, actual: named.value.toLowerCase(), from: named.from };
  if (check.actual !== expected) return { ...check, verdict: "differs", reason: undefined };
  const reason = found?.reason ?? found?.problem;
  if (found?.problem !== undefined) return { ...check, verdict: "unusable", reason };
  return { ...check, verdict: reason === undefined ? "same" : "unknown", reason };
}

/** `expected` may be an object id, a client id or a sign-in name, in any case. */
export function checkPrincipal(expected: string, { principal }: SignedIn): Check {
  if (isOpaque(principal)) return unknown("principal", expected, OPAQUE);
  const { id, name, appId } = principal;
  const known = [...new Set([name, id, appId].filter((each) => each !== undefined))];
  const isSame = known.some((each) => each.toLowerCase() === expected.toLowerCase());
  const isTold = isGuid(expected) ? id !== undefined : name !== undefined;
  return {
    what: "principal",
    expected,
    actual: known.join(", "),
    from: "the token",
    verdict: isSame ? "same" : isTold ? "differs" : "unknown",
    reason: isSame || isTold ? undefined : UNTOLD,
  };
}

/** The pin of the folder is expected, too: every command that follows would be stopped by it. */
export function checkPin({ what, pinned, actual, pinnedBy, actualBy }: PinMismatch): Check {
  const reason = `pinned by ${pinnedBy}`;
  return { what: `pinned ${what}`, expected: pinned, actual, from: actualBy, verdict: "differs", reason };
}

function unknown(what: string, expected: string, reason: string): Check {
  return { what, expected, actual: undefined, from: undefined, verdict: "unknown", reason };
}

function isOpaque({ id, name, appId }: Principal): boolean {
  return id === undefined && name === undefined && appId === undefined;
}
