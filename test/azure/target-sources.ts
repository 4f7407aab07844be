import type { AzAccount } from "../../src/azure/az-profile.ts";
import { lookUpTarget } from "../../src/azure/target-lookup.ts";
import { requireTarget, type TargetSources } from "../../src/azure/target.ts";

export function id(letter: string): string {
  return `${letter.repeat(8)}-0000-4000-8000-000000000000`;
}

export const ACCOUNT: AzAccount = {
  tenantId: id("a"),
  subscriptionId: id("1"),
  name: "",
  state: "Enabled",
  environmentName: "AzureCloud",
  isDefault: true,
  user: { name: "ada@contoso.com", type: "user" },
  homeTenantId: undefined,
  tenantDefaultDomain: undefined,
};

export type Parts = Partial<Omit<TargetSources, "flags" | "settings">> & {
  flags?: Partial<TargetSources["flags"]>;
  settings?: Partial<TargetSources["settings"]>;
};

export function sourcesOf({ flags, settings, ...more }: Parts): TargetSources {
  return {
    env: {},
    azAccounts: [],
    ...more,
    flags: { subscriptions: [], ...flags },
    settings: { pin: {}, context: {}, clouds: {}, ...settings },
  };
}

export function targetOf(parts: Parts): Record<string, unknown> {
  const { cloud, ...rest } = requireTarget(lookUpTarget(sourcesOf(parts)));
  return { cloud: cloud.name, ...rest };
}
