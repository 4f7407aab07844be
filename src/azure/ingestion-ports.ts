import type { LogColumn } from "./log-ports.ts";

/** Where events of one kind are sent to. */
export interface IngestionPlace {
  /** Base URL of the ingestion address. */
  endpoint: string;
  /** The immutable id of the data collection rule. */
  ruleId: string;
  /** One of the rule's streams, as `Custom-Failures_CL`. */
  stream: string;
}

export interface IngestionPort {
  /** Throws AppError "usage" for an address that `send` would refuse; asks nobody. */
  check(place: IngestionPlace): void;
  /**
   * Sends a JSON list of events, compressed by gzip. It is sent again when the service throttles or fails, or its answer is
   * lost; `mayBeTwice` says that an earlier attempt may have arrived as well, as nothing is told apart there.
   * Throws AppError "usage" for an address of another cloud, and AzureError "auth" (403), "usage" (404: no such rule or
   * stream), status 413 (too large), "timeout" (throttled for too long); it is `uncertain` when an attempt may have arrived, as after
   * any answer that neither accepts (204) nor refuses.
   */
  send(place: IngestionPlace, body: Uint8Array): Promise<{ mayBeTwice: boolean }>;
}

/** A stream that a rule declares, and where its rows go. */
export interface RuleStream {
  name: string;
  columns: readonly LogColumn[];
  /** The table of the workspace; undefined when no flow of the rule has it. */
  table: string | undefined;
  /** Resource id. */
  workspaceId: string | undefined;
}

/** A data collection rule, as far as events are sent to it. */
export interface CollectionRule {
  id: string;
  name: string;
  /** `dcr-` and 32 digits; addresses have it instead of the name. */
  immutableId: string;
  /** Its own ingestion address; rules of other kinds than Direct have none. */
  endpoint: string | undefined;
  /** The data collection endpoint that it is used with. */
  endpointId: string | undefined;
  /** Only those that it declares itself. */
  streams: readonly RuleStream[];
}

export interface CollectionRulePort {
  list(subscriptionId: string): Promise<CollectionRule[]>;
  /** The ingestion address of a data collection endpoint; undefined when there is none. */
  endpointOf(endpointId: string): Promise<string | undefined>;
}
