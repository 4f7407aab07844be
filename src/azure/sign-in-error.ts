import { AzureError } from "./azure-error.ts";

/** What to do about an Entra error code; matched on the code alone. */
const ADVICE: Readonly<Record<string, string>> = {
  "50076": "multi-factor authentication is required: run az login --tenant <tenant>",
  "50079": "enrol for multi-factor authentication: run az login --tenant <tenant>",
  "50078": "the multi-factor sign-in expired: sign in again",
  "70043": "the sign-in expired under the tenant's sign-in frequency: sign in again",
  "50173": "the sign-in was revoked: sign in again",
  "700082": "the sign-in was unused for too long: sign in again",
  "70008": "the sign-in expired: sign in again",
  "53003": "Conditional Access blocks this sign-in; retrying does not help, ask the tenant's administrator",
  "530003": "Conditional Access demands a managed device; retrying does not help",
  "65001": "an administrator must consent to this application",
  "90002": "no such tenant: check --tenant and --cloud",
  "700016": "this application does not exist in the tenant: check AZURE_CLIENT_ID and --tenant",
  "7000215": "the client secret is wrong: use the secret's value, not its id",
  "7000222": "the client secret has expired: make a new one",
  "700213": "the federated credential does not match this subject: correct it on the application",
  "70021": "the federated credential does not match this subject: correct it on the application",
  "700024": "the federated assertion is outside its validity: check the clock, ask for a new one",
  "700027": "the certificate is not registered on the application, or has expired",
};

/** Turns whatever a credential threw into one line, with the AADSTS code when there is one. */
export function errorFromSignIn(cause: unknown, tenantId: string): AzureError {
  if (cause instanceof AzureError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = /AADSTS(\d+)/.exec(text)?.[1];
  if (code !== undefined) {
    const advice = ADVICE[code] ?? "see the code at https://login.microsoftonline.com/error";
    const hint = advice.replace("<tenant>", tenantId);
    return new AzureError("auth", "sign-in was refused", { code: `AADSTS${code}`, hint, cause });
  }
  const challenge = /az login --claims-challenge \S+ --scope \S+/.exec(text)?.[0];
  if (challenge !== undefined) {
    const hint = `run ${challenge} --tenant ${tenantId}`;
    return new AzureError("auth", "Azure asks for a stronger sign-in", { hint, cause });
  }
  if (/Azure CLI could not be found/i.test(text)) {
    const hint = "install the Azure CLI, or set AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";
    return new AzureError("auth", "the Azure CLI is not installed", { hint, cause });
  }
  if (/az login/i.test(text)) {
    return new AzureError("auth", "az is not signed in", {
      hint: `run az login --tenant ${tenantId}`,
      cause,
    });
  }
  const [line = "sign-in failed"] = text.split(/\r?\n/);
  return new AzureError("auth", line, { hint: "check --auth, --tenant and the AZURE_* variables", cause });
}
