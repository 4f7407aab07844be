import type { Registry } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import { azAcr, azwiseAcr } from "./az-command.ts";
import type { Switch } from "./hosts.ts";

export interface Obstacle {
  text: string;
  because: string[];
}

/** What stands in the way of enabling these for this registry; addresses of private endpoints are not counted here. */
export function obstacles(registry: Registry, wanted: readonly Switch[]): Obstacle[] {
  const found: Obstacle[] = [];
  if (wanted.length > 0 && !isPremium(registry)) {
    const because = [
      ...(wanted.includes("regional") ? ["acr-regional-endpoints/premium-public-cloud"] : []),
      ...(wanted.includes("data") ? ["acr-geo-operations/data-endpoints-narrow-firewall"] : []),
    ];
    found.push({
      text: `the SKU is ${registry.sku || "not told"}, and ${wanted.join(" and ")} endpoints need Premium`,
      because,
    });
  }
  if (wanted.includes("regional") && registry.contentTrust) {
    const text = "content trust is on, and az refuses to enable regional endpoints with it";
    found.push({ text, because: ["azure-wire/acr-regional-content-trust"] });
  }
  return found;
}

export function isPremium({ sku }: Registry): boolean {
  return sku.toLowerCase() === "premium";
}

/** Throws AppError "usage" for a registry that cannot have `what`, such as "replicas". */
export function requirePremium(registry: Registry, what: string): void {
  if (isPremium(registry)) return;
  const { name, sku } = registry;
  throw new AppError("usage", `registry ${name} is ${sku || "of no known SKU"}: ${what} need Premium`, {
    hint: `${azAcr(registry, ["update", "--sku", "Premium"])} makes it one, at another price`,
    because: ["acr-geo-operations/premium-only", "azure-wire/acr-not-premium-refusal"],
  });
}

/** Regional endpoints of a cloud of which it is not known that it has them; undefined where it has. */
export function cloudObstacle(cloud: string): Obstacle | undefined {
  if (cloud === "public" || cloud === "sandbox") return undefined;
  const text = `regional endpoints are only known of in the public cloud, and this is ${cloud}`;
  return { text, because: ["acr-regional-endpoints/premium-public-cloud"] };
}

/** Why a registry that lists no regional host has none, and what helps; `orElse` is another way out. */
export function withoutHosts(registry: Registry, orElse?: string): AppError {
  const { why, hint, because } = reasonOf(registry);
  const ways = orElse === undefined ? hint : `${hint}, or ${orElse}`;
  return new AppError("usage", `registry ${registry.name} ${why}`, { hint: ways, because: [because] });
}

function reasonOf(registry: Registry): { why: string; hint: string; because: string } {
  const { sku, regionalEndpoints } = registry;
  if (!isPremium(registry)) {
    return {
      why: `has no regional hosts: its SKU is ${sku || "not told"}`,
      hint: `regional endpoints need Premium; see ${azwiseAcr("advise", registry, ["--need", "affinity"])}`,
      because: "acr-regional-endpoints/premium-public-cloud",
    };
  }
  const flag = "acr-regional-endpoints/registry-wide-flag";
  if (regionalEndpoints === false) {
    return {
      why: "has no regional hosts: regional endpoints are off",
      hint: `enable them with: ${azwiseAcr("regional enable", registry)}`,
      because: flag,
    };
  }
  const told = regionalEndpoints
    ? "regional endpoints are on"
    : "whether regional endpoints are on is not told";
  const hint = `look again in a while: ${azwiseAcr("endpoints", registry)}`;
  return { why: `tells no regional hosts: ${told}`, hint, because: flag };
}
