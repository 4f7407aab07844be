import * as z from "zod";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { countLags, type LagCount } from "./lag-count.ts";
import { readLags, type LagHistory } from "./lag-history.ts";
import { viewLag } from "./lag-view.ts";

const LagInput = z.object({ registry: z.string().min(1).optional() });
type LagInput = z.infer<typeof LagInput>;

export interface LagResult {
  wanted: string | undefined;
  counts: LagCount[];
  history: LagHistory;
}

async function runLag({ registry: wanted }: LagInput, ctx: Context): Promise<LagResult> {
  const history = await readLags(ctx.folders.state);
  return { wanted, counts: countLags(history.lags, wanted), history };
}

export const lag = verb({
  name: "lag",
  summary: "How long images took to each replica, as acr wait has seen it",
  args: ["[registry]"],
  examples: ["acr lag", "acr lag shopregistry -o json"],
  flags: [],
  details: `
REGISTRY is a name, a login server or another host that was asked, HOST of a --replica included. Nobody is asked:
neither a sign-in nor a target is needed. p50, p95 and max are of lags whose length is known; "at most" counts the others.
Lags are kept in lag.ndjson in the state folder. Exits 6 when some of its lines cannot be read.`,
  input: LagInput,
  run: runLag,
  view: viewLag,
});
