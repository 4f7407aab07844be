import type { Fact } from "../fact.ts";

const reads = "Identity and subscriptions: ARM reads";
const login = "Identity and subscriptions: az login subscription discovery";
const tenant = "Identity and subscriptions: wrong tenant and CAE";
const library = "Identity and subscriptions: @azure/identity";
// Not about Azure's answers, so each has a source of its own.
const proxy = "SDK source: proxyPolicy of @typespec/ts-http-runtime";
const tls = "Certificates: Node.js and az";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/subscriptions-per-tenant",
    section: reads,
    text: "The list of subscriptions shows only what the token's own tenant sees; other tenants need a token of their own.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/subscription-states",
    section: reads,
    text: "A subscription is Enabled, Warned, PastDue, Disabled or Deleted.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/home-tenant-differs",
    section: reads,
    text: "A subscription names its home tenant; reached through a managing tenant, the token's tenant is another one.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/login-discovery-walk",
    section: login,
    text: "az login asks for the list of tenants, then for each tenant a token and all pages of its subscriptions; the first tenant wins for a subscription seen twice.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/mfa-is-per-tenant",
    section: login,
    text: "Multi-factor state is kept per tenant: a tenant that answers AADSTS50076 is skipped with a warning and needs a sign-in of its own.",
    appliesTo:
      "Microsoft documentation on what az skips; the state per tenant: azure-cli PR 31742 and issue 31009; the remedy well known, not re-verified",
  },
  {
    id: "azure-wire/skip-needs-guid",
    section: login,
    text: "With discovery skipped az takes the subscription's GUID only, not its name, and makes exactly one request for it.",
    appliesTo: "Microsoft documentation, Azure CLI 2.86.0 and later",
  },
  {
    id: "azure-wire/az-tenant-level-account",
    section: login,
    text: "With discovery skipped and no subscription az writes a tenant-level account whose id is the tenant's.",
    appliesTo: "Microsoft documentation, Azure CLI 2.86.0 and later",
    contradicts: ["az-login-discovery/account-list-is-empty"],
  },
  {
    id: "azure-wire/az-profile-bom",
    section: login,
    text: "az's profile begins with a byte order mark and is rewritten in place, so readers must strip the mark and tolerate a half-written file.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/az-profile-is-shared",
    section: login,
    text: "Every shell and job with the same az configuration directory shares one profile and one default subscription; AZURE_CONFIG_DIR separates them.",
    appliesTo:
      "Microsoft documentation on AZURE_CONFIG_DIR; the sharing: azure-cli issues 10265 and 33833, Azure/login issue 394",
  },
  {
    id: "azure-wire/tenant-or-subscription-not-both",
    section: login,
    text: "az account get-access-token refuses --tenant together with --subscription.",
    appliesTo: "Microsoft documentation, read in the SDK",
  },
  {
    id: "azure-wire/challenge-names-tenant",
    section: tenant,
    text: "A request for a subscription without a valid token is refused with a challenge that names the subscription's own tenant.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/claims-need-a-new-sign-in",
    section: tenant,
    text: "A claims challenge asks for a stronger sign-in; the identity library cannot get it from az, and names az login --claims-challenge as the way.",
    appliesTo: "read in the SDK",
  },
  {
    id: "azure-wire/refresh-token-ninety-days",
    section: tenant,
    text: "A sign-in that was not used for ninety days has ended (AADSTS700082).",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/assertion-validity",
    section: tenant,
    text: "Assertions and tokens are bound to time: a wrong clock makes a federated sign-in fail with AADSTS700024.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/default-credential-takes-first",
    section: library,
    text: "DefaultAzureCredential takes the first source that works, so stray AZURE_CLIENT_ID and AZURE_CLIENT_SECRET silently win over az login.",
    appliesTo: "read in the SDK",
  },
  {
    id: "azure-wire/environment-credential-needs",
    section: library,
    text: "A sign-in from variables needs AZURE_TENANT_ID and AZURE_CLIENT_ID together with a secret, a certificate or a federated token file.",
    appliesTo: "read in the SDK, @azure/identity 4.14",
  },
  {
    id: "azure-wire/default-credential-order",
    section: library,
    text: "DefaultAzureCredential tries environment, workload identity, managed identity, VS Code, az, PowerShell, azd, broker; AZURE_TOKEN_CREDENTIALS narrows that.",
    appliesTo: "read in the SDK, @azure/identity 4.14",
  },
  {
    id: "azure-wire/default-credential-stops",
    section: library,
    text: "DefaultAzureCredential goes on only when a source is not there: one that is there and is refused, such as a wrong secret, ends the chain.",
    appliesTo: "read in the SDK, @azure/identity 4.14",
  },
  {
    id: "azure-wire/az-hides-the-code",
    section: library,
    text: "Where az's error text mentions az login, the identity library replaces it, and with it the AADSTS code, by a general request to run az login.",
    appliesTo: "read in the SDK",
  },
  {
    id: "azure-wire/proxy-variables",
    section: proxy,
    text: "The SDK takes its proxy from HTTPS_PROXY, ALL_PROXY or HTTP_PROXY, and compares the names in NO_PROXY letter by letter: a dot in front stands for all below, a star for nothing.",
    appliesTo: "read in the SDK, @typespec/ts-http-runtime 0.3.6",
  },
  {
    id: "azure-wire/certificates-per-tool",
    section: tls,
    text: "Node takes further certificate authorities from NODE_EXTRA_CA_CERTS, az, which is Python, from REQUESTS_CA_BUNDLE; neither reads the other's.",
    appliesTo:
      "Node.js documentation; az: azure-cli PR 21807; that neither reads the other's well known, not re-verified",
  },
  {
    id: "azure-wire/unchecked-certificates",
    section: tls,
    text: "With the check of certificates off, secrets and tokens are sent to whoever answers in the service's place.",
    appliesTo: "Node.js documentation calls it insecure; the rest well known, not re-verified",
  },
];

export const azureWireIdentityFacts: readonly Fact[] = statements.map((statement) => ({
  ...statement,
  article: "azure-wire",
}));
