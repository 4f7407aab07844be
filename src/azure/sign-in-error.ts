import { AzureError } from "./azure-error.ts";
import type { Heard } from "./sign-in.ts";
import { signInCommand, type SignInNeed } from "./sign-in-command.ts";

interface Advice {
  text: string;
  /** A person's sign-in is what is missing. */
  person?: true;
  because?: readonly string[];
}

const SUBJECT = {
  text: "the federated credential does not match this subject: correct it on the application",
  because: ["cicd-platform/federated-subject"],
};

/** What to do about an Entra error code; matched on the code alone. */
const ADVICE: Readonly<Record<string, Advice>> = {
  "50076": {
    text: "multi-factor authentication is required",
    person: true,
    because: ["azure-wire/mfa-is-per-tenant"],
  },
  "50079": { text: "enrol for multi-factor authentication", person: true },
  "50078": { text: "the multi-factor sign-in expired", person: true },
  "70043": { text: "the sign-in expired under the tenant's sign-in frequency", person: true },
  "50173": { text: "the sign-in was revoked", person: true },
  "700082": {
    text: "the sign-in was unused for too long",
    person: true,
    because: ["azure-wire/refresh-token-ninety-days"],
  },
  "70008": { text: "the sign-in expired", person: true },
  "53003": {
    text: "Conditional Access blocks this sign-in; retrying does not help, ask the tenant's administrator",
  },
  "530003": { text: "Conditional Access demands a managed device; retrying does not help" },
  "65001": { text: "an administrator must consent to this application" },
  "90002": { text: "no such tenant in cloud <cloud>: check --tenant and --cloud" },
  "700016": { text: "this application does not exist in the tenant: check its client id and --tenant" },
  "7000215": { text: "the client secret is wrong: use the secret's value, not its id" },
  "7000222": { text: "the client secret has expired: make a new one" },
  "700213": SUBJECT,
  "70021": SUBJECT,
  "700024": {
    text: "the federated assertion is outside its validity: check the clock, ask for a new one",
    because: ["azure-wire/assertion-validity"],
  },
  "700027": { text: "the certificate is not registered on the application, or has expired" },
};

/** How a person ends a sign-in without one; Entra gives these names and not always a number. */
const BY_A_PERSON: Readonly<Record<string, string>> = {
  authorization_declined: "the sign-in was declined",
  access_denied: "the sign-in was declined",
  expired_token: "nobody signed in before the code ended",
};

/** OAuth's error codes. Anything else may be words, with a secret among them. */
const OAUTH_ERRORS = new Set([
  "consent_required",
  "interaction_required",
  "invalid_client",
  "invalid_grant",
  "invalid_request",
  "invalid_resource",
  "invalid_scope",
  "invalid_tenant",
  "login_required",
  "server_error",
  "temporarily_unavailable",
  "unauthorized_client",
  "unsupported_grant_type",
]);

/**
 * Turns whatever a credential threw into one line, with the AADSTS number, or else the OAuth error, when there is
 * one. No words of the service are repeated: they may hold what was sent.
 */
export function errorFromSignIn(cause: unknown, need: SignInNeed, heard: Heard = {}): AzureError {
  if (cause instanceof AzureError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const number = heard.refusal?.number ?? /AADSTS(\d+)/.exec(text)?.[1];
  const ended = BY_A_PERSON[heard.refusal?.error ?? ""];
  if (ended !== undefined) return new AzureError("auth", ended, { cause, ...hintOf(need) });
  if (number !== undefined) return refusedByEntra(number, need, cause);
  if (heard.refusal === undefined) {
    return new AzureError("auth", "sign-in failed", { hint: WHAT_TO_CHECK[need.kind] ?? CHECK_AUTH, cause });
  }
  const code = OAUTH_ERRORS.has(heard.refusal.error) ? { code: heard.refusal.error } : {};
  return new AzureError("auth", REFUSED, { ...code, hint: CHECK_AUTH, cause });
}

const REFUSED = "sign-in was refused";

const CHECK_AUTH = "check --auth, --tenant and the AZURE_* variables";

const WHAT_TO_CHECK: Partial<Record<SignInNeed["kind"], string>> = {
  environment: "check AZURE_CLIENT_CERTIFICATE_PATH and AZURE_CLIENT_CERTIFICATE_PASSWORD",
  managed: "check that this machine has the identity, which AZURE_CLIENT_ID chooses, or use another --auth",
};

function refusedByEntra(number: string, need: SignInNeed, cause: unknown): AzureError {
  const advice = ADVICE[number] ?? { text: "see the code at https://login.microsoftonline.com/error" };
  const { text, person = false, because = [] } = advice;
  const hint = person ? `${text}${whoSignsIn(need)}` : text.replace("<cloud>", need.cloud.name);
  return new AzureError("auth", REFUSED, { code: `AADSTS${number}`, hint, because, cause });
}

function whoSignsIn(need: SignInNeed): string {
  const command = signInCommand(need);
  if (command !== undefined) return `: run ${command}`;
  return `; that takes a person, and --auth ${need.kind} has none: use --auth cli, browser or device`;
}

function hintOf(need: SignInNeed): { hint?: string } {
  const command = signInCommand(need);
  return command === undefined ? {} : { hint: `run ${command}` };
}

/** A claims challenge that this credential could not satisfy: the command that does, or that there is none. */
export function unsatisfiedClaims(need: SignInNeed): AzureError {
  const command = signInCommand(need);
  const hint =
    command === undefined
      ? `--auth ${need.kind} cannot satisfy it: use --auth cli, browser or device, or ask the tenant's administrator`
      : `run ${command}`;
  return new AzureError("auth", "Azure asks for a stronger sign-in", {
    code: "insufficient_claims",
    hint,
    because: ["azure-wire/claims-need-a-new-sign-in"],
  });
}
