import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { readAzProfile, requireAbsoluteFolder } from "./az-profile.ts";
import { AzureError } from "./azure-error.ts";
import { runAz, type AzResult } from "./az.ts";
import type { OwnedToken } from "./cached-credential.ts";
import type { CredentialRequest } from "./credential-request.ts";
import { errorFromSignIn, unsatisfiedClaims } from "./sign-in-error.ts";
import { signInCommand, withClaims } from "./sign-in-command.ts";
import { tokenOwner } from "./token-owner.ts";

/** az is slow, but not as slow as other requests may be. */
const MOST_WAIT_MS = 120_000;

/**
 * az's own sign-in, asked for the pinned tenant. Not the identity library's credential: that one replaces az's
 * words, and with them the AADSTS code (azure-wire/az-hides-the-code). The subscription is never passed, as az
 * refuses it together with a tenant (azure-wire/tenant-or-subscription-not-both).
 */
export function createAzCredential(request: CredentialRequest): TokenCredential {
  return {
    async getToken(scopes, { claims } = {}): Promise<OwnedToken> {
      const scope = [scopes].flat().join(" ");
      // Only az's own login takes claims (azure-wire/claims-need-a-new-sign-in).
      if (claims !== undefined) throw unsatisfiedClaims({ ...withClaims(request, claims), scope });
      const { tenantId, azEnv: env, signal } = request;
      requireAbsoluteFolder(env);
      const timeoutMs = Math.min(MOST_WAIT_MS, request.timeoutMs);
      const asked = [
        "account",
        "get-access-token",
        "--output",
        "json",
        "--scope",
        scope,
        "--tenant",
        tenantId,
      ];
      const result = await runAz(asked, { env, signal, timeoutMs });
      if (result.exit !== 0) throw refusedToken(result, request);
      return { ...readToken(result.stdout), owner: await findOwner(request) };
    },
  };
}

/** az may have become another user's while it ran; whose the token is that came then, nobody knows. */
async function findOwner(request: CredentialRequest): Promise<string | undefined> {
  const { accounts: azAccounts } = await readAzProfile(request.azEnv);
  const [before, now] = [await tokenOwner(request), await tokenOwner({ ...request, azAccounts })];
  return before === now ? now : undefined;
}

/** How Python's requests and urllib3 name what is wrong on the way. */
const UNREACHABLE =
  /NewConnectionError|Max retries exceeded|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|NameResolutionError/;

/** az's words are read but never repeated, as nobody promises that they hold no token. */
function refusedToken({ exit, stderr }: AzResult, request: CredentialRequest): AzureError {
  if (/AADSTS\d+/.test(stderr)) return errorFromSignIn(new Error(stderr), request);
  if (UNREACHABLE.test(stderr)) {
    const hint = "check the network, HTTPS_PROXY and REQUESTS_CA_BUNDLE";
    return new AzureError("failed", "az cannot reach Microsoft Entra", { hint });
  }
  if (/az login/.test(stderr)) {
    return new AzureError("auth", "az is not signed in", { hint: `run ${signInCommand(request)}` });
  }
  return new AzureError("auth", `az gave no token (exit ${exit})`, {
    hint: `run az account get-access-token --tenant ${request.tenantId} --output none to see why`,
  });
}

function readToken(stdout: string): AccessToken {
  const answer = parse(stdout);
  const token = answer["accessToken"];
  const expires = readExpiry(answer);
  if (typeof token === "string" && token !== "" && expires !== undefined) {
    return { token, expiresOnTimestamp: expires };
  }
  throw new AzureError("auth", "az answered something that is not a token", {
    hint: "run az version, and update az when it is old",
  });
}

/** `expires_on` is exact; old versions have only `expiresOn`, in local time without saying which. */
function readExpiry(answer: Record<string, unknown>): number | undefined {
  const seconds = Number(answer["expires_on"] ?? Number.NaN);
  const local = String(answer["expiresOn"] ?? "").replace(" ", "T");
  const time = Number.isNaN(seconds) ? new Date(local).getTime() : seconds * 1000;
  return Number.isNaN(time) ? undefined : time;
}

function parse(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    // The caller says so; the text is not shown.
    return {};
  }
}
