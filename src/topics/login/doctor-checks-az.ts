import { isAbsolute } from "node:path";
import { FAST_LOGIN_VERSION, hasFastLogin } from "../../azure/az.ts";
import { shellWord } from "../../azure/shell-word.ts";
import { cannotTell, type Finding, type Severity } from "./doctor-finding.ts";
import { shortPath, valueOf, type Machine } from "./doctor-machine.ts";
import { checkOpenFiles } from "./doctor-checks-files.ts";

/** Whether az is there, and which of the fast flags its version takes. */
export function checkAzVersion(machine: Machine): Finding[] {
  const { az } = machine;
  switch (az.state) {
    case "missing":
      return [
        {
          id: "az-missing",
          severity: ifNeeded(machine),
          title: "the Azure CLI is not installed",
          evidence: "there is no az on PATH; azwise needs it for --auth cli only",
          because: ["az-login-discovery/needs-2-86"],
        },
      ];
    case "unknown":
      return [
        cannotTell(
          {
            id: "az-version-unknown",
            title: "which version az has, and so whether it can skip subscription discovery",
            command: "az version",
            because: ["az-login-discovery/needs-2-86"],
          },
          az.reason,
        ),
      ];
    case "installed":
      return [hasFastLogin(az.version) ? fastAz(az.version) : oldAz(az.version)];
  }
}

function oldAz(version: string): Finding {
  return {
    id: "az-old",
    severity: "warning",
    title: `az ${version} cannot skip subscription discovery`,
    evidence: `the flag came with ${FAST_LOGIN_VERSION}; until then, --tenant at least keeps the walk to one tenant`,
    command: "az upgrade",
    because: ["az-login-discovery/needs-2-86", "az-login-discovery/login-enumerates"],
  };
}

function fastAz(version: string): Finding {
  return {
    id: "az-fast",
    severity: "info",
    title: `az ${version} takes --skip-subscription-discovery`,
    evidence:
      "only together with --tenant, and with a subscription's id; --subscription alone walks everything",
    because: [
      "az-login-discovery/skip-requires-tenant",
      "azure-wire/skip-needs-guid",
      "az-login-discovery/subscription-alone-still-walks",
    ],
  };
}

/** What az lacks matters only where azwise would ask az for its tokens. */
export function ifNeeded({ login }: Machine): Severity {
  const auth = valueOf(login)?.auth;
  return auth && valueOf(auth) === "cli" ? "warning" : "info";
}

/** AZURE_CONFIG_DIR, and who else can read what is in it. */
export function checkAzFolder({ env, azFolderMissing, azTokens }: Machine): Finding[] {
  const path = env["AZURE_CONFIG_DIR"];
  const because = ["azure-wire/az-profile-is-shared"];
  const findings: Finding[] = checkOpenFiles(azTokens, env, {
    id: "az-tokens-open",
    whose: "az's",
    because: ["sql-token-cache/store-securely"],
  });
  if (path && !isAbsolute(path)) {
    findings.push({
      id: "az-folder-relative",
      severity: "warning",
      title: "az has another configuration folder in each working directory",
      evidence: `AZURE_CONFIG_DIR=${path} is relative; azwise does not read az's profile there`,
      command: `export AZURE_CONFIG_DIR="$PWD"/${shellWord(path)}`,
      because,
    });
  } else if (path && azFolderMissing) {
    findings.push({
      id: "az-folder-missing",
      severity: "info",
      title: "az's configuration folder does not exist yet",
      evidence: `AZURE_CONFIG_DIR=${shortPath(path, env)}; az makes it at its first sign-in`,
      because,
    });
  }
  return findings;
}
