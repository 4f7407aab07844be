import { worstFirst } from "../../diagnosis.ts";
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
import type { Finding } from "./doctor-finding.ts";
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
  return worstFirst(
    CHECKS.flatMap((check) => check(machine)),
    "nothing stands in the way of a sign-in",
  );
}
