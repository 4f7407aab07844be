import type { TokenCredential } from "@azure/core-auth";
import type { AuthenticationResult } from "@azure/msal-node";
import { askByBrowser, askByDevice, type Asked } from "./ask-person.ts";
import { AzureError } from "./azure-error.ts";
import type { OwnedToken } from "./cached-credential.ts";
import type { CredentialRequest } from "./credential-request.ts";
import { createPublicApp } from "./public-app.ts";
import { findAccount, saveAccount, type SavedAccount } from "./saved-account.ts";
import { readSecret, writeSecret } from "./secret-tool.ts";
import type { Heard } from "./sign-in.ts";
import { signInCommand, withClaims } from "./sign-in-command.ts";
import { unsatisfiedClaims } from "./sign-in-error.ts";

/** A sign-in of before, as far as it could be kept. */
interface Saved {
  who: SavedAccount;
  /** MSAL's cache with the refresh token. */
  cache: string | undefined;
  /** Why there is none, in words. */
  problem: string;
}

/**
 * A person, by browser or device code. The refresh token is kept in the desktop's secret store where there is one;
 * elsewhere the sign-in lasts as long as its access token. Without `interactive` a person is never asked, and the
 * AzureError "auth" says which `azwise login` does; a fresh sign-in asks a person even when one is kept.
 */
export function createPersonCredential(request: CredentialRequest, heard: Heard): TokenCredential {
  const { interactive, fresh } = request;
  return {
    async getToken(scopes, { claims } = {}): Promise<OwnedToken> {
      const asked = { scopes: [scopes].flat(), ...(claims === undefined ? {} : { claims }) };
      const saved = interactive && fresh ? undefined : await recall(request);
      const token = saved && (await renew(saved, asked, { request, heard }));
      if (token) return token;
      if (interactive) return askPerson(asked, { request, heard });
      // A refusal by Entra says more than that nobody is signed in.
      if (heard.refusal !== undefined) throw new Error("the saved sign-in was refused");
      throw claims === undefined ? nobody(request, saved) : unsatisfiedClaims(withClaims(request, claims));
    },
  };
}

function nobody(request: CredentialRequest, saved: Saved | undefined): AzureError {
  const message =
    saved === undefined
      ? `nobody is signed in to tenant ${request.tenantId}`
      : `the sign-in of ${saved.who.account.username} ended: ${saved.problem}`;
  return new AzureError("auth", message, { hint: `run ${signInCommand(request)}` });
}

async function recall(request: CredentialRequest): Promise<Saved | undefined> {
  const { cloud, tenantId, stateFolder } = request;
  const who = await findAccount({ stateFolder, cloud: cloud.name, tenantId });
  if (who === undefined) return undefined;
  const found = await readSecret(who, request);
  if ("unavailable" in found) return { who, cache: undefined, problem: found.unavailable };
  const holds = found.text === undefined ? "does not hold it" : "holds nothing that can be used";
  return { who, cache: found.text, problem: `the secret store ${holds}` };
}

interface Around {
  request: CredentialRequest;
  heard: Heard;
}

/** A token without asking a person; undefined when only a person can help. */
async function renew(
  { who, cache }: Saved,
  asked: Asked,
  { request, heard }: Around,
): Promise<OwnedToken | undefined> {
  if (cache === undefined) return undefined;
  const app = createPublicApp(request, heard);
  try {
    app.getTokenCache().deserialize(cache);
    const token = toAccessToken(await app.acquireTokenSilent({ ...asked, account: who.account }));
    const renewed = withoutAccessTokens(app.getTokenCache().serialize());
    // Should that fail, the old one stays valid.
    if (renewed !== cache) await writeSecret(who, renewed, request);
    return token;
  } catch (error) {
    // Nobody answered: a person could not sign in now either.
    if (request.signal.aborted || heard.failure !== undefined) throw error;
    // Entra or MSAL wants a person, or what was kept is of no use; the caller asks, or says who is missing.
    return undefined;
  }
}

async function askPerson(asked: Asked, { request, heard }: Around): Promise<OwnedToken> {
  const app = createPublicApp(request, heard);
  const ask = request.kind === "device" ? askByDevice : askByBrowser;
  const result = await ask(app, asked, request);
  const token = toAccessToken(result);
  const problem = await keep(result, app.getTokenCache().serialize(), request);
  if (problem !== undefined) request.tell(`this sign-in lasts as long as its access token: ${problem}`);
  return token;
}

/** Returns why the refresh token could not be kept, or nothing. Throws AppError "failed" when the account cannot be. */
async function keep(
  result: AuthenticationResult | null,
  cache: string,
  request: CredentialRequest,
): Promise<string | undefined> {
  const { cloud, clock, stateFolder } = request;
  if (!result?.account) return "Entra named no account";
  const { homeAccountId, localAccountId, environment, tenantId, username } = result.account;
  const who: SavedAccount = {
    formatVersion: 1,
    cloud: cloud.name,
    tenantId: (result.tenantId || tenantId).toLowerCase(),
    savedAt: clock.now().toISOString(),
    account: { homeAccountId, localAccountId, environment, tenantId, username },
  };
  // Must not fail in silence: the next run would go on as whoever signed in before.
  await saveAccount(stateFolder, who);
  return writeSecret(who, withoutAccessTokens(cache), request);
}

/** Access tokens are kept elsewhere, and a secret store takes little. */
function withoutAccessTokens(cache: string): string {
  return JSON.stringify({ ...(JSON.parse(cache) as object), AccessToken: {}, IdToken: {} });
}

function toAccessToken(result: AuthenticationResult | null): OwnedToken {
  if (result === null || result.accessToken === "" || result.expiresOn === null) {
    throw new AzureError("auth", "Entra answered without a token", { hint: "try again" });
  }
  const { accessToken: token, expiresOn, account } = result;
  // Not who was saved before: somebody else may have signed in meanwhile.
  return { token, expiresOnTimestamp: expiresOn.getTime(), owner: account?.homeAccountId };
}
