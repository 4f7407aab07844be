import * as z from "zod";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { RegistryWord } from "./flags.ts";
import { readRegistry, type RegistryRead } from "./read.ts";
import { viewShow } from "./show-view.ts";

const ShowInput = z.object({ registry: RegistryWord });
type ShowInput = z.infer<typeof ShowInput>;

async function runShow({ registry }: ShowInput, ctx: Context): Promise<RegistryRead> {
  return readRegistry(registry, ctx);
}

export const show = verb({
  name: "show",
  summary: "A registry: replicas, hosts, private endpoints, storage, and what is automatic",
  args: ["<registry>"],
  examples: ["acr show shopregistry", "acr show shopregistry.azurecr.io -o md"],
  flags: [],
  details: `
REGISTRY is a name, an id, or one of its hosts. Hosts are those that the service reports; none is made up.`,
  input: ShowInput,
  run: runShow,
  view: viewShow,
});
