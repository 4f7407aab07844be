import { caseOf } from "./evidence.ts";
import type { Cause, Certainty, Examined } from "./seen.ts";
import { connectionRefused } from "./signatures/connection-refused.ts";
import { disallowedHost, missingSetting, missingStaticFiles } from "./signatures/django.ts";
import { imagePull } from "./signatures/image-pull.ts";
import { wrongAddress } from "./signatures/listening.ts";
import { probeKilled } from "./signatures/probe-killed.ts";
import { replicaTimeout } from "./signatures/replica-timeout.ts";
import { outOfMemory, throttledCpu } from "./signatures/resources.ts";
import { unknownEnd } from "./signatures/unknown-end.ts";
import { unresolvedService } from "./signatures/unresolved-service.ts";

const SIGNATURES = [
  imagePull,
  unresolvedService,
  missingSetting,
  missingStaticFiles,
  outOfMemory,
  replicaTimeout,
  wrongAddress,
  connectionRefused,
  disallowedHost,
  probeKilled,
  throttledCpu,
];

const ORDER: Readonly<Record<Certainty, number>> = { likely: 0, possible: 1, unknown: 2, over: 3 };

/**
 * The causes that were seen: first what harms now, what is over last; among them first what others cannot happen
 * without (see docs/kql.md), then what was seen last.
 */
export function rankCauses(examined: Examined): Cause[] {
  const seen = caseOf(examined);
  const found = SIGNATURES.flatMap((signature) => signature(seen));
  const isExplained = found.some(({ certainty }) => certainty === "likely");
  const ranked = [...found, ...(isExplained ? [] : unknownEnd(seen))].toSorted(
    (one, other) =>
      ORDER[one.certainty] - ORDER[other.certainty] ||
      one.tier - other.tier ||
      other.lastAt - one.lastAt ||
      other.count - one.count,
  );
  const [first] = ranked;
  if (!first || first.certainty !== "likely") return ranked;
  return ranked.map((cause) => (isAfter(cause, first) ? { ...cause, explainedBy: first.id } : cause));
}

/** Probes fail because of what goes before them. */
function isAfter(cause: Cause, first: Cause): boolean {
  return cause.id === "probe-killed-before-start" && cause !== first && cause.certainty === "likely";
}
