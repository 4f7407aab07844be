import type * as z from "zod";
import type * as content from "./registry/content-schema.ts";
import type * as tenants from "./tenant-schemas.ts";
import type * as schemas from "./world-schema.ts";

export const WORLD_FORMAT = 1;

export const FAULT_NAMES = [
  "throttle",
  "throttle-no-retry-after",
  "lost-before",
  "lost-after",
  "foreign-poll",
  "allocation-failed",
  "zonal-allocation-failed",
  "overconstrained",
  "sku-not-available",
  "quota",
  "server-error",
  "not-json",
  "silent-no-op",
  "claims-challenge",
  "expired-token",
  "mfa-required",
  "wrong-tenant",
  "no-content",
  "empty-answer",
  "gateway-timeout",
  "partial-answer",
  "too-large",
] as const;

export type World = z.infer<typeof schemas.World>;
export type Tenant = z.infer<typeof tenants.Tenant>;
export type User = z.infer<typeof tenants.User>;
export type Membership = z.infer<typeof tenants.Membership>;
export type Application = z.infer<typeof tenants.Application>;
export type Subscription = z.infer<typeof tenants.Subscription>;
export type Size = z.infer<typeof schemas.Size>;
export type Change = z.infer<typeof content.Change>;
export type Operation = z.infer<typeof schemas.Operation>;
/** What the world becomes when an operation of a kind ends. */
export type Endings = Record<Operation["kind"], (world: World, operation: Operation) => void>;
export type Ingested = z.infer<typeof schemas.Ingested>;
export type Fault = z.infer<typeof schemas.Fault>;
export type FaultName = Fault["name"];
