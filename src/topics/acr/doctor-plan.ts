import { checkClusters, checkDocker, checkNames } from "./doctor-clients-plan.ts";
import { SEVERITIES, type Finding } from "./doctor-finding.ts";
import { checkReplicas } from "./doctor-replicas-plan.ts";
import type { Examined } from "./doctor-read.ts";
import { checkAddresses, checkKey, checkSwitches, checkWebhooks } from "./doctor-registry-plan.ts";

type Check = (examined: Examined) => Finding[];

const CHECKS: readonly Check[] = [
  checkReplicas,
  checkSwitches,
  checkAddresses,
  checkKey,
  checkWebhooks,
  checkClusters,
  checkNames,
  checkDocker,
];

/** All that is wrong with a registry or worth knowing of it, and what could not be told; the worst first. */
export function planFindings(examined: Examined): Finding[] {
  const findings = CHECKS.flatMap((check) => check(examined));
  const isHealthy = findings.every(({ severity }) => severity === "info");
  return [...findings, ...(isHealthy ? [HEALTHY] : [])].sort((left, right) => rank(left) - rank(right));
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

const HEALTHY: Finding = {
  id: "healthy",
  severity: "ok",
  title: "nothing is wrong that azwise knows of",
  evidence: "every check was made",
  because: [],
};
