import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Env } from "../context.ts";
import type { AzAccount } from "./az-profile.ts";
import { AzureError } from "./azure-error.ts";
import { signInPolicies, type Heard, type SignInOptions } from "./sign-in.ts";
import type { SignInTarget } from "./sign-in-command.ts";
import type { TokenStore } from "./token-store.ts";

export interface CredentialRequest extends SignInOptions, SignInTarget {
  env: Env;
  /** What az runs in. */
  azEnv: Env;
  httpClient: HttpClient;
  /** az's accounts: the default one's user is who the az CLI signs in as. */
  azAccounts: readonly AzAccount[];
  /** Undefined without a token cache. */
  tokens: TokenStore | undefined;
  /** azwise's state folder, where the account of a device or browser sign-in is remembered. */
  stateFolder: string;
  /** Ask Entra, whatever the token cache holds. */
  fresh: boolean;
  /** A device code may be shown and a browser opened. */
  interactive: boolean;
  /** A line for the person who signs in. */
  tell: (text: string) => void;
}

/** What the identity library's own credentials are built with: this cloud's authority, and our way out. */
export function identityOptions(request: CredentialRequest, heard: Heard) {
  const { cloud, httpClient } = request;
  return {
    authorityHost: cloud.authority,
    disableInstanceDiscovery: !cloud.wellKnown,
    additionalPolicies: signInPolicies(cloud.authority, request, heard),
    retryOptions: { maxRetries: 0 },
    httpClient,
  };
}

/** An empty variable counts as unset, as in CI systems that pass on secrets they do not have. */
export function requireVariable(env: Env, name: string, hint?: string): string {
  const value = env[name];
  if (value) return value;
  throw notSet(name, hint);
}

export function notSet(name: string, hint = `set ${name}, or use another --auth`): AzureError {
  return new AzureError("auth", `${name} is not set`, { hint });
}
