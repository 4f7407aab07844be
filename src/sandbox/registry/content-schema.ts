import * as z from "zod";

/** Regions that never hear of it. */
const lostTo = z.array(z.string()).optional();

/** A layer is its text. With a region it was uploaded there, and not where its manifest was pushed. */
const Layer = z.object({ text: z.string(), region: z.string().optional(), lostTo });

const where = { time: z.iso.datetime(), region: z.string(), repository: z.string(), lostTo };

const Locks = z.object({
  deleteEnabled: z.boolean().optional(),
  writeEnabled: z.boolean().optional(),
  readEnabled: z.boolean().optional(),
  listEnabled: z.boolean().optional(),
});

/** Something that was done at one replica; the others hear of it later. */
export const Change = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("push"),
    ...where,
    tag: z.string().optional(),
    layers: z.array(Layer).min(1),
    /** Makes it an index of one image for each of these architectures. */
    platforms: z.array(z.string()).min(1).optional(),
  }),
  /** Of a tag, or of a manifest with all its tags. */
  z.object({
    kind: z.literal("delete"),
    ...where,
    tag: z.string().optional(),
    digest: z.string().optional(),
  }),
  z.object({ kind: z.literal("lock"), ...where, tag: z.string(), locks: Locks }),
]);

/** What is in a registry, as its history. */
export const Content = z.object({
  /** How long news from other replicas take to reach a region, in milliseconds. */
  delays: z.record(z.string(), z.int().min(0)).default({}),
  changes: z.array(Change),
});
