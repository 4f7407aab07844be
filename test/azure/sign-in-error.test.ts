import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { errorFromSignIn, unsatisfiedClaims } from "../../src/azure/sign-in-error.ts";
import { json, openSignIn, SECRET, TENANT } from "./sign-in.ts";
import { refusalOf } from "./wire.ts";

const PUBLIC = findCloud("public", {});
const NOBODY = "; that takes a person, and --auth environment has none: use --auth cli, browser or device";

/** What is said when Entra refuses, by number: the person who is missing, or what to correct. */
const BY_A_PERSON: [number, string][] = [
  [50076, "multi-factor authentication is required"],
  [50079, "enrol for multi-factor authentication"],
  [50078, "the multi-factor sign-in expired"],
  [70043, "the sign-in expired under the tenant's sign-in frequency"],
  [50173, "the sign-in was revoked"],
  [700082, "the sign-in was unused for too long"],
  [70008, "the sign-in expired"],
];

const BY_CORRECTING: [number, string][] = [
  [53003, "Conditional Access blocks this sign-in; retrying does not help, ask the tenant's administrator"],
  [530003, "Conditional Access demands a managed device; retrying does not help"],
  [65001, "an administrator must consent to this application"],
  [90002, "no such tenant in cloud public: check --tenant and --cloud"],
  [700016, "this application does not exist in the tenant: check its client id and --tenant"],
  [7000215, "the client secret is wrong: use the secret's value, not its id"],
  [7000222, "the client secret has expired: make a new one"],
  [700213, "the federated credential does not match this subject: correct it on the application"],
  [70021, "the federated credential does not match this subject: correct it on the application"],
  [700024, "the federated assertion is outside its validity: check the clock, ask for a new one"],
  [700027, "the certificate is not registered on the application, or has expired"],
  [99999, "see the code at https://login.microsoftonline.com/error"],
];

function refused(code: number): { error: string; error_description: string; error_codes: number[] } {
  return {
    error: "invalid_grant",
    error_description: `AADSTS${code}: Words of Entra. Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-21 08:00:00Z`,
    error_codes: [code],
  };
}

test.each([...BY_A_PERSON.map(([code, text]) => [code, text + NOBODY] as const), ...BY_CORRECTING])(
  "AADSTS%i refuses a service principal in one line with its advice, and is asked only once",
  async (code, hint) => {
    const { connect, seen } = await openSignIn({ before: () => json(400, refused(code)) });

    expect(await refusalOf(connect())).toEqual({
      kind: "auth",
      message: "sign-in was refused",
      code: `AADSTS${code}`,
      uncertain: false,
      hint,
    });
    expect(seen).toHaveLength(1);
  },
);

test.each([
  ["cli", `az login --tenant ${TENANT}`],
  ["device", `azwise login --tenant ${TENANT} --auth device`],
  ["browser", `azwise login --tenant ${TENANT} --auth browser`],
] as const)("a person who signs in by %s is told the command, where it helps", (kind, command) => {
  const target = { kind, tenantId: TENANT, cloud: PUBLIC };
  const hintOf = (code: number): string | undefined =>
    errorFromSignIn(new Error(`AADSTS${code}: Words of Entra.`), target).hint;

  expect(BY_A_PERSON.map(([code]) => hintOf(code))).toEqual(
    BY_A_PERSON.map(([, text]) => `${text}: run ${command}`),
  );
  expect(BY_CORRECTING.map(([code]) => hintOf(code))).toEqual(BY_CORRECTING.map(([, text]) => text));
});

test("a refusal while claims are asked for leads to a command with these claims", () => {
  const need = { kind: "device", tenantId: TENANT, cloud: PUBLIC, claims: "eyJhIjoxfQ==" } as const;

  expect(errorFromSignIn(new Error("AADSTS50076: Words."), need).hint).toBe(
    `multi-factor authentication is required: run azwise login --tenant ${TENANT} --auth device --claims-challenge eyJhIjoxfQ==`,
  );
});

test("Entra's number counts where MSAL leaves it out", () => {
  const target = { kind: "device", tenantId: TENANT, cloud: PUBLIC } as const;
  const heard = { refusal: { error: "invalid_grant", number: "53003" } };

  expect(errorFromSignIn(new Error("post_request_failed: invalid_grant"), target, heard).code).toBe(
    "AADSTS53003",
  );
});

test.each([
  ["authorization_declined", "the sign-in was declined"],
  ["access_denied", "the sign-in was declined"],
  ["expired_token", "nobody signed in before the code ended"],
])("%s says what the person did", (error, message) => {
  const target = { kind: "device", tenantId: TENANT, cloud: PUBLIC } as const;

  const refusal = errorFromSignIn(new Error("unknown"), target, { refusal: { error, number: "70020" } });

  expect([refusal.kind, refusal.message, refusal.hint]).toEqual([
    "auth",
    message,
    `run azwise login --tenant ${TENANT} --auth device`,
  ]);
});

test.each([
  ["pipelines", "check --auth, --tenant and the AZURE_* variables"],
  ["environment", "check AZURE_CLIENT_CERTIFICATE_PATH and AZURE_CLIENT_CERTIFICATE_PASSWORD"],
  [
    "managed",
    "check that this machine has the identity, which AZURE_CLIENT_ID chooses, or use another --auth",
  ],
] as const)("anything else that %s says is not repeated", (kind, hint) => {
  const refusal = errorFromSignIn(new Error("something new\nand more of it"), {
    kind,
    tenantId: TENANT,
    cloud: PUBLIC,
  });

  expect([refusal.kind, refusal.message, refusal.hint]).toEqual(["auth", "sign-in failed", hint]);
});

test.each([
  ["invalid_client", "invalid_client"],
  ["interaction_required", "interaction_required"],
  [`invalid_client ${SECRET}`, undefined],
  [SECRET, undefined],
])("a refusal without a number is told by its OAuth error alone: %s", async (error, code) => {
  const { connect } = await openSignIn({
    before: () => json(400, { error, error_description: `The secret ${SECRET} is wrong.\n${SECRET}` }),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: "sign-in was refused",
    uncertain: false,
    ...(code === undefined ? {} : { code }),
    hint: "check --auth, --tenant and the AZURE_* variables",
  });
});

test("a token answer without a token is not repeated either", async () => {
  const { connect } = await openSignIn({ before: () => json(200, { error_description: SECRET, a: SECRET }) });

  expect(await refusalOf(connect())).toMatchObject({ kind: "auth", message: "sign-in failed" });
});

test("claims that no person can satisfy are said to be that", () => {
  const refusal = unsatisfiedClaims({ kind: "managed", tenantId: TENANT, cloud: PUBLIC, claims: "eyJ9" });

  expect([refusal.kind, refusal.code, refusal.message, refusal.hint]).toEqual([
    "auth",
    "insufficient_claims",
    "Azure asks for a stronger sign-in",
    "--auth managed cannot satisfy it: use --auth cli, browser or device, or ask the tenant's administrator",
  ]);
});
