import type { Registry, RegistryHost } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import { withoutHosts } from "./obstacles.ts";

/** Stands for the login server, which is in no region. */
export const GLOBAL = "global";
/** Stands for the login server and every regional host. */
const ALL = "all";

/** A host of a registry that clients sign in to; the data hosts are none. */
export interface SignInHost extends RegistryHost {
  /** Null for the login server. */
  region: string | null;
}

export function signInHosts(registry: Registry): SignInHost[] {
  const { loginServer, regionalHosts } = registry;
  return [
    { registry, host: loginServer, region: null },
    ...regionalHosts.map(({ host, region }) => ({ registry, host, region })),
  ];
}

/** The host of a region, or of `global`; undefined when there is none. */
export function hostFor(registry: Registry, word: string): SignInHost | undefined {
  return signInHosts(registry).find(({ region }) => (region ?? GLOBAL) === word);
}

/** The host that a registry was named by; the login server where that was its name, id, or a data host. */
export function hostMeant(registry: Registry, wanted: string): SignInHost {
  const known = signInHosts(registry);
  const named = known.find(({ host }) => host === wanted.toLowerCase());
  return named ?? { registry, host: registry.loginServer, region: null };
}

/** The hosts that the words stand for, in their order. Throws AppError "usage" for a region that has none. */
export function hostsFor(registry: Registry, words: readonly string[]): SignInHost[] {
  if (words.includes(ALL)) return signInHosts(registry);
  return words.map((word) => {
    const host = hostFor(registry, word);
    if (host === undefined) throw noHost(registry, word);
    return host;
  });
}

function noHost(registry: Registry, word: string): AppError {
  const { name, regionalHosts } = registry;
  const regions = regionalHosts.map(({ region }) => region);
  if (regions.length === 0) return withoutHosts(registry, `use --region ${GLOBAL}`);
  return new AppError("usage", `registry ${name} has no regional host in ${word}`, {
    hint: `use --region with any of ${[...regions, GLOBAL].join(",")}, or ${ALL}`,
    because: ["azure-wire/acr-hosts-are-read"],
  });
}
