import { describe, expect, test } from "vitest";
import { checkHalfSet, checkStray, checkTarget } from "../../../src/topics/login/doctor-checks-identity.ts";
import { OTHER_TENANT, TENANT } from "../../harness.ts";
import { account, env, machine, printed, profile, wanting } from "./doctor-machine.ts";

describe("half a service principal:", () => {
  test.each([
    ["no variables are not worth a word", machine(), []],
    [
      "all of them are not either",
      machine(env({ AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "s3cret", AZURE_TENANT_ID: TENANT })),
      [],
    ],
    [
      "a secret without an id is a warning that does not show it",
      machine(env({ AZURE_CLIENT_SECRET: "s3cret" })),
      [
        "warning variables-half-set: the variables of a service principal are half set: AZURE_CLIENT_SECRET is set, AZURE_CLIENT_ID not | next - | because azure-wire/environment-credential-needs",
      ],
    ],
    [
      "without a tenant other tools cannot use them",
      machine(env({ AZURE_CLIENT_ID: "app", AZURE_CLIENT_CERTIFICATE_PATH: "/c.pem" })),
      [
        "warning variables-half-set: other tools cannot sign in from the variables: AZURE_CLIENT_ID and AZURE_CLIENT_CERTIFICATE_PATH are set, AZURE_TENANT_ID not | next - | because azure-wire/environment-credential-needs",
      ],
    ],
    [
      "an id alone may be meant for a managed identity",
      machine(env({ AZURE_CLIENT_ID: "app" })),
      [
        "info variables-half-set: AZURE_CLIENT_ID alone signs in nowhere but on a machine with a managed identity: AZURE_CLIENT_ID is set, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE not | next - | because azure-wire/environment-credential-needs",
      ],
    ],
    [
      "an id beside an identity endpoint is whole",
      machine(env({ AZURE_CLIENT_ID: "app", IDENTITY_ENDPOINT: "http://169.254.1.1" })),
      [],
    ],
    ["an empty variable counts as unset", machine(env({ AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" })), []],
  ])("%s", (_, given, expected) => {
    expect(printed(checkHalfSet(given))).toEqual(expected);
  });
});

describe("variables beside az:", () => {
  test.each([
    ["a user of az and no variables do not disagree", machine(), []],
    [
      "a service principal that az is signed in as does not either",
      machine({
        ...env({ AZURE_CLIENT_ID: "APP", AZURE_CLIENT_SECRET: "s3cret" }),
        profile: profile([account({ user: { name: "app", type: "servicePrincipal" } })]),
      }),
      [],
    ],
    [
      "a service principal beside a user of az is a warning",
      machine(env({ AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "s3cret" })),
      [
        "warning variables-stray: variables name another identity than az, and win over it: AZURE_CLIENT_ID=app with AZURE_CLIENT_SECRET; az's default account is ada@contoso.com | next azwise login whoami --all-tools | because azure-wire/default-credential-takes-first azure-wire/default-credential-order",
      ],
    ],
    ["an id alone proves nothing", machine(env({ AZURE_CLIENT_ID: "app" })), []],
    [
      "variables beside nobody disagree with nobody",
      machine({ ...env({ AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "s3cret" }), profile: profile([]) }),
      [],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkStray(given))).toEqual(expected);
  });
});

describe("the target:", () => {
  test.each([
    ["a target that is known is not worth a word", machine(), []],
    [
      "a target that cannot be looked up stops every run",
      machine({ login: { reason: 'unknown cloud "mars"; use --cloud public' } }),
      [
        'error target-unknown: cannot tell where a run would go: unknown cloud "mars"; use --cloud public | next - | because -',
      ],
    ],
    [
      "a configuration that is broken has its own finding",
      machine({ login: { reason: "not valid" }, config: { reason: "not valid" } }),
      [],
    ],
    [
      "a credential that does not exist stops every run",
      wanting({ auth: { reason: "--auth foo is not available" } }),
      [
        "error auth-unknown: cannot tell what a run would sign in as: --auth foo is not available | next - | because -",
      ],
    ],
    [
      "a variable that leaves the pin is named",
      wanting({
        pin: {
          value: [
            {
              what: "tenant",
              pinned: TENANT,
              actual: OTHER_TENANT,
              pinnedBy: "/repo/.azwise.json",
              actualBy: "AZURE_TENANT_ID",
              actualKind: "variable",
            },
          ],
        },
      }),
      [
        "error pin-mismatch: AZURE_TENANT_ID leaves the tenant that this folder is pinned to: a0000000-0000-4000-8000-00000000000a in /repo/.azwise.json, b0000000-0000-4000-8000-00000000000b in AZURE_TENANT_ID | next unset AZURE_TENANT_ID | because azure-wire/wrong-tenant-401",
      ],
    ],
    [
      "a flag that leaves the pin too",
      wanting({
        pin: {
          value: [
            {
              what: "cloud",
              pinned: "usgov",
              actual: "public",
              pinnedBy: "/repo/.azwise.json",
              actualBy: "--cloud",
              actualKind: "flag",
            },
          ],
        },
      }),
      [
        "error pin-mismatch: --cloud leaves the cloud that this folder is pinned to: usgov in /repo/.azwise.json, public in --cloud | next - | because -",
      ],
    ],
    [
      "a pin that cannot be compared is not called kept",
      wanting({ pin: { reason: "cannot reach login.microsoftonline.com" } }),
      [
        "warning pin-unknown: cannot tell whether the pin is kept: cannot reach login.microsoftonline.com | next - | because -",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkTarget(given))).toEqual(expected);
  });
});
