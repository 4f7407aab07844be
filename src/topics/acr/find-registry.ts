import type { Azure } from "../../azure/ports.ts";
import type { Registry, RegistrySummary } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { parseResourceId, sameId } from "../../resource-id.ts";

/**
 * One registry by its name, id, or one of its hosts, in the given subscriptions. The list only finds it, what is
 * returned was read from the registry itself. Throws AppError "usage" when there is none or more than one, and
 * "auth" for an id of another subscription.
 */
export async function findRegistry(wanted: string, ctx: Context): Promise<Registry> {
  const azure = await ctx.azure();
  requireOurs(wanted, azure);
  const { found, listed } = await lookFor(wanted, azure);
  const [registry, another] = found;
  if (!registry) throw unknownRegistry(wanted, listed);
  if (!another) return registry;
  throw new AppError("usage", `there are several registries named ${wanted}`, {
    hint: `give the id, such as ${registry.id}`,
  });
}

/** The registry in the given subscriptions that has this host, read from itself; undefined when none has. */
export async function findRegistryAt(host: string, ctx: Context): Promise<Registry | undefined> {
  return (await lookFor(host, await ctx.azure())).found[0];
}

async function lookFor(
  wanted: string,
  { registries, target }: Azure,
): Promise<{ found: Registry[]; listed: RegistrySummary[] }> {
  const listed = (await Promise.all(target.subscriptionIds.map((id) => registries.list(id)))).flat();
  const candidates = listed.filter((each) => mayBe(each, wanted));
  const read = await Promise.all(candidates.map(({ id }) => registries.get(id)));
  const found = read.filter((each) => each !== undefined).filter((each) => isRegistry(each, wanted));
  return { found, listed };
}

function requireOurs(wanted: string, { target }: Azure): void {
  const subscriptionId = parseResourceId(wanted)?.subscriptionId;
  if (subscriptionId === undefined) return;
  if (target.subscriptionIds.some((each) => each.toLowerCase() === subscriptionId)) return;
  throw new AppError(
    "auth",
    `the registry is in subscription ${subscriptionId}, which this run may not touch`,
    {
      hint: `use --subscription ${subscriptionId}`,
    },
  );
}

/** A list tells no regional hosts; those begin like the login server, or with the name. */
function mayBe({ id, name, loginServer }: RegistrySummary, wanted: string): boolean {
  if (wanted.includes("/")) return sameId(id, wanted);
  const label = firstLabel(wanted);
  return label === name.toLowerCase() || label === firstLabel(loginServer);
}

function firstLabel(host: string): string | undefined {
  return host.toLowerCase().split(".")[0];
}

function isRegistry({ id, name, ...registry }: Registry, wanted: string): boolean {
  const { loginServer, regionalHosts, dataHosts } = registry;
  const hosts = [loginServer, ...[...regionalHosts, ...dataHosts].map(({ host }) => host)];
  return sameId(id, wanted) || [name.toLowerCase(), ...hosts].includes(wanted.toLowerCase());
}

function unknownRegistry(wanted: string, listed: readonly RegistrySummary[]): AppError {
  const names = listed.map(({ name, loginServer }) => `${name} (${loginServer})`).sort();
  return new AppError("usage", `there is no container registry "${wanted}" in these subscriptions`, {
    hint: names.length === 0 ? "there is none; check --subscription" : `there are: ${names.join(", ")}`,
  });
}
