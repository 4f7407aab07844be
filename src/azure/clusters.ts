import type { Json, JsonObject } from "../json.ts";
import { parseResourceId } from "../resource-id.ts";
import { asObject, objectsIn } from "./arm.ts";
import type { Cluster, ClusterPort } from "./graph-ports.ts";
import type { GraphPort } from "./ports.ts";

/** A row for each cluster, with its pools as they are in its properties; paging needs the id. */
const QUERY = `resources
| where type =~ 'microsoft.containerservice/managedclusters'
| project id, name, pools=properties.agentPoolProfiles
| order by id asc`;

/** AKS clusters by Resource Graph: all subscriptions in one request. */
export function createClusters(graph: GraphPort): ClusterPort {
  return {
    async list(subscriptionIds) {
      const clusters: Cluster[] = [];
      let truncated = false;
      for await (const page of graph.query(QUERY, subscriptionIds)) {
        clusters.push(...page.rows.map(toCluster));
        truncated ||= page.truncated;
      }
      return { clusters, truncated };
    },
  };
}

function toCluster(row: JsonObject): Cluster {
  const id = text(row["id"]);
  const { subscriptionId = "", resourceGroup = "" } = parseResourceId(id) ?? {};
  const pools = objectsIn(row["pools"]).map(asObject);
  return {
    id,
    name: text(row["name"]),
    subscriptionId,
    resourceGroup,
    pools: pools.map(({ name, nodeImageVersion }) => ({
      name: text(name),
      image: text(nodeImageVersion) || undefined,
    })),
  };
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
