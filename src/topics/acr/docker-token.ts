import type { Context } from "../../context.ts";
import { findRegistryAt } from "./find-registry.ts";
import { signInHosts } from "./sign-in-hosts.ts";

/** Of whoever has a refresh token as password (azure-wire/acr-docker-user). */
export const DOCKER_USER = "00000000-0000-0000-0000-000000000000";

/** The credential helper that is azwise itself, as Docker's configuration names it. */
export const OWN_HELPER = "azwise";

/** What credential helpers say of a host that they know nothing of; Docker goes by these words. */
export const NOT_FOUND = "credentials not found in native keychain";

/** A host, alone or as an address that Docker uses; over plain HTTP a token could be read by anybody. */
const SERVER = /^(?:https:\/\/)?([^/@?#\s]+)(?:\/|\/v1\/|\/v2\/)?$/;

/**
 * A fresh refresh token for a host as Docker writes it, with or without `https://`. Undefined for any other address,
 * and for a host that is no login server or regional host in the target's subscriptions: that is never sent anything.
 */
export async function tokenFor(server: string, ctx: Context): Promise<string | undefined> {
  const host = SERVER.exec(server)?.[1]?.toLowerCase();
  if (host === undefined) return undefined;
  const registry = await findRegistryAt(host, ctx);
  const at = registry && signInHosts(registry).find((each) => each.host === host);
  if (!at) return undefined;
  const { registryData } = await ctx.azure();
  return (await registryData.signIn(at)).token;
}
