import * as z from "zod";
import type { LoginPort } from "../../azure/login-ports.ts";
import { requirePin } from "../../azure/pin.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { again } from "./again.ts";
import { estimateFromTenants, estimateFromWalk, type Estimate } from "./discover-estimate.ts";
import type { Walk } from "./discover-record.ts";
import { readWalk, walkAndKeep } from "./discover-store.ts";
import { viewDiscover } from "./discover-view.ts";
import { listTenants, startTenant } from "./discover-walk.ts";

const DiscoverInput = z
  .object({
    cached: z.boolean().default(false),
    estimate: z.boolean().default(false),
    subscriptions: z.boolean().default(false),
  })
  .refine(({ cached, estimate }) => !(cached && estimate), {
    path: ["estimate"],
    error: "it looks at the last walk by itself; drop --cached",
  });
type DiscoverInput = z.infer<typeof DiscoverInput>;

export interface WalkResult {
  walk: Walk;
  /** It was not made now but kept from an earlier run. */
  cached: boolean;
  /** Show the subscriptions, too. */
  subscriptions: boolean;
  /** What shows the subscriptions of this walk. */
  listing: string;
}

export type DiscoverResult = (WalkResult | { estimate: Estimate }) & { now: Date };

async function runDiscover(input: DiscoverInput, ctx: Context): Promise<DiscoverResult> {
  const login = await ctx.login();
  await requirePin(login);
  const now = ctx.now();
  if (input.estimate) return { now, estimate: await estimate(login, ctx) };
  const { cached, subscriptions } = input;
  const walk = cached
    ? await requireKept(login, ctx)
    : await walkAndKeep(login, ctx, { tenantId: startTenant(login) });
  const listing = again("azwise login discover --cached --subscriptions", sameAs(login));
  return { now, walk, cached, subscriptions, listing };
}

function sameAs({ wanted }: LoginPort): Parameters<typeof again>[1] {
  return { cloud: wanted.cloud.name, auth: wanted.auth };
}

async function requireKept(login: LoginPort, ctx: Context): Promise<Walk> {
  const walk = await readWalk(login, ctx);
  if (walk) return walk;
  throw new AppError("usage", "no walk of this identity is kept", {
    hint: again("azwise login discover", sameAs(login)),
  });
}

/** Never enumerates subscriptions: that is what it is there to avoid. */
async function estimate(login: LoginPort, ctx: Context): Promise<Estimate> {
  const kept = await readWalk(login, ctx);
  if (kept) return estimateFromWalk(kept);
  const signedIn = await login.signIn({ tenantId: startTenant(login) });
  const { tenants, pages } = await listTenants(signedIn, ctx);
  return estimateFromTenants(login.wanted.cloud.name, tenants, pages);
}

export const discover = verb({
  name: "discover",
  summary: "Walk all tenants and subscriptions that this identity sees",
  details: `
The only verb that enumerates; the result is kept for --cached and for login --discover. A tenant that refuses
is a row with the command that would fix it. The exit code is 6 when a tenant could not be asked, or not to
the end. JSON and YAML always hold everything.`,
  flags: [
    { flag: "--cached", summary: "show the last walk instead of making one" },
    { flag: "--estimate", summary: "requests that a plain az login would send here; lists no subscription" },
    { flag: "--subscriptions", summary: "show the subscriptions first, then the tenants" },
  ],
  examples: ["login discover", "login discover --cached --subscriptions", "login discover --estimate"],
  input: DiscoverInput,
  run: runDiscover,
  view: viewDiscover,
});
