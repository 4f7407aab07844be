import { AzureError } from "../../azure/azure-error.ts";
import { UNKNOWN_KIND } from "../../azure/registry-manifest.ts";
import { isPassing } from "../../azure/transport-error.ts";
import { EXIT, type AppError, type ExitCode } from "../../errors.ts";
import { missingText, shortDigest, type Copy } from "./copies.ts";

/** What a look at a replica has shown of the image that is waited for. */
export type Seen = "pullable" | "differs" | "missing" | "incomplete";

/** How the wait for one replica has ended, or stands. */
export interface Waited {
  name: string;
  host: string | undefined;
  /** The last look that was answered. */
  copy: Copy | undefined;
  /** Why the last look was not answered; undefined when it was. */
  why: string | undefined;
  /** It will not be answered whatever the time. */
  refused: boolean;
  found: Found | undefined;
}

/** The look that found the image. */
export interface Found {
  /** ISO time of its end. */
  time: string;
  /** From the push, or the start of the wait; undefined when it may have been there long before. */
  lagMs: number | undefined;
  /** It may have come so much earlier. */
  withinMs: number | undefined;
}

export function judgeCopy({ digest, missing }: Copy, wanted: string): Seen {
  if (digest === undefined) return "missing";
  if (digest !== wanted) return "differs";
  return missing.length === 0 ? "pullable" : "incomplete";
}

const FOR_GOOD = ["ForeignRealm", "ForeignHost", UNKNOWN_KIND];

/**
 * Whether asking again cannot help: no sign-in or way in, no such request, a certificate, a sign-in elsewhere, a
 * manifest of an unknown kind.
 */
export function isForGood(error: AppError): boolean {
  if (error.kind === "auth") return true;
  if (error.kind === "timeout") return false;
  if (!(error instanceof AzureError)) return true;
  if (FOR_GOOD.includes(error.code ?? "") || !isPassing(error)) return true;
  const { status = 0 } = error;
  return status >= 400 && status < 500 && ![404, 408, 429].includes(status);
}

/** Times in milliseconds: when it began, when an earlier look last showed that it is not there, and when it was found. */
export interface Times {
  start: number;
  /** Undefined without an earlier look that was answered. */
  notYet: number | undefined;
  now: number;
  /** When it was pushed, if that was said. */
  pushed: number | undefined;
}

/** A look every few seconds does not tell the moment, only between which looks it was. */
export function measure({ start, notYet, now, pushed }: Times): Pick<Found, "lagMs" | "withinMs"> {
  const from = pushed ?? start;
  if (notYet === undefined && pushed === undefined) return { lagMs: undefined, withinMs: undefined };
  const lagMs = now - from;
  return { lagMs, withinMs: notYet === undefined ? lagMs : Math.min(lagMs, now - notYet) };
}

/** In words, for a replica that does not have it all. */
export function lackText({ copy, why }: Waited, wanted: string | undefined): string {
  if (why !== undefined) return `cannot be asked: ${why}`;
  if (copy === undefined) return "did not answer in time";
  if (copy.digest === undefined) return "not there";
  if (wanted !== undefined && copy.digest !== wanted) return `leads to ${shortDigest(copy.digest)}`;
  return `lacks ${missingText(copy.missing)}`;
}

export function isOther({ copy, why }: Waited, wanted: string | undefined): boolean {
  return (
    wanted !== undefined && why === undefined && copy !== undefined && judgeCopy(copy, wanted) === "differs"
  );
}

/** The first that fits: another digest, too late, cannot be asked, everywhere. */
export function exitOf(regions: readonly Waited[], wanted: string | undefined): ExitCode {
  const left = regions.filter(({ found }) => found === undefined);
  if (left.some((each) => isOther(each, wanted))) return EXIT.failed;
  if (left.some(({ refused }) => !refused)) return EXIT.timeout;
  return left.length > 0 ? EXIT.partial : EXIT.ok;
}
