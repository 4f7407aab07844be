import type { Azure } from "../../azure/ports.ts";
import type { Registry, RegistryHost } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { judgeProbe } from "./pick-verdict.ts";
import { PATIENCE_MS, type Sample } from "./rehearse-watch.ts";
import { follow, withoutDataHosts, type Unknown } from "./who-serves.ts";

const REQUESTS = 5;
const PROBE_MS = 5000;

/** How fast a host answers before anything is changed. */
export interface HostTimes {
  host: string;
  /** Undefined for the global endpoint. */
  region: string | undefined;
  requests: number;
  /** Of the requests that were answered by the registry. */
  ms: number[];
  /** What the last one did. */
  answer: string;
}

export interface Baseline {
  /** When it was read; ISO, UTC. */
  at: string;
  hosts: HostTimes[];
  /** Who serves the global endpoint for this machine. */
  region?: string;
  sample?: Sample;
  /** Why that cannot be told. */
  unknown?: Unknown;
}

/** What is compared with later. A registry that lets nobody in tells no region. */
export async function readBaseline(registry: Registry, azure: Azure, ctx: Context): Promise<Baseline> {
  const at = azure.clock.now().toISOString();
  const serving = await whoServes(registry, azure, ctx);
  const hosts: HostTimes[] = [];
  for (const { host, region } of [
    { host: registry.loginServer, region: undefined },
    ...registry.regionalHosts,
  ]) {
    ctx.progress(`asking ${host}`);
    hosts.push({ host, region, ...(await timeOf({ registry, host }, azure)) });
  }
  ctx.progress(undefined);
  return { at, hosts, ...serving };
}

async function whoServes(
  registry: Registry,
  { registryData: data }: Azure,
  ctx: Context,
): Promise<Pick<Baseline, "region" | "sample" | "unknown">> {
  if (registry.dataHosts.length === 0) return { unknown: withoutDataHosts(registry) };
  const at = { registry, host: registry.loginServer, afresh: { patienceMs: PATIENCE_MS } };
  try {
    const { image, layer, region, unknown } = await follow(
      {
        data,
        at,
        time: async (name, doing) => {
          ctx.progress(name);
          return doing();
        },
      },
      undefined,
    );
    if (image === undefined || layer === undefined || region === undefined) {
      return { unknown: unknown ?? { text: "no layer could be asked for", because: [] } };
    }
    return { region, sample: { image, layer } };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === "interrupted") throw error;
    return { unknown: { text: error.message, because: [...(error.because ?? [])] } };
  }
}

async function timeOf(
  at: RegistryHost,
  { registryData, clock }: Azure,
): Promise<Pick<HostTimes, "requests" | "ms" | "answer">> {
  const ms: number[] = [];
  for (let requests = 1; ; requests += 1) {
    const start = clock.elapsed();
    const probe = await registryData.probe(at, PROBE_MS);
    const { picked, answer } = judgeProbe(probe);
    if (picked) ms.push(Math.round(clock.elapsed() - start));
    // Nobody there is not asked again: each would take as long.
    if (requests === REQUESTS || probe.status === undefined) return { requests, ms, answer };
  }
}
