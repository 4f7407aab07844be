import * as z from "zod";

/** A source: one of the articles, or the project's own observations of how the services answer. */
export const Article = z.object({
  /** Short name used in fact ids, e.g. "odcr". */
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  publisher: z.string().min(1),
  /** ISO date, or null when the source does not say. */
  published: z.iso.date().nullable(),
  url: z.url().nullable(),
});

/** One statement in our own words, with where it comes from and what it applies to. */
export const Fact = z.object({
  /** `<article>/<slug>`; stable, because plans and journals hold it. */
  id: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
  text: z.string().min(20),
  article: z.string(),
  /** Heading or section of the source. */
  section: z.string().min(1),
  /** Tool or API version, preview or GA, where that matters. */
  appliesTo: z.string().optional(),
  /** Ids of facts that say otherwise; the tool follows the wire. */
  contradicts: z.array(z.string()).optional(),
});

export type Article = z.infer<typeof Article>;
export type Fact = z.infer<typeof Fact>;
