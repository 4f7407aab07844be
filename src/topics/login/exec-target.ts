import { chooseAuth, type AuthKind } from "../../azure/auth-kind.ts";
import type { Cloud } from "../../azure/clouds.ts";
import type { LoginPort } from "../../azure/login-ports.ts";
import { requirePin } from "../../azure/pin.ts";
import { checkSubscriptions } from "../../azure/target.ts";
import { contextNamed, readConfig } from "../../azure/settings.ts";
import type { Context } from "../../context.ts";
import { sameId } from "../../resource-id.ts";
import { unknownContext } from "./context-name.ts";
import { findTenant, onlySubscription } from "./login-choice.ts";

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

/** One tenant and at most one subscription, which the folder's pin allows; what is no GUID costs one request. */
export async function findExecTarget(login: LoginPort): Promise<ExecTarget> {
  const { wanted, env } = login;
  const { cloud } = wanted;
  await requirePin(login);
  const named = onlySubscription(wanted.subscriptions);
  const [subscription] = named === undefined ? [] : checkSubscriptions([named.value]);
  const tenantId = await findTenant(login, wanted.tenant?.value, subscription);
  const kind = chooseAuth(wanted.auth.value, { cloud, env });
  const isLeftOut = named?.by === "az" && !isOfTenant(login, named.value, tenantId);
  return { kind, cloud, tenantId, subscriptionId: isLeftOut ? undefined : subscription };
}

/** Nobody asked for az's default subscription, so it counts only where it belongs to what was asked for. */
function isOfTenant({ azProfile }: LoginPort, subscription: string, tenantId: string): boolean {
  return azProfile.accounts.some(
    (each) => sameId(each.subscriptionId, subscription) && sameId(each.tenantId, tenantId),
  );
}
