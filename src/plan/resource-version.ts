import { AzureError } from "../azure/azure-error.ts";
import type { ArmPort } from "../azure/ports.ts";
import type { Json } from "../json.ts";
import { evaluate } from "./observe.ts";
import type { Step } from "./plan.ts";

/** The version of the resource that a step is about to change; null when it cannot be told. */
export async function readVersion(
  { version = "", expect: { path, apiVersion } }: Step,
  arm: ArmPort,
): Promise<Json> {
  try {
    const body = await arm.read({ path, apiVersion });
    return body === undefined ? null : evaluate(body, version);
  } catch (error) {
    if (error instanceof AzureError) return null;
    throw error;
  }
}

/**
 * Whether a step that an earlier run sent may have taken effect and have been taken back by somebody since: sending it
 * again would undo that.
 */
export function isUnclear({ version }: Step, body: Json | undefined, sentAt: Json | undefined): boolean {
  if (version === undefined || sentAt === undefined) return false;
  const now = body === undefined ? null : evaluate(body, version);
  return now === null || JSON.stringify(now) !== JSON.stringify(sentAt);
}
