import type { Registry } from "../../azure/registry-ports.ts";
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
