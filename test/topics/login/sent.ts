/** "METHOD path" of each request in the log that --verbose prints, ids of tokens' tenants and subscriptions kept. */
export function sentIn(stderr: string): string[] {
  return [...stderr.matchAll(/^([A-Z]+) [\w.-]+(\/\S*) \d{3} /gm)].map(
    ([, method, path]) => `${method} ${path}`,
  );
}

export interface SentCounts {
  tokens: number;
  tenantPages: number;
  subscriptionPages: number;
  others: number;
}

export function countSent(stderr: string): SentCounts {
  const counts = { tokens: 0, tenantPages: 0, subscriptionPages: 0, others: 0 };
  for (const request of sentIn(stderr)) counts[kindOf(request)] += 1;
  return counts;
}

function kindOf(request: string): keyof SentCounts {
  if (/^POST .*\/oauth2\/v2\.0\/token$/.test(request)) return "tokens";
  if (request === "GET /tenants") return "tenantPages";
  return request === "GET /subscriptions" ? "subscriptionPages" : "others";
}
