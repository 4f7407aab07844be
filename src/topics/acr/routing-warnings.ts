import type { Registry } from "../../azure/registry-ports.ts";
import type { Finding } from "../../plan/plan.ts";

/** What it means for those that are left in routing when another one is not any more. */
export function warnOfLoad({ name }: Registry, pool: readonly string[]): Finding[] {
  const [only, another] = pool;
  const limits = ["acr-geo-operations/throttling-per-replica", "acr-geo-operations/fewer-replicas-more-load"];
  if (another !== undefined) {
    const text = `${pool.length} replicas are left in routing and ready (${pool.join(", ")}) and share the load, each with its own throttling limits`;
    return [{ subject: name, text, because: limits }];
  }
  return [
    {
      subject: name,
      text: `only ${only} is left in routing and ready: all load falls on the throttling limits of one replica`,
      because: [...limits, "acr-geo-operations/failover-not-throttling"],
    },
    {
      subject: name,
      text: `if ${only} fails there is no other replica that the global endpoint could move to`,
      because: ["acr-geo-operations/failover-automatic", "acr-geo-operations/two-regions-throttle"],
    },
  ];
}

export function warnOfCanary(region: string): Finding {
  return {
    subject: region,
    text: "a canary region is in routing: it has been left there degraded until somebody took it out by hand",
    because: ["azure-wire/acr-canary-regions"],
  };
}
