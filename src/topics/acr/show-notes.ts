import type { Registry, Replica } from "../../azure/registry-ports.ts";
import type { Note } from "../../output/view.ts";
import { nameOf } from "../../resource-id.ts";
import { azwiseAcr } from "./az-command.ts";
import { isPremium } from "./obstacles.ts";
import { canServe, hoursStuck, isCreating, isInRouting, regionList } from "./replicas.ts";
import type { ShowResult } from "./show.ts";

export function showNotes(result: ShowResult): Note[] {
  return [
    ...result.replicas.flatMap((replica) => stuckNotes(replica, result)),
    ...routingNotes(result),
    ...homeNotes(result),
    ...endpointNotes(result),
    ...layerNotes(result),
    ...keyNotes(result),
    ...skuNotes(result),
    ...unknownNotes(result),
  ];
}

function stuckNotes(replica: Replica, { registry, nowMs }: ShowResult): Note[] {
  const hours = hoursStuck(replica, nowMs);
  if (hours === undefined) return [];
  const { region } = replica;
  return [
    stuckRemedy(
      `${region} has been Creating for ${hours} h without a status and may be stuck`,
      region,
      registry,
    ),
  ];
}

/** What the article says of a replica that stays in Creating; `stuck` is the sentence that it begins with. */
export function stuckRemedy(stuck: string, region: string, registry: Registry): Note {
  if (registry.privateEndpoints.length === 0) {
    const text = `${stuck}; without a private endpoint no cause is known, and a large registry takes long to copy`;
    return { level: "warning", text, because: ["acr-geo-operations/seeding-time"] };
  }
  const remove = azwiseAcr("replica remove", registry, ["--region", region]);
  return {
    level: "warning",
    text:
      `${stuck}: remove it (${remove}), see that whoever creates it may do ` +
      "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write and that the subnet of every private " +
      "endpoint has free addresses, then create it again",
    because: [
      "acr-geo-operations/stuck-in-creating",
      "acr-geo-operations/stuck-remedy",
      "acr-geo-operations/stuck-permission",
      "acr-geo-operations/full-subnet-rolls-back",
    ],
  };
}

function routingNotes({ replicas }: ShowResult): Note[] {
  const out = replicas.filter((each) => isInRouting(each) === false);
  const serving = replicas.filter((each) => canServe(each) === true);
  const notes: Note[] = [];
  if (out.length > 0) {
    notes.push({
      level: "warning",
      text: `out of global routing: ${regionList(out)}; what is out still syncs, is billed, and answers on its regional host, if there is one`,
      because: [
        "acr-geo-operations/route-out-stops-global",
        "acr-geo-operations/route-out-still-costs",
        "acr-geo-operations/route-out-regional-answers",
      ],
    });
  }
  const isUntold = replicas.some((each) => canServe(each) === undefined);
  if (replicas.length > 1 && serving.length < 2 && !isUntold) {
    const text = `${serving.length === 0 ? "no replica" : `only ${regionList(serving)}`} can serve the global endpoint`;
    notes.push({ level: "warning", text, because: ["acr-geo-operations/fewer-replicas-more-load"] });
  }
  if (serving.length === 2 && !isUntold) {
    const text = "with two regions all the load of one falls on the limits of the other when it fails";
    notes.push({ level: "info", text, because: ["acr-geo-operations/two-regions-throttle"] });
  }
  return notes;
}

export function homeNotes({ replicas }: { replicas: readonly Replica[] }): Note[] {
  return replicas
    .filter(({ isHome, id }) => isHome && id === undefined)
    .map(({ region }) => ({
      level: "info",
      text: `the service does not show the home region ${region} as a replication: its state is not told, and it counts as in routing`,
      because: ["azure-wire/acr-home-may-be-unlisted"],
    }));
}

function endpointNotes({ registry }: ShowResult): Note[] {
  return registry.privateEndpoints
    .filter(({ status }) => status.toLowerCase() !== "approved")
    .map(({ endpointId, status }) => ({
      level: "warning",
      text: `private endpoint ${nameOf(endpointId)} is ${status}, not Approved`,
      because: ["azure-wire/acr-connection-states"],
    }));
}

function layerNotes({ registry }: ShowResult): Note[] {
  if (registry.dataEndpoints || registry.privateEndpoints.length > 0) return [];
  const text = "layers come from *.blob.core.windows.net; a firewall rule for it opens every storage account";
  const because = [
    "acr-geo-operations/layers-from-blob-storage",
    "acr-geo-operations/wildcard-opens-all-storage",
  ];
  return [{ level: "info", text, because }];
}

function keyNotes({ registry }: ShowResult): Note[] {
  if (registry.ownKey === undefined) return [];
  const text = "encrypted with a key of its owner: the registry serves only while that key vault does";
  return [{ level: "info", text, because: ["acr-geo-operations/customer-managed-key"] }];
}

function skuNotes({ registry }: ShowResult): Note[] {
  if (isPremium(registry)) return [];
  return [
    {
      level: "info",
      text: `${registry.sku}: replicas, regional and data endpoints need Premium`,
      because: ["acr-geo-operations/premium-only", "acr-regional-endpoints/premium-public-cloud"],
    },
  ];
}

function unknownNotes({ usages, webhooks, replicas }: ShowResult): Note[] {
  const notes: Note[] = [];
  if ("unknown" in usages) notes.push({ level: "warning", text: `storage is unknown: ${usages.unknown}` });
  else if (!usages.value.some(({ name }) => name === "Size"))
    notes.push({ level: "warning", text: "storage is unknown: the list of usages has no Size" });
  if ("unknown" in webhooks)
    notes.push({ level: "warning", text: `webhooks are unknown: ${webhooks.unknown}` });
  const creating = replicas.filter(isCreating);
  if (creating.length > 0) {
    const text = `still being created, so not counted in what is billed: ${regionList(creating)}`;
    notes.push({ level: "info", text, because: ["acr-geo-operations/storage-billed-per-replica"] });
  }
  return notes;
}
