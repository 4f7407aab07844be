import type { Fact } from "../fact.ts";

/** What two further articles say about signing in. */
export const signInFacts: readonly Fact[] = [
  {
    id: "sql-token-cache/reuse-tokens",
    article: "sql-token-cache",
    section: "Solution: token caching and expiration management",
    text: "Asking for a token at every use costs time and requests to the sign-in service; keep one and use it as long as it is valid.",
  },
  {
    id: "sql-token-cache/renew-five-minutes-early",
    article: "sql-token-cache",
    section: "Key points in the code",
    text: "A token counts as ended five minutes before it does, and is renewed then; the five minutes can be adjusted.",
  },
  {
    id: "sql-token-cache/store-securely",
    article: "sql-token-cache",
    section: "Step-by-step implementation",
    text: "A token that is kept for later use has to be stored securely.",
  },
  {
    id: "cicd-platform/federated-sign-in",
    article: "cicd-platform",
    section: "Workflow 2 — build.yml",
    text: "GitHub jobs sign in with a short-lived federated token (permission id-token: write) instead of a stored secret.",
  },
  {
    id: "cicd-platform/federated-subject",
    article: "cicd-platform",
    section: "Setting Up Azure Authentication",
    text: "The federated credential on the application must name the issuer, the repository and branch as subject, and the audience api://AzureADTokenExchange.",
  },
];
