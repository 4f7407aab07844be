import { isAbsolute } from "node:path";
import { defaultAzAccount, type AzAccount } from "../../azure/az-profile.ts";
import { shellWord } from "../../azure/shell-word.ts";
import { isUsable } from "../../azure/subscriptions.ts";
import { counted } from "./counted.ts";
import { ifNeeded } from "./doctor-checks-az.ts";
import { findFastest, isFast } from "./doctor-fastest.ts";
import { shortPath, valueOf, type Machine } from "./doctor-machine.ts";
import type { Finding } from "./doctor-finding.ts";

/** One round trip for each tenant: from here on people wait for the walk rather than for the sign-in. */
const MANY_TENANTS = 10;
/** The article measures 20 seconds and more from "hundreds" of subscriptions on. */
const MANY_SUBSCRIPTIONS = 100;
const UNUSED_DAYS = 90;
const DAY_MS = 24 * 60 * 60_000;

/** Whether az's profile is there, and whole. */
export function checkProfile(machine: Machine): Finding[] {
  const { profile, env, az } = machine;
  const { state, accounts, skipped = 0 } = profile;
  const file = shortPath(profile.file, env);
  if (state === "broken") {
    return [
      {
        id: "profile-broken",
        severity: "error",
        title: "az's profile cannot be read, or is half-written",
        evidence: file,
        command: signIn(machine),
        because: ["azure-wire/az-profile-bom"],
      },
    ];
  }
  const isSignedOut = accounts.length === 0 && skipped === 0;
  // Below a relative folder nobody looked; that has its own finding.
  if (!isAbsolute(profile.file)) return [];
  if (isSignedOut && az.state !== "missing") {
    return [
      {
        id: "profile-missing",
        severity: ifNeeded(machine),
        title: "nobody is signed in to az",
        evidence: state === "missing" ? `${file} does not exist` : `${file} holds no account`,
        command: signIn(machine),
        because: [],
      },
    ];
  }
  if (skipped === 0) return [];
  return [
    {
      id: "profile-partial",
      severity: "warning",
      title: "az's profile is partial",
      evidence: `${counted(skipped, "account")} in ${file} without an id or a tenant`,
      command: signIn(machine),
      because: [],
    },
  ];
}

/** az writes one of the two whenever it signs in or renews a token. */
export function checkUnused(machine: Machine): Finding[] {
  const { profile, azTokens, env, now } = machine;
  const files = valueOf(azTokens)?.files.map(({ modified }) => modified) ?? [];
  const written = [...files, ...(profile.modified ? [profile.modified] : [])].map((date) => date.getTime());
  const days = Math.floor((now.getTime() - Math.max(...written)) / DAY_MS);
  if (profile.accounts.length === 0 || written.length === 0 || days < UNUSED_DAYS) return [];
  const since = new Date(Math.max(...written)).toISOString().slice(0, 10);
  return [
    {
      id: "profile-stale",
      severity: "warning",
      title: "az's sign-in has probably ended",
      evidence: `${shortPath(profile.file, env)} and az's tokens were last written ${since}, ${days} days ago`,
      command: signIn(machine),
      because: ["azure-wire/refresh-token-ninety-days"],
    },
  ];
}

export function checkDefaultAccount(machine: Machine): Finding[] {
  const { accounts, file } = machine.profile;
  const account = defaultAzAccount(accounts);
  const usable = accounts.filter(({ state }) => isUsable(state));
  const ids = usable.flatMap(({ subscriptionId }) => subscriptionId ?? []);
  const command = `az account set --subscription ${ids.length === 1 ? shellWord(ids[0] ?? "") : "<id>"}`;
  if (accounts.length > 0 && !account) {
    return [
      {
        id: "default-missing",
        severity: "warning",
        title: "az has no default account",
        evidence: `none of ${counted(accounts.length, "account")} in ${shortPath(file, machine.env)}`,
        command,
        because: ["azure-wire/az-profile-is-shared"],
      },
    ];
  }
  if (!account || isUsable(account.state)) return [];
  return [
    {
      id: "default-unusable",
      severity: "warning",
      title: `the subscription of az's default account is ${account.state.toLowerCase()}`,
      evidence: `${account.subscriptionId ?? account.tenantId} (${account.name}), as of az's last sign-in`,
      command,
      because: ["azure-wire/subscription-states"],
    },
  ];
}

/** What a plain az login has to walk here, from what az itself wrote down. */
export function checkWalk(machine: Machine): Finding[] {
  const { accounts } = machine.profile;
  const tenants = countUnique(accounts, ({ tenantId }) => tenantId.toLowerCase());
  const subscriptions = countUnique(accounts, ({ subscriptionId }) => subscriptionId?.toLowerCase());
  if (tenants === 0) return [];
  const isLong = tenants >= MANY_TENANTS || subscriptions >= MANY_SUBSCRIPTIONS;
  // A token for each tenant, the list of tenants, and at least one page of subscriptions for each.
  const requests = tenants + 1 + tenants;
  const seen = `${counted(tenants, "tenant")} and ${counted(subscriptions, "subscription")} in az's profile`;
  const walk = ["az-login-discovery/login-enumerates", "az-login-discovery/cost-is-a-product"];
  return [
    {
      id: "discovery-walk",
      // Having many tenants is nobody's fault; an az that can only walk them all is one.
      severity: isLong && !isFast(machine) ? "warning" : "info",
      title: isLong ? "a plain az login takes long here" : "a plain az login walks every tenant",
      evidence: `${seen}: at least ${counted(requests, "request")}`,
      command: isLong ? signIn(machine) : undefined,
      because: [...walk, "azure-wire/login-discovery-walk"],
    },
  ];
}

export function checkAccounts({ profile }: Machine): Finding[] {
  const { accounts } = profile;
  const findings: Finding[] = [];
  const levels = accounts.filter(({ subscriptionId }) => subscriptionId === undefined);
  if (levels.length > 0) {
    const tenants = [...new Set(levels.map(({ tenantId }) => tenantId))];
    findings.push({
      id: "tenant-accounts",
      severity: "info",
      title: `${counted(levels.length, "account")} of az without a subscription`,
      evidence: `tenant ${listSome(tenants)}`,
      because: ["azure-wire/az-tenant-level-account"],
    });
  }
  const users = [...new Set(accounts.map(({ user }) => user.name).filter((name) => name !== ""))];
  if (users.length > 1) {
    findings.push({
      id: "several-identities",
      severity: "info",
      title: `az is signed in as ${users.length} identities, and the default account decides which`,
      evidence: listSome(users),
      command: "azwise login whoami --all-tools",
      because: ["azure-wire/az-profile-is-shared"],
    });
  }
  return findings;
}

const MOST_SHOWN = 3;

function listSome(values: readonly string[]): string {
  const more = values.length - MOST_SHOWN;
  return [...values.slice(0, MOST_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function countUnique(
  accounts: readonly AzAccount[],
  keyOf: (account: AzAccount) => string | undefined,
): number {
  return new Set(accounts.map(keyOf).filter((key) => key !== undefined)).size;
}

/** az's own command where it has one: only az can mend its profile. */
function signIn(machine: Machine): string {
  return findFastest(machine).az ?? "az login --tenant <tenant>";
}
