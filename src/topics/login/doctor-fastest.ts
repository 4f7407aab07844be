import { certificateFlag, hasFastLogin, identityFlag } from "../../azure/az.ts";
import { azCloudName } from "../../azure/clouds.ts";
import type { AuthKind } from "../../azure/auth-kind.ts";
import { isGuid } from "../../resource-id.ts";
import { shellWord, valueOf, type LoginSeen, type Machine } from "./doctor-machine.ts";
import type { Choice } from "./login-choice.ts";

/** The sign-in with the fewest requests, for this machine and what is wanted. */
export interface Fastest {
  azwise: string;
  /** Undefined where there is no az, az cannot go there, or no tenant is known. */
  az: string | undefined;
  because: string[];
}

export function findFastest(machine: Machine): Fastest {
  const { tenant, subscription } = choiceOf(machine);
  const isNamed = tenant !== undefined || subscription !== undefined;
  return {
    azwise: azwiseLogin(machine),
    az: azLogin(machine),
    because: [isNamed ? "az-login-discovery/fast-and-pinned" : "az-login-discovery/when-discovery-is-right"],
  };
}

const SKIP = "--skip-subscription-discovery";

/** Whether this az can skip discovery, as far as is known. */
export function isFast(machine: Machine): boolean {
  return hasFastLogin(versionOf(machine));
}

function versionOf({ az }: Machine): string | undefined {
  return az.state === "installed" ? az.version : undefined;
}

function choiceOf({ login }: Machine): Choice {
  const seen = valueOf(login);
  return (seen && valueOf(seen.choice)) ?? {};
}

function azwiseLogin(machine: Machine): string {
  const { tenant, subscription } = choiceOf(machine);
  const words = ["azwise", "login"];
  // Nothing is named anywhere: the walk is what tells the names.
  if (tenant === undefined && subscription === undefined) words.push("discover");
  if (tenant !== undefined) words.push("--tenant", tenant);
  if (subscription !== undefined) words.push("--subscription", subscription);
  if (subscription !== undefined && !isGuid(subscription)) words.push("--discover");
  return [...words, ...ownFlags(machine)].map(shellWord).join(" ");
}

function ownFlags({ az, login }: Machine): string[] {
  const seen = valueOf(login);
  if (!seen) return [];
  const { cloud, cloudFrom, auth } = seen.wanted;
  const flags = cloudFrom === "--cloud" ? ["--cloud", cloud.name] : [];
  if (auth.from === "--auth") return [...flags, "--auth", auth.value];
  return valueOf(seen.auth) === "cli" && az.state === "missing" ? [...flags, "--auth", "browser"] : flags;
}

/** az has one active cloud, and signs in to no other. */
function azLogin(machine: Machine): string | undefined {
  const seen = valueOf(machine.login);
  if (!seen || machine.az.state === "missing" || seen.wanted.cloud.name === "sandbox") return undefined;
  const { cloud } = seen.wanted;
  const commands = azCommands(machine, seen);
  if (commands.length === 0) return undefined;
  const choose = cloud.name === "public" ? [] : [`az cloud set --name ${shellWord(azCloudName(cloud))}`];
  return [...choose, ...commands].join(" && ");
}

function azCommands(machine: Machine, { auth }: LoginSeen): string[] {
  const { tenant, subscription } = choiceOf(machine);
  const kind = valueOf(auth);
  const fast = isFast(machine);
  const pick = subscription === undefined ? [] : [`az account set --subscription ${shellWord(subscription)}`];
  // az's source refused a tenant beside --identity wherever it was read; a machine has no other one to walk.
  if (kind === "managed") return [managedIdentity(machine), ...pick];
  const words = kind && signInWords(kind, machine);
  if (words === undefined || tenant === undefined) return [];
  const login = `${words} --tenant ${shellWord(tenant)}`;
  if (!fast || (subscription !== undefined && !isGuid(subscription))) return [login, ...pick];
  return [[login, ...(subscription === undefined ? [] : ["--subscription", subscription]), SKIP].join(" ")];
}

/** Secrets stay out of az's arguments, which other users can read: az takes "@-" from its input, "@path" from a file. */
function signInWords(kind: AuthKind, machine: Machine): string | undefined {
  const { env } = machine;
  switch (kind) {
    case "cli":
    case "browser":
      return "az login";
    case "device":
      return "az login --use-device-code";
    case "environment": {
      if (env["AZURE_CLIENT_SECRET"]) {
        return `printf %s "$AZURE_CLIENT_SECRET" | ${SERVICE_PRINCIPAL} --password @-`;
      }
      return `${SERVICE_PRINCIPAL} ${certificateFlag(versionOf(machine))} "$AZURE_CLIENT_CERTIFICATE_PATH"`;
    }
    case "workload":
      // A GitHub job would have to fetch its token first.
      if (!env["AZURE_FEDERATED_TOKEN_FILE"]) return undefined;
      return `${SERVICE_PRINCIPAL} --federated-token "@$AZURE_FEDERATED_TOKEN_FILE"`;
    default:
      return undefined;
  }
}

const SERVICE_PRINCIPAL = 'az login --service-principal -u "$AZURE_CLIENT_ID"';

function managedIdentity(machine: Machine): string {
  if (!machine.env["AZURE_CLIENT_ID"]) return "az login --identity";
  return `az login --identity ${identityFlag(versionOf(machine))} "$AZURE_CLIENT_ID"`;
}
