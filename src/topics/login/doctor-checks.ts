import { checkAzFolder, checkAzVersion } from "./doctor-checks-az.ts";
import { checkOwnFiles } from "./doctor-checks-files.ts";
import { checkHalfSet, checkStray, checkTarget } from "./doctor-checks-identity.ts";
import { checkClock, checkProxy, checkTrust } from "./doctor-checks-network.ts";
import {
  checkAccounts,
  checkDefaultAccount,
  checkProfile,
  checkUnused,
  checkWalk,
} from "./doctor-checks-profile.ts";
import { checkRunner } from "./doctor-checks-runner.ts";
import { SEVERITIES, type Finding } from "./doctor-finding.ts";
import type { Machine } from "./doctor-machine.ts";

type Check = (machine: Machine) => Finding[];

const CHECKS: readonly Check[] = [
  checkTarget,
  checkClock,
  checkTrust,
  checkProxy,
  checkRunner,
  checkOwnFiles,
  checkStray,
  checkHalfSet,
  checkAzVersion,
  checkAzFolder,
  checkProfile,
  checkUnused,
  checkDefaultAccount,
  checkWalk,
  checkAccounts,
];

/** All that is wrong or worth knowing, the worst first; a machine without errors and warnings is told so last. */
export function diagnose(machine: Machine): Finding[] {
  const findings = CHECKS.flatMap((check) => check(machine));
  const isHealthy = findings.every(({ severity }) => severity === "info");
  return [...findings, ...(isHealthy ? [HEALTHY] : [])].sort((left, right) => rank(left) - rank(right));
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

const HEALTHY: Finding = {
  id: "healthy",
  severity: "ok",
  title: "nothing stands in the way of a sign-in",
  evidence: "every check was made",
  because: [],
};
