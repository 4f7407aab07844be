import { worstFirst } from "../../diagnosis.ts";
import { checkClusters, checkDocker, checkNames } from "./doctor-clients-plan.ts";
import type { Finding } from "./doctor-finding.ts";
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
  return worstFirst(
    CHECKS.flatMap((check) => check(examined)),
    "nothing is wrong that azwise knows of",
  );
}
