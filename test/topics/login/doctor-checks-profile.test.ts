import { describe, expect, test } from "vitest";
import {
  checkAccounts,
  checkDefaultAccount,
  checkProfile,
  checkUnused,
  checkWalk,
} from "../../../src/topics/login/doctor-checks-profile.ts";
import { OTHER_SUBSCRIPTION, OTHER_TENANT, TENANT } from "../../harness.ts";
import { account, file, machine, printed, profile, wanting } from "./doctor-machine.ts";

describe("az's profile:", () => {
  test.each([
    ["a whole profile is not worth a word", machine(), []],
    [
      "no profile is a warning where a run would ask az for tokens",
      machine({ profile: profile([], { state: "missing", modified: undefined }) }),
      [
        "warning profile-missing: nobody is signed in to az: ~/.azure/azureProfile.json does not exist | next az login --tenant a0000000-0000-4000-8000-00000000000a --subscription 5a000000-0000-4000-8000-000000000001 --skip-subscription-discovery | because -",
      ],
    ],
    [
      "no profile is only worth knowing where another credential is used",
      wanting(
        { auth: { value: "managed" } },
        { profile: profile([], { state: "missing", modified: undefined }) },
      ),
      [
        "info profile-missing: nobody is signed in to az: ~/.azure/azureProfile.json does not exist | next az login --identity && az account set --subscription 5a000000-0000-4000-8000-000000000001 | because -",
      ],
    ],
    [
      "a profile without accounts is as good as none",
      machine({ profile: profile([]) }),
      [
        "warning profile-missing: nobody is signed in to az: ~/.azure/azureProfile.json holds no account | next az login --tenant a0000000-0000-4000-8000-00000000000a --subscription 5a000000-0000-4000-8000-000000000001 --skip-subscription-discovery | because -",
      ],
    ],
    [
      "without az nobody asks for its profile",
      machine({ az: { state: "missing" }, profile: profile([]) }),
      [],
    ],
    [
      "a profile below a relative folder was not looked at",
      machine({ profile: profile([], { file: "azure/azureProfile.json", state: "missing" }) }),
      [],
    ],
    [
      "a profile that is not one is an error",
      machine({ profile: profile([], { state: "broken" }) }),
      [
        "error profile-broken: az's profile cannot be read, or is half-written: ~/.azure/azureProfile.json | next az login --tenant a0000000-0000-4000-8000-00000000000a --subscription 5a000000-0000-4000-8000-000000000001 --skip-subscription-discovery | because azure-wire/az-profile-bom",
      ],
    ],
    [
      "entries without id or tenant make it partial",
      machine({ profile: profile([account()], { skipped: 2 }) }),
      [
        "warning profile-partial: az's profile is partial: 2 accounts in ~/.azure/azureProfile.json without an id or a tenant | next az login --tenant a0000000-0000-4000-8000-00000000000a --subscription 5a000000-0000-4000-8000-000000000001 --skip-subscription-discovery | because -",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkProfile(given))).toEqual(expected);
  });
});

describe("the age of az's sign-in:", () => {
  test.each([
    [
      "eighty-nine days are not too long",
      machine({
        profile: profile([account()], { modified: new Date("2026-08-24T08:00:00Z") }),
        azTokens: { value: undefined },
      }),
      [],
    ],
    [
      "ninety days without a write mean that the sign-in has ended",
      machine({
        profile: profile([account()], { modified: new Date("2026-08-23T08:00:00Z") }),
        azTokens: { value: undefined },
      }),
      [
        "warning profile-stale: az's sign-in has probably ended: ~/.azure/azureProfile.json and az's tokens were last written 2026-08-23, 90 days ago | next az login --tenant a0000000-0000-4000-8000-00000000000a --subscription 5a000000-0000-4000-8000-000000000001 --skip-subscription-discovery | because azure-wire/refresh-token-ninety-days",
      ],
    ],
    [
      "a token that was renewed since counts, though the profile is old",
      machine({ profile: profile([account()], { modified: new Date("2026-01-01T08:00:00Z") }) }),
      [],
    ],
    [
      "tokens that are old too do not",
      machine({
        profile: profile([account()], { modified: new Date("2026-01-01T08:00:00Z") }),
        azTokens: {
          value: {
            folder: file(".azure", 0o700),
            files: [
              file(".azure/msal_token_cache.json", 0o600, { modified: new Date("2026-02-01T08:00:00Z") }),
            ],
          },
        },
      }),
      [
        "warning profile-stale: az's sign-in has probably ended: ~/.azure/azureProfile.json and az's tokens were last written 2026-02-01, 293 days ago | next az login --tenant a0000000-0000-4000-8000-00000000000a --subscription 5a000000-0000-4000-8000-000000000001 --skip-subscription-discovery | because azure-wire/refresh-token-ninety-days",
      ],
    ],
    [
      "a profile without accounts has no sign-in that could end",
      machine({
        profile: profile([], { modified: new Date("2026-01-01T08:00:00Z") }),
        azTokens: { value: undefined },
      }),
      [],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkUnused(given))).toEqual(expected);
  });
});

describe("az's default account:", () => {
  test.each([
    ["an enabled default is not worth a word", machine(), []],
    [
      "accounts without a default are a warning",
      machine({
        profile: profile([account({ isDefault: false }), account({ isDefault: false, subscriptionId: "x" })]),
      }),
      [
        "warning default-missing: az has no default account: none of 2 accounts in ~/.azure/azureProfile.json | next az account set --subscription <id> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "a disabled default is a warning",
      machine({ profile: profile([account({ state: "Disabled" })]) }),
      [
        "warning default-unusable: the subscription of az's default account is disabled: 5a000000-0000-4000-8000-000000000001 (Contoso Shop Production), as of az's last sign-in | next az account set --subscription <id> | because azure-wire/subscription-states",
      ],
    ],
    [
      "a deleted one too, and a tenant stands in for a missing subscription",
      machine({
        profile: profile([
          account({ state: "Deleted", subscriptionId: undefined, name: "N/A(tenant level account)" }),
        ]),
      }),
      [
        "warning default-unusable: the subscription of az's default account is deleted: a0000000-0000-4000-8000-00000000000a (N/A(tenant level account)), as of az's last sign-in | next az account set --subscription <id> | because azure-wire/subscription-states",
      ],
    ],
    [
      "the only other subscription that is left is proposed",
      machine({
        profile: profile([
          account({ state: "Disabled" }),
          account({ isDefault: false, subscriptionId: OTHER_SUBSCRIPTION }),
        ]),
      }),
      [
        "warning default-unusable: the subscription of az's default account is disabled: 5a000000-0000-4000-8000-000000000001 (Contoso Shop Production), as of az's last sign-in | next az account set --subscription 5a000000-0000-4000-8000-000000000002 | because azure-wire/subscription-states",
      ],
    ],
    [
      "another account may be disabled",
      machine({ profile: profile([account(), account({ isDefault: false, state: "Disabled" })]) }),
      [],
    ],
    ["nobody signed in has no default to miss", machine({ profile: profile([]) }), []],
  ])("%s", (_, given, expected) => {
    expect(printed(checkDefaultAccount(given))).toEqual(expected);
  });
});

describe("what a plain az login walks:", () => {
  test.each([
    [
      "a small estate is only counted",
      machine(),
      [
        "info discovery-walk: a plain az login walks every tenant: 1 tenant and 1 subscription in az's profile: at least 3 requests | next - | because az-login-discovery/login-enumerates az-login-discovery/cost-is-a-product azure-wire/login-discovery-walk",
      ],
    ],
    [
      "nine tenants are still quick",
      machine({
        profile: profile(
          Array.from({ length: 9 }, (_, index) =>
            account({ tenantId: `tenant-${index}`, subscriptionId: `sub-${index}` }),
          ),
        ),
      }),
      [
        "info discovery-walk: a plain az login walks every tenant: 9 tenants and 9 subscriptions in az's profile: at least 19 requests | next - | because az-login-discovery/login-enumerates az-login-discovery/cost-is-a-product azure-wire/login-discovery-walk",
      ],
    ],
    [
      "ten tenants are a warning where az cannot skip the walk",
      machine({
        az: { state: "installed", version: "2.85.0" },
        profile: profile(
          Array.from({ length: 10 }, (_, index) =>
            account({ tenantId: `tenant-${index}`, subscriptionId: `sub-${index}` }),
          ),
        ),
      }),
      [
        "warning discovery-walk: a plain az login takes long here: 10 tenants and 10 subscriptions in az's profile: at least 21 requests | next az login --tenant a0000000-0000-4000-8000-00000000000a && az account set --subscription 5a000000-0000-4000-8000-000000000001 | because az-login-discovery/login-enumerates az-login-discovery/cost-is-a-product azure-wire/login-discovery-walk",
      ],
    ],
    [
      "ten tenants are worth a word where az can skip the walk",
      machine({
        profile: profile(
          Array.from({ length: 10 }, (_, index) =>
            account({ tenantId: `tenant-${index}`, subscriptionId: `sub-${index}` }),
          ),
        ),
      }),
      [
        "info discovery-walk: a plain az login takes long here: 10 tenants and 10 subscriptions in az's profile: at least 21 requests | next az login --tenant a0000000-0000-4000-8000-00000000000a --subscription 5a000000-0000-4000-8000-000000000001 --skip-subscription-discovery | because az-login-discovery/login-enumerates az-login-discovery/cost-is-a-product azure-wire/login-discovery-walk",
      ],
    ],
    [
      "ninety-nine subscriptions are still quick",
      machine({
        profile: profile(
          Array.from({ length: 99 }, (_, index) => account({ subscriptionId: `sub-${index}` })),
        ),
      }),
      [
        "info discovery-walk: a plain az login walks every tenant: 1 tenant and 99 subscriptions in az's profile: at least 3 requests | next - | because az-login-discovery/login-enumerates az-login-discovery/cost-is-a-product azure-wire/login-discovery-walk",
      ],
    ],
    [
      "a hundred subscriptions are a warning where az cannot skip the walk",
      machine({
        az: { state: "installed", version: "2.85.0" },
        profile: profile(
          Array.from({ length: 100 }, (_, index) => account({ subscriptionId: `sub-${index}` })),
        ),
      }),
      [
        "warning discovery-walk: a plain az login takes long here: 1 tenant and 100 subscriptions in az's profile: at least 3 requests | next az login --tenant a0000000-0000-4000-8000-00000000000a && az account set --subscription 5a000000-0000-4000-8000-000000000001 | because az-login-discovery/login-enumerates az-login-discovery/cost-is-a-product azure-wire/login-discovery-walk",
      ],
    ],
    [
      "ids in another case and a subscription seen twice are counted once",
      machine({
        profile: profile([
          account(),
          account({ tenantId: TENANT.toUpperCase() }),
          account({ tenantId: OTHER_TENANT }),
        ]),
      }),
      [
        "info discovery-walk: a plain az login walks every tenant: 2 tenants and 1 subscription in az's profile: at least 5 requests | next - | because az-login-discovery/login-enumerates az-login-discovery/cost-is-a-product azure-wire/login-discovery-walk",
      ],
    ],
    ["nobody signed in has nothing to walk", machine({ profile: profile([]) }), []],
  ])("%s", (_, given, expected) => {
    expect(printed(checkWalk(given))).toEqual(expected);
  });
});

describe("az's other accounts:", () => {
  test.each([
    ["one user with one subscription is not worth a word", machine(), []],
    [
      "tenant-level accounts are named by tenant",
      machine({
        profile: profile([account(), account({ tenantId: OTHER_TENANT, subscriptionId: undefined })]),
      }),
      [
        "info tenant-accounts: 1 account of az without a subscription: tenant b0000000-0000-4000-8000-00000000000b | next - | because azure-wire/az-tenant-level-account",
      ],
    ],
    [
      "several identities are named, but not all of many",
      machine({
        profile: profile(
          ["ada", "bob", "cid", "dan", "ada"].map((name) => account({ user: { name, type: "user" } })),
        ),
      }),
      [
        "info several-identities: az is signed in as 4 identities, and the default account decides which: ada, bob, cid, 1 more | next azwise login whoami --all-tools | because azure-wire/az-profile-is-shared",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkAccounts(given))).toEqual(expected);
  });
});
