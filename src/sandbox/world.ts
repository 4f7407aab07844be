import type * as z from "zod";
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
] as const;

export type World = z.infer<typeof schemas.World>;
export type Tenant = z.infer<typeof schemas.Tenant>;
export type Application = z.infer<typeof schemas.Application>;
export type Subscription = z.infer<typeof schemas.Subscription>;
export type Size = z.infer<typeof schemas.Size>;
export type Operation = z.infer<typeof schemas.Operation>;
export type Fault = z.infer<typeof schemas.Fault>;
export type FaultName = Fault["name"];
