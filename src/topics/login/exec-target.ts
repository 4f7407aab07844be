import { chooseAuth, type AuthKind } from "../../azure/auth-kind.ts";
import type { Cloud } from "../../azure/clouds.ts";
import type { LoginPort } from "../../azure/login-ports.ts";
import { requirePin } from "../../azure/pin.ts";
import { checkSubscriptions, checkTenant } from "../../azure/target.ts";
import { contextNamed, readConfig } from "../../azure/settings.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { sameId } from "../../resource-id.ts";
import { unknownContext } from "./context-name.ts";

/** Where a command is to run, as ids. */
export interface ExecTarget {
  kind: AuthKind;
  cloud: Cloud;
  tenantId: string;
  /** Undefined when only a tenant is named. */
  subscriptionId: string | undefined;
}

/** Sign-in for the named context, else for where any run from here would go. */
export async function openContext(name: string | undefined, ctx: Context): Promise<LoginPort> {
  if (name === undefined) return ctx.login();
  const config = await readConfig(ctx.folders.config);
  const context = contextNamed(config, name);
  if (context === undefined) throw unknownContext(name, config);
  return ctx.login({ name, context });
}

/** One tenant and at most one subscription, which the folder's pin allows; a domain costs one request. */
export async function findExecTarget(login: LoginPort): Promise<ExecTarget> {
  const { wanted, env } = login;
  const { cloud } = wanted;
  await requirePin(login);
  const tenantId = await login.findTenantId(checkTenant(wanted.tenant?.value));
  const kind = chooseAuth(wanted.auth.value, { cloud, env });
  return { kind, cloud, tenantId, subscriptionId: findSubscriptionId(login, tenantId) };
}

function findSubscriptionId({ wanted, azProfile }: LoginPort, tenantId: string): string | undefined {
  const [named] = wanted.subscriptions;
  if (named === undefined) return undefined;
  // Nobody asked for az's default subscription, so it counts only where it belongs to what was asked for.
  const isOfTenant = azProfile.accounts.some(
    (each) => sameId(each.subscriptionId, named.value) && sameId(each.tenantId, tenantId),
  );
  if (named.by === "az" && !isOfTenant) return undefined;
  const [id, another] = checkSubscriptions(wanted.subscriptions.map(({ value }) => value));
  if (another === undefined) return id;
  const hint = "give --subscription once";
  throw new AppError("usage", "a command runs in one subscription, not in several", { hint });
}
