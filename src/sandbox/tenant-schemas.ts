import * as z from "zod";

export const Application = z.object({
  clientId: z.guid(),
  objectId: z.guid(),
  displayName: z.string(),
  secret: z.string(),
});

export const Tenant = z.object({
  tenantId: z.guid(),
  displayName: z.string(),
  domains: z.array(z.string()).min(1),
  countryCode: z.string().default("US"),
  applications: z.array(Application).default([]),
});

/** What one tenant knows of a user; guests have another object id in each. */
export const Membership = z.object({
  tenantId: z.guid(),
  objectId: z.guid(),
  /** AADSTS number with which signing in to this tenant is refused, e.g. 50076; a person can clear some. */
  refusal: z.int().optional(),
});

export const User = z.object({
  signInName: z.string(),
  displayName: z.string(),
  homeTenantId: z.guid(),
  memberships: z.array(Membership).min(1),
});

export const Subscription = z.object({
  subscriptionId: z.guid(),
  displayName: z.string(),
  tenantId: z.guid(),
  state: z.enum(["Enabled", "Warned", "PastDue", "Disabled", "Deleted"]).default("Enabled"),
  quotaId: z.string().default("EnterpriseAgreement_2014-09-01"),
  tags: z.record(z.string(), z.string()).optional(),
  /** Tenants that see it through Azure Lighthouse. */
  managedByTenants: z.array(z.guid()).optional(),
});
