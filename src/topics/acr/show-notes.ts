import type { Replica } from "../../azure/registry-ports.ts";
import type { Note } from "../../output/view.ts";
import { nameOf } from "../../resource-id.ts";
import { isPremium } from "./obstacles.ts";
import { homeNotes, stuckRemedy } from "./replica-notes.ts";
import { fewServe, hoursStuck, isCreating, isInRouting, regionList, servingOf } from "./replicas.ts";
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

function routingNotes({ replicas }: ShowResult): Note[] {
  const out = replicas.filter((each) => isInRouting(each) === false);
  const { serving, isUntold } = servingOf(replicas);
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
  if (replicas.length > 1 && serving.length < 2 && !isUntold) {
    const text = fewServe(serving);
    notes.push({ level: "warning", text, because: ["acr-geo-operations/fewer-replicas-more-load"] });
  }
  if (serving.length === 2 && !isUntold) {
    const text = "with two regions all the load of one falls on the limits of the other when it fails";
    notes.push({ level: "info", text, because: ["acr-geo-operations/two-regions-throttle"] });
  }
  return notes;
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
