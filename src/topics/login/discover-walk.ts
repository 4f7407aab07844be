import pLimit from "p-limit";
import { chooseAuth } from "../../azure/auth-kind.ts";
import { defaultAzAccount } from "../../azure/az-profile.ts";
import type {
  LoginPort,
  SignedIn,
  SignInRequest,
  Tenant,
  VisibleSubscription,
} from "../../azure/login-ports.ts";
import { signInCommand } from "../../azure/sign-in-command.ts";
import { checkTenant } from "../../azure/target.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { mergeTenants, type WalkedTenant } from "./discover-merge.ts";
import { counted } from "./counted.ts";
import { progressBar } from "./discover-progress.ts";
import type { TenantRecord, Walk } from "./discover-record.ts";

/** az is a process of its own for each token, and each is a Python interpreter. */
const MOST_AZ_PROCESSES = 4;

/** What stops in one tenant alone and ends with a stronger sign-in there: MFA is asked for, or not set up yet. */
const NEEDS_MFA = new Set(["AADSTS50076", "AADSTS50079"]);

/**
 * Every tenant that knows this identity and every subscription they show: a token and the list of tenants, then
 * for each tenant a token and its pages. A tenant that refuses is recorded; Ctrl-C ends the walk.
 */
export async function walkTenants(login: LoginPort, ctx: Context, start: SignInRequest): Promise<Walk> {
  ctx.progress("signing in");
  const first = await login.signIn(start);
  const { tenants, pages: tenantPages } = await listTenants(first, ctx);
  const bar = createBar(ctx, tenants.length);
  const limit = pLimit(first.auth === "cli" ? Math.min(ctx.concurrency, MOST_AZ_PROCESSES) : ctx.concurrency);
  try {
    const walking = { login, ctx, first, bar, again: start.fresh ? { fresh: true } : {} };
    const walked = await Promise.all(tenants.map((each) => limit(() => walkTenant(each, walking))));
    ctx.signal.throwIfAborted();
    return {
      formatVersion: 1,
      cloud: login.wanted.cloud.name,
      auth: first.auth,
      walkedAt: ctx.now().toISOString(),
      tenantPages,
      ...mergeTenants(walked),
    };
  } finally {
    // After a failure or Ctrl-C nothing new begins.
    limit.clearQueue();
  }
}

/** The tenants that know this identity, by one request for each page. */
export async function listTenants(
  signedIn: SignedIn,
  ctx: Context,
): Promise<{ tenants: Tenant[]; pages: number }> {
  ctx.progress("listing tenants");
  const tenants = new Map<string, Tenant>();
  let pages = 0;
  for await (const page of signedIn.listTenants()) {
    pages += 1;
    for (const each of page) tenants.set(each.tenantId, each);
    ctx.progress(`listing tenants: ${counted(tenants.size, "tenant")}`);
  }
  return { tenants: [...tenants.values()], pages };
}

interface Walking {
  login: LoginPort;
  ctx: Context;
  /** The sign-in that listed the tenants: its own tenant needs no other. */
  first: SignedIn;
  bar: Bar;
  /** Whether Entra is asked in every tenant, whatever the token cache holds. */
  again: Pick<SignInRequest, "fresh">;
}

async function walkTenant(tenant: Tenant, { login, ctx, first, bar, again }: Walking): Promise<WalkedTenant> {
  const { tenantId } = tenant;
  const subscriptions: VisibleSubscription[] = [];
  let pages = 0;
  try {
    ctx.signal.throwIfAborted();
    const signedIn = tenantId === first.tenantId ? first : await login.signIn({ tenantId, ...again });
    for await (const page of signedIn.listSubscriptions()) {
      pages += 1;
      subscriptions.push(...page);
      bar.add({ tenants: 0, subscriptions: page.length });
    }
    return { tenant: { ...tenant, state: "walked", pages }, subscriptions };
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof AppError)) throw error;
    const fix = signInCommand({ kind: first.auth, tenantId, cloud: login.wanted.cloud });
    return { tenant: { ...tenant, ...outcomeOf(error, fix), pages }, subscriptions };
  } finally {
    bar.add({ tenants: 1, subscriptions: 0 });
  }
}

type Outcome = Pick<TenantRecord, "state" | "code" | "reason" | "next">;

/** Why a tenant was not walked, and what to type next: the command alone where signing in is the remedy. */
function outcomeOf({ kind, code, message: reason, hint }: AppError, fix: string | undefined): Outcome {
  if (code !== undefined && NEEDS_MFA.has(code)) {
    return { state: "needs MFA", code, reason, next: fix ?? hint };
  }
  const at = fix === undefined ? -1 : (hint?.indexOf(fix) ?? -1);
  const next = at < 0 ? hint : hint?.slice(at);
  // Without a code nobody has answered: the tenant was never asked.
  return { state: kind === "auth" && code !== undefined ? "refused" : "failed", code, reason, next };
}

interface Bar {
  add(more: { tenants: number; subscriptions: number }): void;
}

function createBar(ctx: Context, tenants: number): Bar {
  const done = { tenants: 0, subscriptions: 0 };
  const show = (): void => ctx.progress(progressBar(done.tenants, tenants, done.subscriptions));
  show();
  return {
    add(more) {
      done.tenants += more.tenants;
      done.subscriptions += more.subscriptions;
      show();
    },
  };
}

/** Where a walk begins; any tenant of the identity will do. Without one, az's default account names a person's. */
export function startTenant({ wanted, azProfile, env }: LoginPort): string {
  const kind = chooseAuth(wanted.auth.value, { cloud: wanted.cloud, env });
  const isPerson = kind === "cli" || kind === "browser" || kind === "device";
  const account = defaultAzAccount(azProfile.accounts, wanted.cloud);
  const tenantId = wanted.tenant?.value ?? (isPerson ? account?.tenantId : undefined);
  if (tenantId !== undefined) return checkTenant(tenantId);
  throw new AppError("usage", "a walk begins in a tenant, and none is named", {
    hint: "azwise login discover --tenant <id or domain>",
  });
}
