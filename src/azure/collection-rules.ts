import type { Json, JsonObject } from "../json.ts";
import { asObject, listPages, objectsIn, type ArmConnection } from "./arm.ts";
import type { CollectionRule, CollectionRulePort, RuleStream } from "./ingestion-ports.ts";
import type { ArmPort } from "./ports.ts";

/** The first version that tells a rule's own ingestion address. */
const RULES_API = "2023-03-11";

/** Reads of data collection rules and endpoints, by plain requests. */
export function createCollectionRules(connection: ArmConnection, arm: ArmPort): CollectionRulePort {
  return {
    async list(subscriptionId) {
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/dataCollectionRules`;
      const found: CollectionRule[] = [];
      for await (const page of listPages(connection, { path, apiVersion: RULES_API })) {
        found.push(...page.map(toRule));
      }
      return found;
    },
    async endpointOf(endpointId) {
      const body = asObject(await arm.read({ path: endpointId, apiVersion: RULES_API }));
      return textOf(asObject(asObject(body["properties"])["logsIngestion"])["endpoint"]);
    },
  };
}

function toRule({ id, name, properties }: JsonObject): CollectionRule {
  const { immutableId, endpoints, dataCollectionEndpointId, ...rest } = asObject(properties);
  return {
    id: textOf(id) ?? "",
    name: textOf(name) ?? "",
    immutableId: textOf(immutableId) ?? "",
    endpoint: textOf(asObject(endpoints)["logsIngestion"]),
    endpointId: textOf(dataCollectionEndpointId),
    streams: streamsOf(rest),
  };
}

function streamsOf({ streamDeclarations, dataFlows, destinations }: JsonObject): RuleStream[] {
  const workspaces = objectsIn(asObject(destinations)["logAnalytics"]);
  return Object.entries(asObject(streamDeclarations)).map(([name, declared]) => {
    const flow = objectsIn(dataFlows).find(({ streams }) => namesIn(streams).includes(name));
    const [destination] = namesIn(flow?.["destinations"]);
    const workspace = workspaces.find((each) => each["name"] === destination);
    const columns = objectsIn(asObject(declared)["columns"]);
    return {
      name,
      columns: columns.map((each) => ({ name: textOf(each["name"]) ?? "", type: typeOf(each["type"]) })),
      table: textOf(flow?.["outputStream"])?.replace(/^(?:Custom|Microsoft)-/, ""),
      workspaceId: textOf(workspace?.["workspaceResourceId"]),
    };
  });
}

/** Rules say boolean where answers say bool. */
function typeOf(type: Json | undefined): string {
  const lower = (textOf(type) ?? "").toLowerCase();
  return lower === "boolean" ? "bool" : lower;
}

function namesIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
