import * as z from "zod";
import { isExpression } from "./observe.ts";

/** Without dots and queries, so that it means the subscription that it names. */
export const ResourcePath = z.string().regex(/^\/subscriptions\/(?!.*\/\.{1,2}(\/|$))[^?#\\]+$/i);

/**
 * What a resource must look like: JMESPath expressions over its JSON, each with the value it must have.
 * Strings compare without regard to case, lists without regard to order. `exists: false` means that the resource must not be there.
 */
export const Observation = z.object({
  path: ResourcePath,
  apiVersion: z.string(),
  query: z.record(z.string(), z.string()).optional(),
  exists: z.boolean(),
  fields: z.record(z.string().refine(isExpression, "not JMESPath"), z.json()),
});
export type Observation = z.infer<typeof Observation>;
