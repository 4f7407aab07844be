import type { Context } from "../../../src/context.ts";
import type { View } from "../../../src/output/view.ts";
import type { Verb } from "../../../src/verb.ts";

export const NOW = new Date("2026-11-21T08:00:00Z");

/** Runs a verb of the sandbox room, which needs a state folder and the time but never signs in. */
export async function runVerb(verb: Verb, state: string, input: Record<string, string> = {}): Promise<View> {
  const ctx = {
    folders: { config: "", cache: "", state },
    now: () => NOW,
    azure: () => Promise.reject(new Error("the sandbox room must not sign in")),
  } as unknown as Context;
  return verb.view(await verb.run(verb.input.parse(input), ctx));
}
