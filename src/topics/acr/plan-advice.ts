import type { Registry } from "../../azure/registry-ports.ts";
import { azAcr, azwiseAcr } from "./az-command.ts";
import { cloudObstacle, isPremium, obstacles, type Obstacle } from "./obstacles.ts";
import type { RegistryRead } from "./read.ts";
import { fewServe, isCreating, isInRouting, servingOf } from "./replicas.ts";
import { LIMITS, whyOf, type Limit, type Need, type Tool } from "./tools.ts";

const TOOLS: Record<Need, readonly Tool[]> = {
  affinity: ["regional endpoints"],
  routing: ["regional endpoints", "replica in or out of routing"],
  consistency: ["regional endpoints"],
  troubleshooting: ["regional endpoints", "replica in or out of routing"],
  failover: ["health-aware failover", "regional endpoints"],
  capacity: ["regional endpoints"],
  none: ["health-aware failover"],
};

interface AdvisedStep {
  tool: Tool;
  text: string;
  /** Undefined where the owner has to choose something first. */
  command: string | undefined;
  because: string[];
}

export interface Advice {
  tools: { tool: Tool; why: string; because: string[] }[];
  limits: Limit[];
  obstacles: Obstacle[];
  steps: AdvisedStep[];
}

export interface Asked extends RegistryRead {
  need: Need;
  /** Name of the cloud. */
  cloud: string;
}

/** Which tools serve a need at this registry, what they do not do, what is in the way, and what to type. */
export function planAdvice(asked: Asked): Advice {
  const tools = TOOLS[asked.need];
  return {
    tools: tools.map((tool) => ({ tool, ...whyOf(asked.need, tool) })),
    limits: tools.flatMap((tool) => LIMITS[tool]),
    obstacles: obstaclesTo(asked, tools),
    steps: [...premiumSteps(asked), ...tools.flatMap((tool) => STEPS[tool](asked))],
  };
}

function obstaclesTo({ registry, replicas, cloud }: Asked, tools: readonly Tool[]): Obstacle[] {
  const found: Obstacle[] = [];
  const isRegional = tools.includes("regional endpoints") && registry.regionalEndpoints !== true;
  if (isRegional) found.push(...obstacles(registry, ["regional"]));
  else if (!isPremium(registry)) {
    const text = `the SKU is ${registry.sku || "not told"}, and replicas need Premium`;
    found.push({ text, because: ["acr-geo-operations/premium-only"] });
  }
  const unknownThere = isRegional ? cloudObstacle(cloud) : undefined;
  if (unknownThere) found.push(unknownThere);
  if (isRegional && registry.privateEndpoints.length > 0) {
    const text = `each of ${registry.privateEndpoints.length} private endpoints needs ${replicas.length} more addresses; whether its subnet has them was not looked at`;
    found.push({ text, because: ["azure-wire/acr-regional-addresses"] });
  }
  return [...found, ...replicaObstacles({ registry, replicas })];
}

function replicaObstacles({ replicas }: RegistryRead): Obstacle[] {
  if (replicas.length === 1) {
    const text = "there is one replica only: nothing to choose between and nowhere to fail over to";
    return [{ text, because: ["acr-geo-operations/regional-with-one-replica"] }];
  }
  const { serving, isUntold } = servingOf(replicas);
  if (serving.length > 1 || isUntold) return [];
  const text = `${fewServe(serving)}, so there is nowhere to fail over to`;
  return [{ text, because: ["acr-geo-operations/fewer-replicas-more-load"] }];
}

function premiumSteps({ registry, need }: Asked): AdvisedStep[] {
  const [tool] = TOOLS[need];
  if (isPremium(registry) || need === "none" || !tool) return [];
  const command = azAcr(registry, ["update", "--sku", "Premium"]);
  return [{ tool, text: "change the SKU", command, because: ["acr-geo-operations/premium-only"] }];
}

const STEPS: Record<Tool, (asked: Asked) => AdvisedStep[]> = {
  "regional endpoints": (asked) => [
    ...enableSteps(asked.registry),
    ...layerSteps(asked.registry),
    ...useSteps(asked),
  ],
  "replica in or out of routing": routeSteps,
  "health-aware failover": failoverSteps,
};

function enableSteps(registry: Registry): AdvisedStep[] {
  if (registry.regionalEndpoints === true) return [];
  const tool = "regional endpoints";
  const after = registry.dataEndpoints ? "regional" : "regional,data";
  return [
    {
      tool,
      text: "open firewalls for the hosts to come",
      command: azwiseAcr("endpoints", registry, ["--firewall", "--after", after]),
      because: ["acr-geo-operations/firewall-registry-hosts"],
    },
    {
      tool,
      text: "enable them",
      command: azwiseAcr("regional enable", registry),
      because: ["acr-geo-operations/regional-for-every-replica"],
    },
  ];
}

function layerSteps(registry: Registry): AdvisedStep[] {
  if (registry.dataEndpoints) return [];
  return [
    {
      tool: "regional endpoints",
      text: "let layers come from hosts of this registry, too",
      command: azwiseAcr("data-endpoints enable", registry),
      because: ["acr-geo-operations/enable-data-endpoints", "azure-wire/acr-regional-content-trust"],
    },
  ];
}

const USES: Record<Need, { text: string; because: string[] }> = {
  affinity: {
    text: "name the host of each cluster's region in its manifests",
    because: ["acr-geo-operations/manifests-pin-clusters", "azure-wire/acr-aks-regional-pull"],
  },
  routing: {
    text: "use the host of the region that has to serve",
    because: ["acr-geo-operations/regional-for-predictable-routing"],
  },
  consistency: {
    text: "push and pull through the same host",
    because: ["acr-geo-operations/pin-pushes"],
  },
  troubleshooting: {
    text: "repeat what failed at the host of the replica in question",
    because: ["acr-geo-operations/regional-for-troubleshooting"],
  },
  failover: {
    text: "let clients change to the host of another region by checks of their own",
    because: ["acr-geo-operations/regional-for-client-failover"],
  },
  capacity: {
    text: "give different workloads different hosts",
    because: ["acr-regional-endpoints/spread-for-capacity", "acr-geo-operations/pinning-concentrates"],
  },
  none: { text: "", because: [] },
};

function useSteps({ registry, replicas, need }: Asked): AdvisedStep[] {
  const tool = "regional endpoints";
  const logins = replicas
    .filter((each) => !isCreating(each))
    .map(({ region }) => ({
      tool: tool as Tool,
      text: `sign in to ${region}, wherever it is used`,
      command: azwiseAcr("login", registry, ["--region", region]),
      because: ["acr-regional-endpoints/login-to-one", "acr-geo-operations/sign-in-per-endpoint"],
    }));
  return [{ tool, command: azwiseAcr("endpoints", registry), ...USES[need] }, ...logins];
}

/** One step, as its alternatives are not to be done one after the other. */
function routeSteps({ registry, replicas }: Asked): AdvisedStep[] {
  const { serving } = servingOf(replicas);
  const ways = replicas
    .filter((each) => each.id !== undefined && !each.isHome && !isCreating(each))
    .map((each) => ({ region: each.region, isOut: isInRouting(each) === false }))
    // Taking the last one out would leave the global endpoint with nobody.
    .filter(({ region, isOut }) => isOut || serving.some((other) => other.region !== region));
  const [first, ...others] = ways;
  if (!first) return [];
  const texts = ways.map(({ region, isOut }) => (isOut ? `put ${region} back` : `take ${region} out`));
  return [
    {
      tool: "replica in or out of routing",
      text:
        others.length === 0 ? texts.join("") : `either ${texts.join(", or ")}: the command is for the first`,
      command: azwiseAcr(`route ${first.isOut ? "in" : "out"}`, registry, ["--region", first.region]),
      because: ["acr-regional-endpoints/routing-flag", "acr-geo-operations/route-out-when"],
    },
  ];
}

function failoverSteps({ registry, replicas, need }: Asked): AdvisedStep[] {
  const tool = "health-aware failover";
  if (replicas.length === 1 && need !== "none") {
    const text = "add a replica in a region of your choice: azwise acr replica --help";
    return [{ tool, text, command: undefined, because: ["acr-geo-operations/premium-only"] }];
  }
  return [
    {
      tool,
      text: "nothing to enable; look at which replicas can serve",
      command: azwiseAcr("show", registry),
      because: ["acr-geo-operations/global-needs-nothing"],
    },
  ];
}
