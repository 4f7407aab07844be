import type { Registry, Replica } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { planAddresses, type AddressPlan } from "./address-plan.ts";
import { azwiseAcr } from "./az-command.ts";
import { hostIn } from "./hosts.ts";
import {
  lastOne,
  requireAddresses,
  requireGrants,
  requireNew,
  requireReady,
  requireReplica,
  requireTold,
  warnOfAddresses,
  type ChangeState,
} from "./plan-checks.ts";
import { isCreating, isInRouting, isPublicCanary, isRoutable, mostReliedOn, regionList } from "./replicas.ts";
import {
  absent,
  API,
  AT_REGISTRY,
  here,
  pathOf,
  ROUTED,
  seenRegistry,
  seenReplica,
  STATE,
  stays,
} from "./registry-steps.ts";
import { warnOfCanary, warnOfLoad } from "./routing-warnings.ts";

export interface ReplicaPlan {
  registry: Registry;
  /** As they are before. */
  replicas: readonly Replica[];
  way: "add" | "remove";
  region: string;
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
}

export interface AddWish {
  region: string;
  zoneRedundant: boolean;
  outOfRouting: boolean;
  /** Go on where it cannot be told whether there are enough addresses. */
  acceptRisk: boolean;
}

/** One replica more. Throws AppError for what must not be. */
export function planAdd(state: ChangeState, wish: AddWish): ReplicaPlan {
  const { registry, replicas } = state;
  const { region, acceptRisk } = wish;
  requireReady(state, "replicas");
  requireNew(region, registry, replicas);
  const warnings = requireGrants(state.grants);
  const addresses = addressesFor(state);
  const unknown = requireAddresses(registry, addresses, { acceptRisk, ipPlan: ["--add", region] });
  return {
    registry,
    replicas,
    way: "add",
    region,
    steps: [addStep(registry, wish)],
    warnings: [
      ...warnings,
      ...unknown,
      ...warnOfAddresses(registry, addresses),
      ...warnOfNew(registry, wish),
    ],
    refusals: [],
  };
}

/** What a further replica takes of the subnets of its private endpoints. */
export function addressesFor({
  registry,
  replicas,
  privateEndpoints,
}: Pick<ChangeState, "registry" | "replicas" | "privateEndpoints">): AddressPlan {
  const regional = privateEndpoints.length > 0 && requireTold(registry);
  const before = { replicas: replicas.length, regional };
  return planAddresses({ before, after: { replicas: replicas.length + 1, regional } }, privateEndpoints);
}

function addStep(registry: Registry, { region, zoneRedundant, outOfRouting }: AddWish): Step {
  const path = pathOf(registry, { id: undefined, region });
  const properties = {
    ...(zoneRedundant ? { zoneRedundancy: "Enabled" } : {}),
    ...(outOfRouting ? { regionEndpointEnabled: false } : {}),
  };
  return {
    ...AT_REGISTRY,
    id: `add ${region}`,
    title: `Add a replica in ${region}${outOfRouting ? ", out of global routing" : ""}`,
    kind: "create",
    resource: path,
    saw: [absent(path), seenRegistry(registry)],
    request: { method: "PUT", path, apiVersion: API, body: { location: region, properties } },
    expect: here(path, {
      [STATE]: "Succeeded",
      [ROUTED]: !outOfRouting,
      ...(zoneRedundant ? { "properties.zoneRedundancy": "Enabled" } : {}),
    }),
    because: [
      "acr-geo-operations/premium-only",
      "azure-wire/acr-replication-write",
      ...(zoneRedundant ? ["azure-wire/acr-zones-at-creation"] : []),
    ],
  };
}

function warnOfNew(registry: Registry, { region, outOfRouting }: AddWish): Finding[] {
  const back = azwiseAcr("route in", registry, ["--region", region]);
  const routing = outOfRouting
    ? {
        text: `it stays out of global routing until: ${back}`,
        because: ["acr-geo-operations/route-out-stops-global", "acr-geo-operations/route-out-keeps-syncing"],
      }
    : {
        text: "whether clients of the global endpoint are sent there before it is filled is not told; --out-of-routing keeps them away",
        because: ["acr-geo-operations/pull-outruns-replication", "acr-geo-operations/sync-is-eventual"],
      };
  return [
    {
      subject: region,
      text: "copying what is in the registry takes the longer the more there is: days for 2.2 TB, and nothing showed its progress",
      because: ["acr-geo-operations/seeding-time", "azure-wire/acr-replication-days"],
    },
    { subject: region, ...routing },
    {
      subject: region,
      text: "its storage is billed like that of every replica",
      because: ["acr-geo-operations/storage-billed-per-replica"],
    },
    ...(isPublicCanary(region) && !outOfRouting ? [warnOfCanary(region)] : []),
  ];
}

interface RemoveWish {
  region: string;
  /** Leave regional endpoints on, though the host of this replica goes away. */
  keepRegional: boolean;
}

/** One replica less. Throws AppError for what must not be. */
export function planRemove(state: ChangeState, { region, keepRegional }: RemoveWish): ReplicaPlan {
  const { registry, replicas } = state;
  requireReady(state, "replicas", region);
  const replica = requireRemovable(region, { registry, replicas });
  requireNoHost(registry, region, keepRegional);
  const left = mostReliedOn(replicas.filter((each) => each !== replica && isRoutable(each)));
  if (left.length === 0 && mayHaveClients(replica)) throw lastOne(state, [region]);
  const warnings = requireGrants(state.grants);
  return {
    registry,
    replicas,
    way: "remove",
    region,
    steps: [removeStep(registry, replica, left[0])],
    warnings: [...warnings, ...warnOfLess({ registry, replicas }, { replica, left })],
    refusals: [],
  };
}

interface State {
  registry: Registry;
  replicas: readonly Replica[];
}

function requireRemovable(region: string, { registry, replicas }: State): Replica {
  const replica = requireReplica(region, registry, replicas);
  if (!replica.isHome) return replica;
  throw new AppError("usage", `${region} is the home region of ${registry.name}, which is never removed`, {
    hint: "another home region means another registry",
    because: ["acr-geo-operations/home-region-fixed"],
  });
}

/** A replica that is still being created has no host yet. */
function requireNoHost(registry: Registry, region: string, keepRegional: boolean): void {
  const host = hostIn(region, registry.regionalHosts);
  if (host === undefined || keepRegional) return;
  throw new AppError("usage", `regional endpoints of ${registry.name} are on, and ${host} would go away`, {
    hint: `disable them first: ${azwiseAcr("regional disable", registry)}; --keep-regional leaves them on for the others`,
    because: ["acr-geo-operations/clean-up-order"],
  });
}

/** Failed tells how the last change ended, not that nobody is served there. */
function mayHaveClients(replica: Replica): boolean {
  return !isCreating(replica) && isInRouting(replica) !== false;
}

function removeStep(registry: Registry, replica: Replica, staying: Replica | undefined): Step {
  const path = pathOf(registry, replica);
  return {
    ...AT_REGISTRY,
    id: `remove ${replica.region}`,
    title: `Remove the replica in ${replica.region}`,
    kind: "delete",
    impact: hostIn(replica.region, registry.regionalHosts) === undefined ? "none" : "disconnect",
    resource: path,
    saw: [seenReplica(registry, replica), seenRegistry(registry)],
    request: { method: "DELETE", path, apiVersion: API },
    expect: absent(path),
    // Where nobody else stays, it may go only as it was planned: out of routing, or stuck.
    needs: staying ? stays(registry, staying) : seenReplica(registry, replica),
    because: ["acr-geo-operations/clean-up-order", "azure-wire/acr-replication-delete"],
  };
}

function warnOfLess(
  { registry, replicas }: State,
  { replica, left }: { replica: Replica; left: readonly Replica[] },
): Finding[] {
  const { region } = replica;
  const out = replicas.filter((each) => each !== replica && isInRouting(each) === false);
  const again: Finding = {
    subject: region,
    text: `adding it again begins with an empty replica, and needs ${registry.location} to be up`,
    because: ["acr-geo-operations/seeding-time", "acr-geo-operations/home-outage-control-plane"],
  };
  if (isCreating(replica)) return [stuckFinding(registry, region), again];
  const host = hostIn(region, registry.regionalHosts);
  return [
    ...(isInRouting(replica) === false
      ? []
      : warnOfLoad(
          registry,
          left.map((each) => each.region),
        )),
    ...(host === undefined ? [] : [pinnedFinding(region, host)]),
    ...(out.length === 0 ? [] : [outFinding(registry, out)]),
    {
      subject: region,
      text: "whether all that was pushed there has been copied to the others cannot be told",
      because: ["acr-geo-operations/sync-is-eventual"],
    },
    again,
  ];
}

function stuckFinding({ privateEndpoints }: Registry, region: string): Finding {
  const because = ["acr-geo-operations/stuck-in-creating", "acr-geo-operations/stuck-remedy"];
  const why = privateEndpoints.length > 0 ? "one that is stuck is removed by hand" : "it may just take long";
  const text = `it is still Creating: ${why}`;
  return { subject: region, text, because };
}

function pinnedFinding(region: string, host: string): Finding {
  const because = ["azure-wire/acr-regional-hosts", "acr-geo-operations/clean-up-order"];
  return { subject: region, text: `clients pinned to ${host} lose that host`, because };
}

function outFinding({ name }: Registry, out: readonly Replica[]): Finding {
  return {
    subject: name,
    text: `out of global routing, and to be put back before one is removed: ${regionList(out)}`,
    because: ["acr-geo-operations/clean-up-order"],
  };
}
