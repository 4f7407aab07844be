import { defaultAzAccount } from "../../azure/az-profile.ts";
import type { PinMismatch } from "../../azure/pin.ts";
import { cannotTell, type Finding } from "./doctor-finding.ts";
import type { Machine } from "./doctor-machine.ts";

/** What proves who one is, beside the client id. */
const PROOFS = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"];
/** With one of these a client id alone chooses among identities that need no secret. */
const SECRETLESS = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "ACTIONS_ID_TOKEN_REQUEST_URL"];

export function checkHalfSet({ env }: Machine): Finding[] {
  const because = ["azure-wire/environment-credential-needs"];
  const proofs = PROOFS.filter((name) => env[name]);
  const hasId = Boolean(env["AZURE_CLIENT_ID"]);
  const half = (severity: Finding["severity"], title: string, evidence: string): Finding[] => [
    { id: "variables-half-set", severity, title, evidence, because },
  ];
  if (!hasId && proofs.length > 0) {
    return half(
      "warning",
      "the variables of a service principal are half set",
      missing(proofs, "AZURE_CLIENT_ID"),
    );
  }
  if (hasId && proofs.length > 0 && !env["AZURE_TENANT_ID"]) {
    const title = "other tools cannot sign in from the variables";
    return half("warning", title, missing(["AZURE_CLIENT_ID", ...proofs], "AZURE_TENANT_ID"));
  }
  if (!hasId || proofs.length > 0 || SECRETLESS.some((name) => env[name])) return [];
  const title = "AZURE_CLIENT_ID alone signs in nowhere but on a machine with a managed identity";
  return half("info", title, missing(["AZURE_CLIENT_ID"], PROOFS.join(", ")));
}

function missing(set: readonly string[], unset: string): string {
  return `${set.join(" and ")} ${set.length === 1 ? "is" : "are"} set, ${unset} not`;
}

/** Variables that other tools take before they ask az. */
export function checkStray({ env, profile }: Machine): Finding[] {
  const account = defaultAzAccount(profile.accounts);
  const clientId = env["AZURE_CLIENT_ID"];
  const proof = PROOFS.find((name) => env[name]);
  if (!account || !clientId || proof === undefined) return [];
  const { name, type } = account.user;
  if (name.toLowerCase() === clientId.toLowerCase()) return [];
  return [
    {
      id: "variables-stray",
      severity: "warning",
      title: "variables name another identity than az, and win over it",
      evidence: `AZURE_CLIENT_ID=${clientId} with ${proof}; az's default account is ${name || `a nameless ${type}`}`,
      command: "azwise login whoami --all-tools",
      because: ["azure-wire/default-credential-takes-first", "azure-wire/default-credential-order"],
    },
  ];
}

/** Whether azwise itself knows where to go, and as what. */
export function checkTarget({ login, config }: Machine): Finding[] {
  // A configuration that cannot be read has its own finding.
  if ("reason" in login && "reason" in config) return [];
  if ("reason" in login) return [unknownTarget("target-unknown", "where a run would go", login.reason)];
  const { auth, pin } = login.value;
  return [
    ...("reason" in auth ? [unknownTarget("auth-unknown", "what a run would sign in as", auth.reason)] : []),
    ...("reason" in pin
      ? [cannotTell({ id: "pin-unknown", title: "whether the pin is kept", because: [] }, pin.reason)]
      : pin.value.map(leavesPin)),
  ];
}

/** Every other verb stops here, so it is more than a warning. */
function unknownTarget(id: string, title: string, reason: string): Finding {
  return { ...cannotTell({ id, title, because: [] }, reason), severity: "error" };
}

/** A flag was typed for this run alone, and a context may be right elsewhere: no command mends those. */
function leavesPin({ what, pinned, actual, pinnedBy, actualBy, actualKind }: PinMismatch): Finding {
  return {
    id: "pin-mismatch",
    severity: "error",
    title: `${actualBy} leaves the ${what} that this folder is pinned to`,
    evidence: `${pinned} in ${pinnedBy}, ${actual} in ${actualBy}`,
    command: actualKind === "variable" ? `unset ${actualBy}` : undefined,
    because: what === "tenant" ? ["azure-wire/wrong-tenant-401"] : [],
  };
}
