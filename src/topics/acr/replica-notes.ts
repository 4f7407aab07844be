import type { Registry, Replica } from "../../azure/registry-ports.ts";
import type { Note } from "../../output/view.ts";
import { azwiseAcr } from "./az-command.ts";

/**
 * What the article says of a replica that stays in Creating; `stuck` is the sentence that it begins with. The command
 * is in it where a region is given.
 */
export function stuckRemedy(stuck: string, region: string | undefined, registry: Registry): Note {
  if (registry.privateEndpoints.length === 0) {
    const text = `${stuck}; without a private endpoint no cause is known, and a large registry takes long to copy`;
    return { level: "warning", text, because: ["acr-geo-operations/seeding-time"] };
  }
  const remove =
    region === undefined ? "" : ` (${azwiseAcr("replica remove", registry, ["--region", region])})`;
  return {
    level: "warning",
    text:
      `${stuck}: remove it${remove}, see that whoever creates it may do ` +
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

/** That nobody tells the state of a home region that is no replication. */
export function homeNotes({ replicas }: { replicas: readonly Replica[] }): Note[] {
  return replicas
    .filter(({ isHome, id }) => isHome && id === undefined)
    .map(({ region }) => ({
      level: "info",
      text: `the service does not show the home region ${region} as a replication: its state is not told, and it counts as in routing`,
      because: ["azure-wire/acr-home-may-be-unlisted"],
    }));
}
