import type { Fact } from "../fact.ts";

const summary = "TL;DR";
const problem = "The problem: login enumerates every subscription in every tenant";
const skip = "What's new: 1. --skip-subscription-discovery (alias --skip-sub)";
const targeted = "What's new: 2. Targeted --subscription <id-or-name> on az login";
const combo = "What's new: 3. The combo";
const faster = "How much faster?";
const whenNot = "When not to use these flags";

type LoginFact = Omit<Fact, "article">;

const since = "Azure CLI 2.86.0 and later";

const statements: readonly LoginFact[] = [
  {
    id: "az-login-discovery/needs-2-86",
    section: summary,
    text: "Signing in without subscription discovery came with Azure CLI 2.86.0; older versions do not know the flag.",
    appliesTo: since,
  },
  {
    id: "az-login-discovery/skip-requires-tenant",
    section: summary,
    text: "Skipping discovery requires naming the tenant, because without enumeration az cannot tell which tenant is meant; az refuses the flag alone.",
    appliesTo: since,
  },
  {
    id: "az-login-discovery/login-enumerates",
    section: problem,
    text: "A plain az login walks every tenant the identity can reach and lists every subscription in each before it returns.",
  },
  {
    id: "az-login-discovery/cost-is-a-product",
    section: problem,
    text: "The time of that walk grows with the number of tenants times the subscriptions in each; authenticating itself is quick.",
  },
  {
    id: "az-login-discovery/skip-makes-no-arm-calls",
    section: skip,
    text: "With discovery skipped and no subscription named, az authenticates only and asks Azure Resource Manager for nothing.",
    appliesTo: since,
  },
  {
    id: "az-login-discovery/account-list-is-empty",
    section: skip,
    text: "After a sign-in that skipped discovery, az account list stays empty until a subscription is named.",
    appliesTo: since,
  },
  {
    id: "az-login-discovery/any-kind-of-sign-in",
    section: skip,
    text: "Skipping discovery works with every way of signing in: interactive, device code, service principal, managed identity.",
    appliesTo: since,
  },
  {
    id: "az-login-discovery/sign-in-still-asks",
    section: skip,
    text: "Skipping discovery does not skip the interactive prompt: the account picker, browser or device code still appears when no valid token is at hand.",
    appliesTo: since,
  },
  {
    id: "az-login-discovery/subscription-alone-still-walks",
    section: targeted,
    text: "az login with only --subscription still enumerates every tenant and subscription, and merely picks the named one afterwards.",
  },
  {
    id: "az-login-discovery/fast-and-pinned",
    section: combo,
    text: "Tenant, subscription and skipping discovery together fetch exactly the named subscription: the only way to be both pinned and fast.",
    appliesTo: since,
  },
  {
    id: "az-login-discovery/many-tenants-minutes",
    section: faster,
    text: "Observed times: with many tenants of hundreds of subscriptions a plain az login takes one to several minutes, without discovery two to three seconds.",
  },
  {
    id: "az-login-discovery/known-subscription-in-ci",
    section: faster,
    text: "A CI job with a service principal and one known subscription signs in in about one second instead of five to ten.",
  },
  {
    id: "az-login-discovery/when-discovery-is-right",
    section: whenNot,
    text: "Discovery is the right choice when you do not know which subscription you need, work across many in one session, or set up a machine.",
  },
];

export const azLoginFacts: readonly Fact[] = statements.map((statement) => ({
  ...statement,
  article: "az-login-discovery",
}));
