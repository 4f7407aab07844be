import * as z from "zod";

/** Something to be said, with the facts behind it. */
export const Finding = z.object({
  /** The resource or slot it is about. */
  subject: z.string(),
  text: z.string(),
  because: z.array(z.string()),
});
export type Finding = z.infer<typeof Finding>;
