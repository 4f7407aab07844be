import { describe, expect, test } from "vitest";
import { checkAzFolder, checkAzVersion } from "../../../src/topics/login/doctor-checks-az.ts";
import { env, file, HOME, machine, printed, wanting } from "./doctor-machine.ts";

describe("the version of az:", () => {
  test.each([
    [
      "no az is a warning where a run would ask az for tokens",
      machine({ az: { state: "missing" } }),
      [
        "warning az-missing: the Azure CLI is not installed: there is no az on PATH; azwise needs it for --auth cli only | next - | because az-login-discovery/needs-2-86",
      ],
    ],
    [
      "no az is only worth knowing where another credential is used",
      wanting({ auth: { value: "environment" } }, { az: { state: "missing" } }),
      [
        "info az-missing: the Azure CLI is not installed: there is no az on PATH; azwise needs it for --auth cli only | next - | because az-login-discovery/needs-2-86",
      ],
    ],
    [
      "a version that az does not tell is unknown, not old",
      machine({ az: { state: "unknown", reason: "az did not answer in time" } }),
      [
        "warning az-version-unknown: cannot tell which version az has, and so whether it can skip subscription discovery: az did not answer in time | next az version | because az-login-discovery/needs-2-86",
      ],
    ],
    [
      "the last version without the flag is old",
      machine({ az: { state: "installed", version: "2.85.9" } }),
      [
        "warning az-old: az 2.85.9 cannot skip subscription discovery: the flag came with 2.86.0; until then, --tenant at least keeps the walk to one tenant | next az upgrade | because az-login-discovery/needs-2-86 az-login-discovery/login-enumerates",
      ],
    ],
    [
      "the first version with the flag is told what the flag needs",
      machine({ az: { state: "installed", version: "2.86.0" } }),
      [
        "info az-fast: az 2.86.0 takes --skip-subscription-discovery: only together with --tenant, and with a subscription's id; --subscription alone walks everything | next - | because az-login-discovery/skip-requires-tenant azure-wire/skip-needs-guid az-login-discovery/subscription-alone-still-walks",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkAzVersion(given))).toEqual(expected);
  });
});

describe("az's folder:", () => {
  test.each([
    ["files of mode 0600 are nobody else's business", machine(), []],
    [
      "token files that others can read are an error",
      machine({
        azTokens: {
          value: {
            folder: file(".azure", 0o755),
            files: [
              file(".azure/msal_token_cache.json", 0o644),
              file(".azure/service_principal_entries.json"),
            ],
          },
        },
      }),
      [
        "error az-tokens-open: others can read or change az's tokens: ~/.azure/msal_token_cache.json (mode 644) | next chmod go-rwx ~/.azure/msal_token_cache.json | because sql-token-cache/store-securely",
      ],
    ],
    [
      "a folder that others cannot enter protects what is in it",
      machine({
        azTokens: {
          value: { folder: file(".azure", 0o700), files: [file(".azure/msal_token_cache.json", 0o644)] },
        },
      }),
      [],
    ],
    [
      "a folder that cannot be listed is not called safe",
      machine({ azTokens: { reason: "EACCES" } }),
      [
        "warning az-tokens-open: cannot tell whether others can read az's tokens: EACCES | next - | because sql-token-cache/store-securely",
      ],
    ],
    [
      "a relative folder is another one in each working directory",
      machine(env({ AZURE_CONFIG_DIR: "my azure" })),
      [
        "warning az-folder-relative: az has another configuration folder in each working directory: AZURE_CONFIG_DIR=my azure is relative; azwise does not read az's profile there | next export AZURE_CONFIG_DIR=\"$PWD\"/'my azure' | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "a folder that is not there yet is worth knowing",
      machine({ ...env({ AZURE_CONFIG_DIR: `${HOME}/job/azure` }), azFolderMissing: true }),
      [
        "info az-folder-missing: az's configuration folder does not exist yet: AZURE_CONFIG_DIR=~/job/azure; az makes it at its first sign-in | next - | because azure-wire/az-profile-is-shared",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkAzFolder(given))).toEqual(expected);
  });
});
