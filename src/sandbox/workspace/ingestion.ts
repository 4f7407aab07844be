import { gunzipSync } from "node:zlib";
import { mayDo } from "../access.ts";
import { COLLECTION_RULE, list, type CollectionRule } from "../bodies.ts";
import { isFields, refuse, type Call, type Refusal, type Reply } from "../http.ts";
import { keyOf, sameText } from "../ids.ts";
import { readToken } from "../token.ts";
import type { Ingested } from "../world.ts";
import { askedStream } from "./ingestion-calls.ts";

const AUDIENCE = "https://monitor.azure.com";
/** What role Monitoring Metrics Publisher grants. */
const SEND = "Microsoft.Insights/Telemetry/Write";
const VERSIONS = ["2021-11-01-preview", "2023-01-01"];
/** Of a body, before and after compression. */
const MOST_BYTES = 1_048_576;
const MOST_FIELD_BYTES = 65_536;
const DAY_MS = 86_400_000;

/** Takes events for a table; they can be queried after `settings.ingestionLagMs`. */
export function answerIngestion(call: Call): Reply {
  checkToken(call);
  const { state } = call;
  const { ruleId, stream } = askedStream(call) ?? { ruleId: "", stream: "" };
  if (!VERSIONS.includes(call.query["api-version"] ?? "")) {
    throw refuseSending(400, "InvalidApiVersion", "The api-version query parameter is missing or not known.");
  }
  const rule = list(state.world, COLLECTION_RULE).find(({ properties }) =>
    sameText(properties.immutableId, ruleId),
  );
  if (!rule) {
    throw refuseSending(404, "NotFound", `Data collection rule with immutable Id '${ruleId}' not found.`);
  }
  if (!mayDo(state.world, SEND, rule.id)) {
    const message = `The authentication token provided does not have access to ingest data for the data collection rule with immutable Id '${ruleId}'.`;
    throw refuseSending(403, "OperationFailed", message);
  }
  state.world.ingested.push(toIngested(call, rule, stream));
  state.touch();
  return { status: 204 };
}

function checkToken(call: Call): void {
  const [scheme = "", token = ""] = (call.headers["authorization"] ?? "").split(" ");
  const claims = sameText(scheme, "bearer") ? readToken(token) : undefined;
  if (!claims || claims.exp * 1000 <= call.state.now().getTime()) {
    throw refuseSending(401, "AuthenticationFailed", "The authentication token is missing or expired.");
  }
  if (claims.aud.replace(/\/+$/, "") !== AUDIENCE) {
    throw refuseSending(403, "InvalidAudience", "The authentication token is for another resource.");
  }
}

export function refuseSending(status: number, code: string, message: string): Refusal {
  return refuse(status, { code, message }, { headers: { "x-ms-error-code": code } });
}

export function refuseSize(): Refusal {
  const message = "The request payload is larger than 1 MB.";
  return refuseSending(413, "ContentLengthLimitExceeded", message);
}

function toIngested(call: Call, { properties }: CollectionRule, stream: string): Ingested {
  const { streamDeclarations, dataFlows, destinations } = properties;
  const declared = streamDeclarations?.[stream];
  const flow = dataFlows?.find(({ streams }) => streams.includes(stream));
  const destination = destinations?.logAnalytics?.find(({ name }) => flow?.destinations.includes(name));
  if (!declared || !flow || !destination) {
    const message = `The stream ${stream} was not configured in the ingestion endpoint's data collection rule.`;
    throw refuseSending(404, "StreamNotFound", message);
  }
  const now = call.state.now().getTime();
  const columns = Object.fromEntries(
    declared.columns.map(({ name, type }) => [name, type === "boolean" ? "bool" : type]),
  );
  return {
    workspace: keyOf(destination.workspaceResourceId),
    table: (flow.outputStream ?? stream).replace(/^Custom-/, ""),
    columns,
    due: new Date(now + call.state.world.settings.ingestionLagMs).toISOString(),
    rows: eventsIn(call).map((event) => toRow(event, columns, now)),
  };
}

function eventsIn({ headers, text }: Call): Record<string, unknown>[] {
  const isPacked = headers["content-encoding"] === "gzip";
  // A packed body comes as one character for each byte.
  const bytes = Buffer.from(text, isPacked ? "latin1" : "utf8");
  const json = isPacked ? gunzipSync(bytes) : bytes;
  if (bytes.length > MOST_BYTES || json.length > MOST_BYTES) throw refuseSize();
  const message = "The request body has to be a JSON list of objects.";
  const events = parse(json.toString("utf8"));
  if (Array.isArray(events) && events.every(isFields)) return events;
  throw refuseSending(400, "InvalidRequest", message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the rule does not declare is left out without a word, and so is the end of a long field. */
function toRow(
  event: Record<string, unknown>,
  columns: Record<string, string>,
  now: number,
): Record<string, unknown> {
  const row = Object.fromEntries(Object.keys(columns).map((name) => [name, cut(event[name])]));
  const time = Date.parse(String(event["TimeGenerated"]));
  const isNear = time > now - 2 * DAY_MS && time < now + DAY_MS;
  return { ...row, TimeGenerated: isNear ? event["TimeGenerated"] : new Date(now).toISOString() };
}

function cut(value: unknown): unknown {
  if (typeof value !== "string" || Buffer.byteLength(value) <= MOST_FIELD_BYTES) return value ?? null;
  return Buffer.from(value)
    .subarray(0, MOST_FIELD_BYTES)
    .toString("utf8")
    .replace(/\uFFFD$/, "");
}
