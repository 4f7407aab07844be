import type { Env } from "../context.ts";
import type { AzProfile } from "./az-profile.ts";
import type { AuthKind } from "./auth-kind.ts";
import type { Clock, Subscription } from "./ports.ts";
import type { Settings } from "./settings.ts";
import type { TargetFlags, Wanted } from "./target.ts";

/** Whose token it is, read from its claims. */
export interface Principal {
  kind: "user" | "service principal" | "managed identity" | "unknown";
  /** Object id in the token's tenant. */
  id: string | undefined;
  /** A user's sign-in name, or an application's client id. */
  name: string | undefined;
  /** Client id of the application that the token was issued to. */
  appId: string | undefined;
}

export interface SignInRequest {
  /** GUID or domain. */
  tenantId: string;
  /** One of AUTH_CHOICES; the run's own when left out. */
  auth?: string;
  /** Ask Entra, whatever the token cache holds: to prove a sign-in, not to use one. */
  fresh?: boolean;
  /** A person is there: a device code may be shown and a browser opened. Otherwise both are refused. */
  interactive?: boolean;
  /** Claims of a challenge to satisfy, base64 as the service sent them. */
  claims?: string;
  /** What az runs in instead of the run's own environment: with a configuration folder that it may write to. */
  azEnv?: Env;
}

export interface Tenant {
  tenantId: string;
  /** Home, ProjectedBy or ManagedBy. */
  category: string;
  /** Both are absent for tenants that this identity cannot read. */
  name: string | undefined;
  domain: string | undefined;
}

/** A subscription as a list shows it. */
export interface VisibleSubscription extends Subscription {
  /** Tenants that manage it through Lighthouse. */
  managedBy: string[];
}

/** One tenant, signed in to. */
export interface SignedIn {
  /** The token's own tenant, a GUID; what was asked for when the token does not say. */
  tenantId: string;
  /** The token itself names the tenant. */
  saysTenant: boolean;
  auth: AuthKind;
  principal: Principal;
  /** When the access token ends. */
  expires: Date;
  /** What the platform vouches with for a federated identity, to sign in another tool: one request, or a file. */
  askAssertion(): Promise<string>;
  /** Exactly one subscription by one request; undefined when this identity cannot see it. */
  getSubscription(id: string): Promise<Subscription | undefined>;
  /** Tenants that know this identity, page by page. Only for discovery. */
  listTenants(): AsyncIterable<Tenant[]>;
  /** Subscriptions visible in this tenant, page by page. Only for discovery. */
  listSubscriptions(): AsyncIterable<VisibleSubscription[]>;
}

/** What to leave out of account when the target is looked up. */
export type Ignored = "flags" | "pin";

/** Sign-in as a topic of its own: where a run would go, and getting in there. Nothing is sent before it is asked. */
export interface LoginPort {
  /** As typed, also what is left out of account. */
  flags: TargetFlags;
  wanted: Wanted;
  settings: Settings;
  azProfile: AzProfile;
  /** The environment that credentials are taken from. */
  env: Env;
  clock: Clock;
  /** Gets a token for the tenant and checks whose it is: one token request. Throws AzureError "auth". */
  signIn(request: SignInRequest): Promise<SignedIn>;
  /** The tenant that a subscription belongs to, from the service's own challenge: one request without a token. */
  findHomeTenant(subscriptionId: string): Promise<string>;
  /** The GUID of a tenant. One that is given as a domain costs one request to Entra without a token. */
  findTenantId(tenant: string): Promise<string>;
  /** The resource manager's clock; undefined when it does not say. Throws when nobody answers. */
  readServerTime(signal?: AbortSignal): Promise<Date | undefined>;
}
