import { isAbsolute, relative } from "node:path";
import { azFolder } from "../../azure/az-profile.ts";
import type { Env } from "../../context.ts";
import type { Finding, Severity } from "./doctor-finding.ts";
import { shortPath, type Machine } from "./doctor-machine.ts";

interface Runner {
  name: string;
  /** Set in every job of this system. */
  variable: string;
  /** Name folders that belong to one job. */
  jobFolders: readonly string[];
  /** Whether the machine outlives its jobs; undefined when the system does not say. */
  isKept: (env: Env) => boolean | undefined;
}

/** The first that matches; the last one stands for every system that only says CI. */
const RUNNERS: readonly Runner[] = [
  {
    name: "GitHub Actions",
    variable: "GITHUB_ACTIONS",
    jobFolders: ["RUNNER_TEMP"],
    isKept: (env) => says(env["RUNNER_ENVIRONMENT"], "self-hosted", "github-hosted"),
  },
  {
    name: "Azure Pipelines",
    variable: "TF_BUILD",
    jobFolders: ["AGENT_TEMPDIRECTORY"],
    isKept: (env) => says(env["AGENT_ISSELFHOSTED"], "1", "0"),
  },
  { name: "GitLab CI", variable: "GITLAB_CI", jobFolders: ["CI_PROJECT_DIR"], isKept: () => undefined },
  {
    name: "Jenkins",
    variable: "JENKINS_URL",
    jobFolders: ["WORKSPACE_TMP", "WORKSPACE"],
    isKept: () => undefined,
  },
  { name: "a CI job", variable: "CI", jobFolders: [], isKept: () => undefined },
];

function says(value: string | undefined, yes: string, no: string): boolean | undefined {
  return value === yes || (value === no ? false : undefined);
}

/** The system whose job this is; undefined where a person works. */
export function findRunner(env: Env): Runner | undefined {
  return RUNNERS.find(({ variable }) => env[variable] && env[variable] !== "false");
}

/** Jobs that share az's folder share one identity and one default subscription: the last one to sign in wins. */
export function checkRunner({ env, az }: Machine): Finding[] {
  const runner = findRunner(env);
  if (!runner || az.state === "missing") return [];
  const folder = azFolder(env);
  const own = runner.jobFolders.filter((name) => isInside(folder, env[name]));
  if (own.length > 0) return [];
  const isKept = runner.isKept(env);
  return [
    {
      id: "shared-config-dir",
      severity: severityOf(isKept),
      title: "az's configuration folder is not this job's own",
      evidence: `${runner.name}, ${machineOf(isKept)}; az uses ${shortPath(folder, env)}`,
      command: "azwise login exec -- <command>",
      because: ["azure-wire/az-profile-is-shared"],
    },
  ];
}

function severityOf(isKept: boolean | undefined): Severity {
  if (isKept === undefined) return "warning";
  return isKept ? "error" : "info";
}

function machineOf(isKept: boolean | undefined): string {
  if (isKept === undefined) return "which does not say whether the machine is fresh for each job";
  return isKept ? "on a machine that is kept for other jobs" : "on a machine that is fresh for each job";
}

function isInside(folder: string, jobFolder: string | undefined): boolean {
  if (!jobFolder) return false;
  const path = relative(jobFolder, folder);
  return !path.startsWith("..") && !isAbsolute(path);
}
