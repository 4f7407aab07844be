import * as z from "zod";
import { Moment } from "./window.ts";

/** A length of time in milliseconds, written as in `--since`: 5m, 1h, PT5M. */
export const Length = Moment.transform((moment, context) => {
  if ("agoMs" in moment && moment.agoMs > 0) return moment.agoMs;
  context.addIssue({ code: "custom", message: "a length such as 5m, 1h or 1d is expected" });
  return z.NEVER;
});
