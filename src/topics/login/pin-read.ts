import { readPin, type Pin } from "../../azure/settings.ts";
import { AppError } from "../../errors.ts";

export interface AnyPin {
  /** Undefined when there is none; empty when it is broken. */
  pin: Pin | undefined;
  /** It is there, but cannot be read. */
  isBroken: boolean;
}

/** The pin of this folder for who replaces or removes it: whatever is wrong with it ends there. */
export async function readAnyPin(folder: string): Promise<AnyPin> {
  try {
    return { pin: await readPin(folder), isBroken: false };
  } catch (error) {
    if (error instanceof AppError) return { pin: {}, isBroken: true };
    throw error;
  }
}
