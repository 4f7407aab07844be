import * as z from "zod";
import type { Registry } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { findRegistry } from "./find-registry.ts";
import { ImageWord, RegistryWord } from "./flags.ts";
import { viewServing } from "./serving-view.ts";
import { follow, withoutDataHosts, type Followed, type Timed } from "./who-serves.ts";

const ServingInput = z.object({ registry: RegistryWord, image: ImageWord.optional() });
type ServingInput = z.infer<typeof ServingInput>;

/** What was done on the way, and how long it took. */
interface TimedStep {
  name: string;
  ms: number;
}

export interface ServingResult extends Followed {
  registry: Registry;
  steps: TimedStep[];
}

async function runServing({ registry: wanted, image }: ServingInput, ctx: Context): Promise<ServingResult> {
  const registry = await findRegistry(wanted, ctx);
  if (registry.dataHosts.length === 0) return { registry, steps: [], unknown: withoutDataHosts(registry) };
  const { registryData: data, clock } = await ctx.azure();
  const steps: TimedStep[] = [];
  const time: Timed = async (name, doing) => {
    const start = clock.now().getTime();
    ctx.progress(name);
    const value = await doing();
    steps.push({ name, ms: clock.now().getTime() - start });
    return value;
  };
  const at = { registry, host: registry.loginServer };
  return { registry, steps, ...(await follow({ data, at, time }, image)) };
}

export const serving = verb({
  name: "serving",
  summary: "Which region answers the global endpoint right now",
  args: ["<registry>", "[image]"],
  examples: ["acr serving shopregistry", "acr serving shopregistry shop/web:1.4.2"],
  flags: [],
  details: `
IMAGE is REPO, REPO:TAG or REPO@sha256:…; without it any image is taken. Its configuration is asked for, and the region
is read from the data host that the registry sends clients to. Nothing is downloaded.
Exits 6 when it cannot be told, for example because dedicated data endpoints are off.`,
  input: ServingInput,
  run: runServing,
  view: viewServing,
});
