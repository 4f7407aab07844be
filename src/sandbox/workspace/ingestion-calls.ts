import type { Call } from "../http.ts";

const STREAM = /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/i;

/** The rule's immutable id and the stream that events are sent to; undefined when a request is for another service. */
export function askedStream({ path }: Pick<Call, "path">): { ruleId: string; stream: string } | undefined {
  const [, ruleId, stream] = STREAM.exec(path) ?? [];
  return ruleId === undefined || stream === undefined ? undefined : { ruleId, stream };
}
