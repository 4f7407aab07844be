import { certificateFlag, hasFastLogin, identityFlag } from "../../azure/az.ts";
import type { AuthKind } from "../../azure/auth-kind.ts";
import { shellWord } from "../../azure/shell-word.ts";
import { inAzCloud } from "../../azure/sign-in-command.ts";
import { isGuid } from "../../resource-id.ts";
import { valueOf, type LoginSeen, type Machine } from "./doctor-machine.ts";
import { findRunner } from "./doctor-checks-runner.ts";
import type { Choice } from "./login-choice.ts";

/** The sign-in with the fewest requests, for this machine and what is wanted. */
export interface Fastest {
  azwise: string;
  /** Undefined where there is no az, az cannot go there, or it is not known where. */
  az: string | undefined;
  because: string[];
}

export function findFastest(machine: Machine): Fastest {
  const { tenant, subscription } = choiceOf(machine);
  const isNamed = tenant !== undefined || subscription !== undefined;
  return {
    azwise: azwiseLogin(machine),
    az: azLogin(machine),
    because: [reasonOf(machine, isNamed)],
  };
}

function reasonOf(machine: Machine, isNamed: boolean): string {
  if (!isNamed) return "az-login-discovery/skip-requires-tenant";
  const isOld = azLogin(machine) !== undefined && !isFast(machine);
  return isOld ? "az-login-discovery/needs-2-86" : "az-login-discovery/fast-and-pinned";
}

const SKIP = "--skip-subscription-discovery";

/** Whether this az can skip discovery, as far as is known. */
export function isFast(machine: Machine): boolean {
  return hasFastLogin(versionOf(machine));
}

function versionOf({ az }: Machine): string | undefined {
  return az.state === "installed" ? az.version : undefined;
}

/** What is wanted; where the folder's pin forbids that, what it is pinned to. */
function choiceOf({ login }: Machine): Choice & { cloud?: string } {
  const seen = valueOf(login);
  const mismatches = (seen && valueOf(seen.pin)) ?? [];
  const pinned = Object.fromEntries(mismatches.map((each) => [each.what, each.pinned]));
  return { ...(seen && valueOf(seen.choice)), ...pinned };
}

function azwiseLogin(machine: Machine): string {
  const { tenant, subscription } = choiceOf(machine);
  const isName = subscription !== undefined && !isGuid(subscription);
  // A walk for a name has to begin somewhere; the tenant of an id is found.
  const needsTenant = isName
    ? valueOf(machine.login)?.wanted.tenant === undefined
    : subscription === undefined;
  const words = ["azwise", "login"];
  if (tenant !== undefined) words.push("--tenant", shellWord(tenant));
  else if (needsTenant) words.push("--tenant", "<tenant>");
  if (subscription !== undefined) words.push("--subscription", shellWord(subscription));
  if (isName) words.push("--discover");
  return [...words, ...ownFlags(machine).map(shellWord)].join(" ");
}

function ownFlags(machine: Machine): string[] {
  const seen = valueOf(machine.login);
  if (!seen) return [];
  const { cloud, cloudBy, auth } = seen.wanted;
  // A target that is typed makes a run leave the sandbox of the active context.
  const isTold = cloudBy === "flag" || (cloudBy === "context" && cloud.name === "sandbox");
  const named = choiceOf(machine).cloud ?? (isTold ? cloud.name : undefined);
  const flags = named === undefined ? [] : ["--cloud", named];
  const kind = valueOf(seen.auth);
  if (kind === "cli" && canAsk(machine)) return [...flags, "--auth", personKind(machine)];
  return auth.by === "flag" && kind !== undefined ? [...flags, "--auth", auth.value] : flags;
}

/** Whether az has nobody to give a token for, and a person is there to be asked instead. */
function canAsk({ az, profile, env }: Machine): boolean {
  return (az.state === "missing" || profile.accounts.length === 0) && findRunner(env) === undefined;
}

/** Through SSH the browser would open elsewhere. */
function personKind({ env }: Machine): AuthKind {
  return env["SSH_CONNECTION"] ? "device" : "browser";
}

function azLogin(machine: Machine): string | undefined {
  const seen = valueOf(machine.login);
  if (!seen || machine.az.state === "missing" || seen.wanted.cloud.name === "sandbox") return undefined;
  const { cloud } = seen.wanted;
  const commands = azCommands(machine, seen);
  if (commands.length === 0 || choiceOf(machine).cloud !== undefined) return undefined;
  return inAzCloud(cloud, commands.join(" && "));
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
      // A person's sign-in would take the place of the application that az is signed in as.
      return isApplication(machine) ? undefined : "az login";
    case "browser":
      return "az login";
    case "device":
      return "az login --use-device-code";
    case "environment": {
      if (env["AZURE_CLIENT_SECRET"]) {
        return `printf %s "$AZURE_CLIENT_SECRET" | ${SERVICE_PRINCIPAL} --password @-`;
      }
      // az takes no password for a certificate.
      if (env["AZURE_CLIENT_CERTIFICATE_PASSWORD"]) return undefined;
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

function isApplication({ profile }: Machine): boolean {
  return profile.accounts.find(({ isDefault }) => isDefault)?.user.type === "servicePrincipal";
}

const SERVICE_PRINCIPAL = 'az login --service-principal -u "$AZURE_CLIENT_ID"';

function managedIdentity(machine: Machine): string {
  if (!machine.env["AZURE_CLIENT_ID"]) return "az login --identity";
  return `az login --identity ${identityFlag(versionOf(machine))} "$AZURE_CLIENT_ID"`;
}
