const WIDTH = 20;

/** "[#######-------------] 14 of 40 tenants, 3,250 subscriptions"; the bar is full only when all are done. */
export function progressBar(done: number, tenants: number, subscriptions: number): string {
  const filled = tenants === 0 ? WIDTH : Math.floor((done * WIDTH) / tenants);
  const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
  return `[${bar}] ${done} of ${counted(tenants, "tenant")}, ${counted(subscriptions, "subscription")}`;
}

/** "1 tenant", "3,250 subscriptions". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
