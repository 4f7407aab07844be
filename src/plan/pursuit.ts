import * as z from "zod";
import { CAUSES } from "../advice.ts";
import { Finding } from "./finding.ts";
import { Observation } from "./observation.ts";
import { OffHours } from "./off-hours.ts";

const Choice = z.object({
  /** What is asked for, in words; no two choices have the same. */
  name: z.string(),
  /** Ids of its steps. The last one is what the choice is for and its own; choices may share those before it. */
  steps: z.array(z.string()).min(1),
  /** When it may be tried; at any time without. */
  offHours: OffHours.optional(),
  /** What its creation leaves behind when the rest is refused, and how to remove it; said only of what is read so. */
  leaves: Finding.extend({ when: Observation }),
});

/** Choices that are tried in their order, again and again, until one of them succeeds. */
export const Pursuit = z.object({
  /** Pause after all were tried; it is varied by a fifth. */
  everyMs: z.int().min(60_000).max(86_400_000),
  /** How long to go on, from the first start. */
  forMs: z.int().min(60_000),
  /** Facts why to ask again is worth it. */
  because: z.array(z.string()),
  /** The command that shows what there is. */
  look: z.string(),
  choices: z.array(Choice).min(1),
});
export type Pursuit = z.infer<typeof Pursuit>;
export type Choice = z.infer<typeof Choice>;

/** Why a try did not succeed; passing trouble is no answer to what was asked for. */
export const TryCause = z.enum([...CAUSES, "passing trouble"]);
type TryCause = z.infer<typeof TryCause>;

/** "unsure": it may have been granted, or still be. */
export const TryResult = z.enum(["acquired", "refused", "unsure", "ruled out"]);

/** "time up" is also said when no choice may be tried any more before it; "stopped" needs somebody to look. */
export type PursuitEnd = "acquired" | "time up" | "ruled out" | "stopped" | "interrupted";

export interface ChoiceReport {
  name: string;
  result: z.infer<typeof TryResult> | "not tried";
  tries: number;
  /** Of the last try that did not succeed. */
  cause?: TryCause;
  code?: string;
  message?: string;
  /** What was created for it was read in the end and is as its `leaves` says. */
  isLeft?: true;
}

export interface PursuitReport {
  end: PursuitEnd;
  /** On the clock of the cloud. */
  started: string;
  until: string;
  tries: number;
  choices: ChoiceReport[];
}
