import * as z from "zod";
import { Finding } from "./finding.ts";
import { OffHours } from "./off-hours.ts";

const Choice = z.object({
  /** What is asked for, in words; no two choices have the same. */
  name: z.string(),
  /** Ids of its steps; choices may share some. */
  steps: z.array(z.string()).min(1),
  /** When it may be tried; at any time without. */
  offHours: OffHours.optional(),
  /** What its creations leave behind when the rest is refused, and how to remove it. */
  leaves: Finding,
});

/** Choices that are tried in their order, again and again, until one of them succeeds. */
export const Pursuit = z.object({
  /** Pause after all were tried; it is varied by a fifth. */
  everyMs: z.int().min(60_000).max(86_400_000),
  /** How long to go on, from the first start. */
  forMs: z.int().min(60_000),
  choices: z.array(Choice).min(1),
});
export type Pursuit = z.infer<typeof Pursuit>;
export type Choice = z.infer<typeof Choice>;
