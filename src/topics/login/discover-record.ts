import * as z from "zod";

/** How far the walk came in one tenant. What was seen before a failure counts. */
const TenantRecord = z.strictObject({
  tenantId: z.string(),
  category: z.string(),
  name: z.string().optional(),
  domain: z.string().optional(),
  state: z.enum(["walked", "needs MFA", "refused", "failed"]),
  /** Why it was not walked: the service's code, one line, and what to type next. */
  code: z.string().optional(),
  reason: z.string().optional(),
  next: z.string().optional(),
  /** Pages of subscriptions that were read. */
  pages: z.int().min(0),
  subscriptions: z.int().min(0),
});

const SubscriptionRecord = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  homeTenantId: z.string(),
  /** Tenants whose token sees it, the home tenant first. */
  seenThrough: z.array(z.string()).min(1),
  /** Tenants that manage it through Lighthouse. */
  managedBy: z.array(z.string()),
});

/** One walk through all tenants, as it is kept. */
export const Walk = z.strictObject({
  formatVersion: z.literal(1),
  cloud: z.string(),
  auth: z.string(),
  walkedAt: z.iso.datetime(),
  /** Pages of the list of tenants. */
  tenantPages: z.int().min(1),
  tenants: z.array(TenantRecord),
  subscriptions: z.array(SubscriptionRecord),
});

export type TenantRecord = z.infer<typeof TenantRecord>;
export type SubscriptionRecord = z.infer<typeof SubscriptionRecord>;
export type Walk = z.infer<typeof Walk>;
