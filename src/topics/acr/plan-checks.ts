import type { Known } from "../../azure/known.ts";
import { judgeAction } from "../../azure/permissions.ts";
import type { Permission } from "../../azure/ports.ts";
import type { Registry, Replica } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding } from "../../plan/finding.ts";
import { nameOf } from "../../resource-id.ts";
import {
  shortText,
  STATIC_TEXT,
  type AddressPlan,
  type ConnectedEndpoint,
  type EndpointPlan,
} from "./address-plan.ts";
import { azwiseAcr } from "./az-command.ts";
import { requirePremium } from "./obstacles.ts";
import { isCreating, isInBetween, isInRouting, regionList } from "./replicas.ts";

/** An action that a change needs, and what the caller may do at its scope. */
export interface Grant {
  scope: string;
  action: string;
  permissions: Known<Permission[]>;
}

/** Everything that is read before a registry is changed. */
export interface ChangeState {
  registry: Registry;
  /** The home region first. */
  replicas: readonly Replica[];
  grants: readonly Grant[];
  /** Only where the change takes addresses. */
  privateEndpoints: readonly ConnectedEndpoint[];
}

/** Throws AppError for a registry that has none of this, or is being changed; `but` is the region that may be. */
export function requireReady(
  { registry, replicas }: Pick<ChangeState, "registry" | "replicas">,
  what: string,
  but?: string,
): void {
  requirePremium(registry, what);
  if (registry.provisioningState !== "Succeeded") throw notReady(`registry ${registry.name}`, registry);
  const busy = replicas.find((each) => each.region !== but && isInBetween(each));
  if (!busy) return;
  const remedy = azwiseAcr("replica remove", registry, ["--region", busy.region]);
  const stuck = isCreating(busy) ? `; one that is stuck is removed by: ${remedy}` : "";
  throw notReady(`the replica in ${busy.region}`, busy, stuck);
}

function notReady(what: string, { provisioningState }: { provisioningState: string }, more = ""): AppError {
  return new AppError("changes", `${what} is ${provisioningState || "in no state that is told"}`, {
    hint: `try again when it has settled${more}`,
    because: ["azure-wire/acr-provisioning-states", "azure-wire/acr-status-conflict"],
  });
}

/** Throws AppError "usage" where the region has a replica. */
export function requireNew(region: string, { name }: Registry, replicas: readonly Replica[]): void {
  const there = replicas.find((each) => each.region === region);
  if (!there) return;
  const home = there.isHome ? ": it is the home region" : "";
  throw new AppError("usage", `${region} has a replica of ${name} already${home}`, {
    hint: `replicas are in: ${regionList(replicas)}`,
    because: there.isHome ? ["azure-wire/acr-replica-not-at-home"] : [],
  });
}

/** The replica in a region. Throws AppError "usage" where there is none. */
export function requireReplica(region: string, { name }: Registry, replicas: readonly Replica[]): Replica {
  const there = replicas.find((each) => each.region === region);
  if (there) return there;
  throw new AppError("usage", `registry ${name} has no replica in ${region}`, {
    hint: `it has replicas in: ${regionList(replicas)}`,
  });
}

/** Refuses to take away all of these, as nobody would be left to rely on. */
export function lastOne(
  { registry, replicas }: Pick<ChangeState, "registry" | "replicas">,
  regions: readonly string[],
): AppError {
  const which = regions.join(", ");
  const what = `no replica of ${registry.name} beside ${which} is known to be ready and in global routing`;
  const others = replicas.filter(({ region }) => !regions.includes(region));
  return new AppError("usage", what, {
    hint: otherFirst(registry, others),
    because: ["acr-geo-operations/route-out-stops-global"],
  });
}

/** What has to be done before the last replica in routing may leave. */
function otherFirst(registry: Registry, others: readonly Replica[]): string {
  const ready = others.find((each) => isInRouting(each) === false && each.provisioningState === "Succeeded");
  if (!ready) return `another one has to be ready first; see ${azwiseAcr("show", registry)}`;
  return `put another one in first: ${azwiseAcr("route in", registry, ["--region", ready.region])}`;
}

/** Whether regional endpoints are on. Throws AppError "partial" when the service does not say. */
export function requireTold({ name, regionalEndpoints }: Registry): boolean {
  if (regionalEndpoints !== undefined) return regionalEndpoints;
  throw new AppError("partial", `cannot tell whether regional endpoints of ${name} are enabled`, {
    hint: "the service does not say; azwise acr ip-plan --replicas N [--regional] counts from numbers",
  });
}

const ROLES = ["azure-wire/permissions-read", "azure-wire/permissions-are-roles"];

/** Warns of what cannot be told. Throws AppError "auth" for an action that no role grants. */
export function requireGrants(grants: readonly Grant[]): Finding[] {
  return grants.flatMap(({ scope, action, permissions }) => {
    const { answer, detail } = judgeAction(action, permissions);
    const subject = nameOf(scope);
    const because = /privateLinkServiceProxies/.test(action)
      ? ["acr-geo-operations/stuck-permission", ...ROLES]
      : ROLES;
    if (answer === "yes") return [];
    if (answer === "cannot tell") {
      return [{ subject, text: `cannot tell whether you may do ${action}: ${detail}`, because }];
    }
    throw new AppError("auth", `you may not do ${action} at ${subject}`, {
      hint: `ask for a role that grants it at ${scope}`,
      because,
    });
  });
}

interface AddressWish {
  acceptRisk: boolean;
  /** What to give `azwise acr ip-plan` to see the same. */
  ipPlan: readonly string[];
}

/** Warns of what is not known where that is accepted. Throws AppError for a subnet that is known not to do. */
export function requireAddresses(
  registry: Registry,
  plan: AddressPlan,
  { acceptRisk, ipPlan }: AddressWish,
): Finding[] {
  const look = azwiseAcr("ip-plan", registry, ipPlan);
  const [short, ...others] = plan.subnets.flatMap((each) => shortText(each) ?? []);
  if (short !== undefined) {
    throw new AppError("usage", [short, ...others].join("; "), {
      hint: `free addresses there, or give its private endpoints a larger subnet; ${look} shows all`,
      because: SHORT,
    });
  }
  const fixed = plan.endpoints.find(({ isStatic }) => isStatic);
  if (fixed) {
    throw new AppError("usage", `private endpoint ${nameOf(fixed.id)}: ${STATIC_TEXT}`, {
      hint: `put one with dynamic addresses in its place; ${look} shows all`,
      because: ["azure-wire/acr-static-addresses"],
    });
  }
  const unknown = plan.endpoints.filter(({ verdict }) => verdict === "cannot tell");
  const [first] = unknown;
  if (!first) return [];
  if (acceptRisk) return unknown.map(unknownFinding);
  const { subject, text, because } = unknownFinding(first);
  throw new AppError("partial", `${subject}: ${text}`, {
    hint: `${look} shows all; --accept-risk goes on without knowing`,
    because,
  });
}

const SHORT = ["acr-geo-operations/full-subnet-rolls-back", "acr-geo-operations/full-subnet-unnamed"];

function unknownFinding({ id, reason }: EndpointPlan): Finding {
  return {
    subject: nameOf(id),
    text: `cannot tell whether its subnet has the addresses: ${reason ?? "nothing is known of it"}`,
    because: ["acr-geo-operations/full-subnet-rolls-back", "acr-geo-operations/addresses-in-use"],
  };
}

/** What a change takes of each private endpoint's subnet. */
export function warnOfAddresses({ name }: Registry, { before, after, endpoints }: AddressPlan): Finding[] {
  if (endpoints.length === 0) return [];
  const text = `private endpoints: ${endpoints.length}, each of which then needs ${after.total} addresses and not ${before.total}`;
  return [{ subject: name, text, because: ["azure-wire/acr-addresses-formula"] }];
}
