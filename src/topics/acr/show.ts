import * as z from "zod";
import { tellFailure, type Known } from "../../azure/known.ts";
import type { RegistryUsage, Webhook } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { RegistryWord } from "./flags.ts";
import { readRegistry, type RegistryRead } from "./read.ts";
import { viewShow } from "./show-view.ts";

const ShowInput = z.object({ registry: RegistryWord });
type ShowInput = z.infer<typeof ShowInput>;

export interface ShowResult extends RegistryRead {
  usages: Known<RegistryUsage[]>;
  webhooks: Known<Webhook[]>;
  /** The cloud's time when it was read, in milliseconds. */
  nowMs: number;
}

async function runShow({ registry: wanted }: ShowInput, ctx: Context): Promise<ShowResult> {
  const read = await readRegistry(wanted, ctx);
  const { registries, clock } = await ctx.azure();
  const { id } = read.registry;
  const [usages, webhooks] = await Promise.all([
    tellFailure("the usages", () => registries.listUsages(id)),
    tellFailure("the webhooks", () => registries.listWebhooks(id)),
  ]);
  return { ...read, usages, webhooks, nowMs: clock.now().getTime() };
}

export const show = verb({
  name: "show",
  summary: "A registry: replicas, hosts, private endpoints, storage, and what is automatic",
  args: ["<registry>"],
  examples: ["acr show shopregistry", "acr show shopregistry.azurecr.io -o md"],
  flags: [],
  details: `
REGISTRY is a name, an id, or one of its hosts. Hosts are those that the service reports; none is made up.
-o md adds the topology as a tree. Exits 6 when usages or webhooks could not be read.`,
  input: ShowInput,
  run: runShow,
  view: viewShow,
});
