import type { Fact } from "../fact.ts";
import { azureWireFacts } from "./azure-wire.ts";
import { odcrFacts } from "./odcr.ts";

/** Every fact azwise can cite, article by article, in the order of the article. */
export const facts: readonly Fact[] = [...odcrFacts, ...azureWireFacts];
