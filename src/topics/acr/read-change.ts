import pLimit from "p-limit";
import { tellRefusal } from "../../azure/known.ts";
import type { Registry } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import type { ConnectedEndpoint } from "./address-plan.ts";
import type { ChangeState, Grant } from "./plan-checks.ts";
import { readPrivateEndpoints, whyNotRead } from "./read-private-endpoints.ts";
import { readRegistry } from "./read.ts";

const REGISTRIES = "Microsoft.ContainerRegistry/registries";
const LINK = "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write";

interface Needed {
  /** At the registry, below its resource type. */
  action: "write" | "replications/write" | "replications/delete";
  /** Whether its private endpoints get further addresses. */
  addresses: boolean;
}

/** A registry and what its change depends on; what may not be read is said to be unknown. */
export async function readChange(
  wanted: string,
  { action, addresses }: Needed,
  ctx: Context,
): Promise<ChangeState> {
  const read = await readRegistry(wanted, ctx);
  const privateEndpoints = addresses ? await readPrivateEndpoints(read.registry, ctx) : [];
  ctx.progress("reading permissions");
  const grants = await readGrants(
    read.registry,
    { action: `${REGISTRIES}/${action}`, privateEndpoints },
    ctx,
  );
  ctx.progress(undefined);
  return { ...read, privateEndpoints, grants };
}

async function readGrants(
  { id }: Registry,
  { action, privateEndpoints }: { action: string; privateEndpoints: readonly ConnectedEndpoint[] },
  ctx: Context,
): Promise<Grant[]> {
  const { access, target } = await ctx.azure();
  const limit = pLimit(ctx.concurrency);
  const links = privateEndpoints
    .filter(({ seen }) => seen.kind !== "gone")
    .map((endpoint) => ({ scope: endpoint.id, action: LINK }));
  return Promise.all(
    [{ scope: id, action }, ...links].map(async (asked) => {
      const unknown = whyNotRead(asked.scope, target.subscriptionIds);
      if (unknown !== undefined) return { ...asked, permissions: { unknown } };
      const read = (): Promise<Grant["permissions"]> =>
        tellRefusal("the permissions", () => access.listPermissions(asked.scope));
      return { ...asked, permissions: await limit(read) };
    }),
  );
}
