import * as z from "zod";
import type { Registry } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { viewAdvise } from "./advise-view.ts";
import { RegistryWord } from "./flags.ts";
import { planAdvice, type Advice } from "./plan-advice.ts";
import { readRegistry } from "./read.ts";
import { NEEDS, type Need } from "./tools.ts";

const AdviseInput = z.object({
  registry: RegistryWord,
  need: z.enum(NEEDS, { error: `say what is needed: --need ${NEEDS.join("|")}` }),
});
type AdviseInput = z.infer<typeof AdviseInput>;

export interface AdviseResult {
  registry: Registry;
  need: Need;
  advice: Advice;
}

async function runAdvise({ registry: wanted, need }: AdviseInput, ctx: Context): Promise<AdviseResult> {
  const read = await readRegistry(wanted, ctx);
  const { target } = await ctx.azure();
  return { registry: read.registry, need, advice: planAdvice({ ...read, need, cloud: target.cloud }) };
}

export const advise = verb({
  name: "advise",
  summary: "Which tool steers traffic as needed, what it does not do, and what to type",
  args: ["<registry>"],
  examples: [
    "acr advise shopregistry --need affinity",
    "acr advise shopregistry --need failover -o md",
    "acr advise shopregistry --need capacity --query 'steps[].command' -o tsv",
  ],
  flags: [{ flag: "--need <need>", summary: NEEDS.join(", "), once: true }],
  details: `
Commands of az need version 2.86.0 or later. Nothing is changed.`,
  input: AdviseInput,
  run: runAdvise,
  view: viewAdvise,
});
