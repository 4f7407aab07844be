import { counted } from "./counted.ts";

const WIDTH = 20;

/** "[#######-------------] 14 of 40 tenants, 3,250 subscriptions"; the bar is full only when all are done. */
export function progressBar(done: number, tenants: number, subscriptions: number): string {
  const filled = tenants === 0 ? WIDTH : Math.floor((done * WIDTH) / tenants);
  const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
  return `[${bar}] ${done} of ${counted(tenants, "tenant")}, ${counted(subscriptions, "subscription")}`;
}
