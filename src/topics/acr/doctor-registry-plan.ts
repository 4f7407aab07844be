import type { Registry } from "../../azure/registry-ports.ts";
import { nameOf } from "../../resource-id.ts";
import { planAddresses, shortText, type AddressPlan } from "./address-plan.ts";
import { azwiseAcr } from "./az-command.ts";
import { cannotTell, type Finding } from "./doctor-finding.ts";
import type { Examined } from "./doctor-read.ts";
import { untoldHosts } from "./hosts.ts";
import { isPremium, obstacles } from "./obstacles.ts";

/** Data and regional endpoints: off, in the way, or hosts that should be told and are not. */
export function checkSwitches({ registry, replicas }: Examined): Finding[] {
  if (!isPremium(registry)) return [];
  const read = { registry, replicas: "value" in replicas ? [...replicas.value] : [] };
  return [
    ...checkData(registry),
    ...(registry.regionalEndpoints === false ? obstacles(registry, ["regional"]) : []).map(
      ({ text, because }): Finding => ({
        id: "regional-blocked",
        severity: "info",
        title: "regional endpoints cannot be enabled",
        evidence: text,
        because,
      }),
    ),
    ...untoldHosts(read).map((reason) =>
      cannotTell("hosts-untold", "all of its hosts", { reason, because: ["azure-wire/acr-hosts-are-read"] }),
    ),
  ];
}

function checkData(registry: Registry): Finding[] {
  if (registry.dataEndpoints || registry.privateEndpoints.length > 0) return [];
  return [
    {
      id: "no-data-endpoints",
      severity: "warning",
      title: "layers come from storage accounts",
      evidence:
        "dedicated data endpoints are off: firewalls have to open *.blob.core.windows.net, and its names tell no region",
      command: azwiseAcr("data-endpoints enable", registry),
      because: [
        "acr-geo-operations/enable-data-endpoints",
        "acr-geo-operations/data-endpoints-predictable-dns",
        "acr-geo-operations/wildcard-opens-all-storage",
      ],
    },
  ];
}

/** Private endpoints that are not approved, and subnets that lack addresses for the registry as it is. */
export function checkAddresses({ registry, replicas, endpoints }: Examined): Finding[] {
  const unapproved = registry.privateEndpoints
    .filter(({ status }) => status.toLowerCase() !== "approved")
    .map(({ endpointId, status }): Finding => {
      const title = `private endpoint ${nameOf(endpointId)} is not Approved`;
      const evidence = `its connection is ${status}`;
      const because = ["azure-wire/acr-connection-states"];
      return { id: "endpoint-not-approved", severity: "warning", title, evidence, because };
    });
  if (endpoints.length === 0) return unapproved;
  const { regionalEndpoints: regional } = registry;
  const reason = "unknown" in replicas ? replicas.unknown : "whether regional endpoints are on is not told";
  if ("unknown" in replicas || regional === undefined) {
    const unknown = cannotTell("addresses-unknown", "how many addresses its private endpoints need", {
      reason,
    });
    return [...unapproved, unknown];
  }
  const served = { replicas: replicas.value.length, regional };
  return [
    ...unapproved,
    ...judgeAddresses(planAddresses({ before: served, after: served }, endpoints), registry),
  ];
}

function judgeAddresses({ subnets, endpoints }: AddressPlan, registry: Registry): Finding[] {
  const command = azwiseAcr("ip-plan", registry);
  const short = subnets.flatMap((subnet): Finding[] => {
    const evidence = shortText(subnet);
    const title = "a subnet of its private endpoints is too small";
    const because = ["azure-wire/acr-addresses-formula", "acr-geo-operations/full-subnet-rolls-back"];
    if (evidence === undefined) return [];
    return [{ id: "subnet-short", severity: "error", title, evidence, command, because }];
  });
  const fixed = endpoints
    .filter(({ isStatic }) => isStatic === true)
    .map(({ id }): Finding => {
      const title = `private endpoint ${nameOf(id)} has a static address`;
      const evidence = "it stands in the way of new replicas";
      const because = ["azure-wire/acr-static-addresses"];
      return { id: "static-address", severity: "warning", title, evidence, command, because };
    });
  const unknown = endpoints.flatMap(({ id, reason }) =>
    reason === undefined
      ? []
      : [cannotTell("addresses-unknown", `whether ${nameOf(id)} has the addresses it needs`, { reason })],
  );
  return [...short, ...fixed, ...unknown];
}

/** A key of the owner's, and where its vault is. */
export function checkKey({ registry, vault }: Examined): Finding[] {
  const { ownKey, location } = registry;
  if (ownKey === undefined || vault === undefined) return [];
  const found = "value" in vault ? vault.value : undefined;
  const home = found?.location === location ? ", the registry's home region" : "";
  const where = found === undefined ? "" : `, which is in ${found.location}${home}`;
  const key: Finding = {
    id: "own-key",
    severity: "warning",
    title: "encrypted with a key of its owner's",
    evidence: `every replica needs ${hostOf(ownKey)}${where}: when the vault is not available none can encrypt or decrypt; see that it is redundant, too`,
    because: ["acr-geo-operations/customer-managed-key"],
  };
  if (found !== undefined) return [key];
  const reason =
    "unknown" in vault
      ? vault.unknown
      : "no such vault is visible in the given subscriptions; add --subscription";
  const because = ["azure-wire/key-address-names-vault", "azure-wire/graph-silently-absent"];
  return [key, cannotTell("key-region-unknown", "in which region its key vault is", { reason, because })];
}

function hostOf(keyId: string): string {
  return URL.canParse(keyId) ? new URL(keyId).host : keyId;
}

/** Webhooks are told of each push by every replica. */
export function checkWebhooks({ replicas, webhooks }: Examined): Finding[] {
  if ("unknown" in webhooks) {
    return [cannotTell("webhooks-unknown", "whether there are webhooks", { reason: webhooks.unknown })];
  }
  const enabled = webhooks.value.filter((each) => each.enabled);
  const count = "value" in replicas ? replicas.value.length : 0;
  if (enabled.length === 0 || count < 2) return [];
  return [
    {
      id: "webhooks",
      severity: "info",
      title: "each push is told once for each replica",
      evidence: `up to ${count} events, for whoever listens to ${enabled.map(({ name }) => name).join(", ")}: they have to drop what they know`,
      because: ["acr-geo-operations/webhooks-multiply", "acr-geo-operations/webhooks-deduplicate"],
    },
  ];
}
