import type { Registry, Replica } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { findRegistry } from "./find-registry.ts";

export interface RegistryRead {
  registry: Registry;
  /** The home region first. */
  replicas: Replica[];
}

/** A registry with its replicas; see findRegistry for what is refused. */
export async function readRegistry(wanted: string, ctx: Context): Promise<RegistryRead> {
  const registry = await findRegistry(wanted, ctx);
  const { registries } = await ctx.azure();
  return { registry, replicas: await registries.listReplicas(registry) };
}
