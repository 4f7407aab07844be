import type { Context } from "../../../src/context.ts";
import type { View } from "../../../src/output/view.ts";
import type { Verb } from "../../../src/verb.ts";

/** Everything between the command line and the renderer. The docs room may touch nothing, so the context is empty. */
export async function runVerb(verb: Verb, input: object): Promise<View> {
  return verb.view(await verb.run(verb.input.parse(input), {} as Context));
}
