import type { AzAccount } from "../../../src/azure/az-profile.ts";
import { findCloud } from "../../../src/azure/clouds.ts";
import type { Finding } from "../../../src/topics/login/doctor-finding.ts";
import type { FileSeen, LoginSeen, Machine } from "../../../src/topics/login/doctor-machine.ts";
import { NOW, SUBSCRIPTION, TENANT } from "../../harness.ts";
import { given } from "../../azure/given.ts";

export const HOME = "/home/ada";
const YESTERDAY = new Date(NOW.getTime() - 24 * 60 * 60_000);

/** A machine with which nothing is wrong: az 2.90.0, signed in to one subscription. */
export function machine(change: Partial<Machine> = {}): Machine {
  return {
    env: { HOME },
    now: NOW,
    az: { state: "installed", version: "2.90.0" },
    profile: profile([account()]),
    azFolderMissing: false,
    azTokens: { value: { folder: file(".azure", 0o755), files: [file(".azure/msal_token_cache.json")] } },
    ownTokens: { value: undefined },
    config: { value: { file: file(".config/azwise/config.json"), dangling: undefined } },
    extraCaProblem: undefined,
    login: { value: login() },
    ...change,
  };
}

/** A machine whose user wants something else, or elsewhere. */
export function wanting(change: Partial<LoginSeen>, rest: Partial<Machine> = {}): Machine {
  return machine({ ...rest, login: { value: login(change) } });
}

export function env(variables: Record<string, string>): Partial<Machine> {
  return { env: { HOME, ...variables } };
}

export function profile(accounts: AzAccount[], change: Partial<Machine["profile"]> = {}): Machine["profile"] {
  return {
    file: `${HOME}/.azure/azureProfile.json`,
    state: "read",
    accounts,
    modified: YESTERDAY,
    ...change,
  };
}

export function account(change: Partial<AzAccount> = {}): AzAccount {
  return {
    tenantId: TENANT,
    subscriptionId: SUBSCRIPTION,
    name: "Contoso Shop Production",
    state: "Enabled",
    environmentName: "AzureCloud",
    isDefault: true,
    user: { name: "ada@contoso.com", type: "user" },
    homeTenantId: TENANT,
    tenantDefaultDomain: "contoso.com",
    ...change,
  };
}

/** Below the home folder, mode 0600, written yesterday. */
export function file(path: string, mode = 0o600, change: Partial<FileSeen> = {}): FileSeen {
  return { path: `${HOME}/${path}`, mode, isOurs: true, modified: YESTERDAY, ...change };
}

/** Somebody who wants one subscription of one tenant through az. */
export function login(change: Partial<LoginSeen> = {}): LoginSeen {
  return {
    wanted: {
      cloud: findCloud("public", {}),
      cloudFrom: "default",
      cloudBy: "default",
      tenant: given(TENANT, "az's profile"),
      subscriptions: [given(SUBSCRIPTION, "az's profile")],
      auth: given("auto", "default"),
    },
    auth: { value: "cli" },
    choice: { value: { tenant: TENANT, subscription: SUBSCRIPTION } },
    pin: { value: [] },
    aheadMs: { value: 300 },
    ...change,
  };
}

/** Findings as text that can be compared at a glance. */
export function printed(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, id, title, evidence, command, because }) =>
    [
      `${severity} ${id}: ${title}: ${evidence}`,
      `next ${command ?? "-"}`,
      `because ${because.join(" ") || "-"}`,
    ].join(" | "),
  );
}
