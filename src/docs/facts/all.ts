import type { Fact } from "../fact.ts";
import { acrRegionalFacts } from "./acr-regional.ts";
import { acrFacts } from "./acr.ts";
import { azLoginFacts } from "./az-login.ts";
import { azureWireIdentityFacts } from "./azure-wire-identity.ts";
import { azureWireFacts } from "./azure-wire.ts";
import { kqlLintFacts } from "./kql-lint.ts";
import { kqlAlertFacts } from "./kql-alert.ts";
import { kqlIngestionFacts } from "./kql-ingestion.ts";
import { kqlFacts } from "./kql.ts";
import { kqlRunFacts } from "./kql-run.ts";
import { kqlTriageFacts } from "./kql-triage.ts";
import { kqlWireFacts } from "./kql-wire.ts";
import { odcrFacts } from "./odcr.ts";
import { signInFacts } from "./sign-in.ts";

/** Every fact azwise can cite, article by article, in the order of the article. */
export const facts: readonly Fact[] = [
  ...odcrFacts,
  ...azLoginFacts,
  ...signInFacts,
  ...acrFacts,
  ...acrRegionalFacts,
  ...kqlFacts,
  ...kqlTriageFacts,
  ...azureWireFacts,
  ...azureWireIdentityFacts,
  ...kqlWireFacts,
  ...kqlRunFacts,
  ...kqlLintFacts,
  ...kqlAlertFacts,
  ...kqlIngestionFacts,
];
