import * as z from "zod";
import type { Registry } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { findRegistry } from "./find-registry.ts";
import { Region, RegistryWord } from "./flags.ts";
import { withoutHosts } from "./obstacles.ts";
import { judgeProbe, type Verdict } from "./pick-verdict.ts";
import { viewPick } from "./pick-view.ts";
import { GLOBAL, hostFor } from "./sign-in-hosts.ts";

/** Whoever is slower than this counts as not answering. */
const PROBE_MS = 5000;

const PickInput = z.object({
  registry: RegistryWord,
  prefer: z
    .string({ error: "name the regions to try, such as --prefer westeurope,northeurope" })
    .transform((text) => [...new Set(text.split(",").map((word) => word.trim()))])
    .pipe(z.array(Region)),
});
type PickInput = z.infer<typeof PickInput>;

export interface Tried extends Verdict {
  /** A region, or "global". */
  wanted: string;
  /** Undefined for "global". */
  region: string | undefined;
  host: string;
  ms: number;
}

export interface PickResult {
  registry: Registry;
  /** The last one is picked, if any is. */
  tried: Tried[];
  /** Words that no host belongs to. */
  without: string[];
}

async function runPick({ registry: wanted, prefer }: PickInput, ctx: Context): Promise<PickResult> {
  const registry = await findRegistry(wanted, ctx);
  const candidates = prefer.flatMap((word) => {
    const host = hostFor(registry, word)?.host;
    return host === undefined ? [] : [{ wanted: word, host }];
  });
  if (candidates.length === 0) throw noHost(registry);
  const without = prefer.filter((word) => hostFor(registry, word) === undefined);
  const { registryData, clock } = await ctx.azure();
  const tried: Tried[] = [];
  for (const { wanted: word, host } of candidates) {
    ctx.progress(`asking ${host}`);
    const start = clock.now().getTime();
    const probe = await registryData.probe({ registry, host }, PROBE_MS);
    const verdict = judgeProbe(probe);
    const region = word === GLOBAL ? undefined : word;
    tried.push({ wanted: word, region, host, ...verdict, ms: clock.now().getTime() - start });
    if (verdict.picked) break;
  }
  return { registry, tried, without };
}

function noHost(registry: Registry): AppError {
  const { name, regionalHosts } = registry;
  if (regionalHosts.length === 0) return withoutHosts(registry, `use --prefer ${GLOBAL}`);
  const regions = regionalHosts.map(({ region }) => region);
  return new AppError("usage", `registry ${name} has no regional host in these regions`, {
    hint: `use --prefer with any of ${[...regions, GLOBAL].join(",")}`,
    because: ["azure-wire/acr-hosts-are-read"],
  });
}

export const pick = verb({
  name: "pick",
  summary: "The first regional host that answers, for failover by your own rules",
  args: ["<registry>"],
  examples: [
    "acr pick shopregistry --prefer westeurope,northeurope",
    "acr pick shopregistry --prefer westeurope,global",
  ],
  flags: [
    {
      flag: "--prefer <regions>",
      summary: "regions to try, in this order, separated by commas; global is the login server",
      once: true,
    },
  ],
  details: `
In a pipe the host alone is printed, as for $(azwise acr pick …). Each host gets one request without credentials and
${PROBE_MS / 1000} seconds, less with a shorter --timeout. That it answers does not prove that an image can be pulled from it.
Exits 1 when none answers.`,
  input: PickInput,
  run: runPick,
  view: viewPick,
});
