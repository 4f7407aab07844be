import { AppError } from "../../src/errors.ts";

/** Kind and message of what a planner refuses with. */
export function refusal(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return [error.kind, error.message];
    throw error;
  }
  throw new Error("it was not refused");
}
