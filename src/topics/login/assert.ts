import * as z from "zod";
import type { LoginPort, SignedIn } from "../../azure/login-ports.ts";
import { findPinMismatches } from "../../azure/pin.ts";
import { checkSubscriptions, checkTenant } from "../../azure/target.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { sameId } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { checkPin, checkPrincipal, checkSubscription, checkTenantId, type Check } from "./assert-check.ts";
import { viewAssert } from "./assert-view.ts";
import { onlySubscription } from "./login-choice.ts";
import { findSubscription } from "./whoami-find.ts";

const AssertInput = z.object({ principal: z.string().min(1, { error: "must not be empty" }).optional() });
type AssertInput = z.infer<typeof AssertInput>;

export interface AssertResult {
  cloud: string;
  signedIn: Pick<SignedIn, "tenantId" | "auth" | "principal">;
  subscription: string | undefined;
  checks: Check[];
}

/** As typed, but in the one form in which ids are compared. */
interface Expected {
  tenant: string | undefined;
  subscription: string | undefined;
  principal: string | undefined;
}

/** --tenant and --subscription are what is expected here, so the run goes where it would go without them. */
async function runAssert(input: AssertInput, ctx: Context): Promise<AssertResult> {
  const login = await ctx.login("flags");
  const expected = readExpected(input, login);
  const signedIn = await login.signIn({ tenantId: ownTenant(login) });
  const checks = [
    await compareTenant(expected, login, signedIn),
    await compareSubscription(expected, login, signedIn),
    expected.principal === undefined ? [] : checkPrincipal(expected.principal, signedIn),
    (await findPinMismatches(login)).map(checkPin),
  ].flat();
  const { cloud, subscriptions } = login.wanted;
  return { cloud: cloud.name, signedIn, subscription: subscriptions[0]?.value, checks };
}

function readExpected({ principal }: AssertInput, { flags }: LoginPort): Expected {
  const given = onlySubscription(flags.subscriptions.map((value) => ({ value })));
  const [subscription] = given === undefined ? [] : checkSubscriptions([given.value]);
  const tenant = flags.tenant === undefined ? undefined : checkTenant(flags.tenant);
  if (tenant !== undefined || subscription !== undefined || principal !== undefined) {
    return { tenant, subscription, principal };
  }
  const hint = "give --tenant, --subscription or --principal";
  throw new AppError("usage", "nothing is expected, so nothing can be compared", { hint });
}

function ownTenant({ wanted }: LoginPort): string {
  if (wanted.tenant) return checkTenant(wanted.tenant.value);
  throw new AppError("auth", "without the flags no tenant is named, so there is nothing to compare with", {
    hint: "set AZURE_TENANT_ID, or run azwise login --tenant <tenant> or azwise login pin first",
  });
}

async function compareTenant(expected: Expected, login: LoginPort, signedIn: SignedIn): Promise<Check[]> {
  const { tenant: given } = expected;
  if (given === undefined) return [];
  const tenantId = await login.findTenantId(given);
  return [checkTenantId({ given, tenantId }, signedIn)];
}

/** Azure is asked only when it is the expected one: that it is named does not mean that it can be seen. */
async function compareSubscription(
  { subscription }: Expected,
  { wanted }: LoginPort,
  signedIn: SignedIn,
): Promise<Check[]> {
  if (subscription === undefined) return [];
  const [named] = wanted.subscriptions;
  const isExpected = named !== undefined && sameId(named.value, subscription);
  const found = isExpected ? await findSubscription({ ...named, value: subscription }, signedIn) : undefined;
  return [checkSubscription(subscription, named, found)];
}

export const assert = verb({
  name: "assert",
  summary: "Stop the job unless this is the expected tenant, subscription and identity",
  examples: [
    "login assert --tenant contoso.com --subscription <id>",
    "login assert --tenant <id> --principal <client id>",
  ],
  flags: [{ flag: "--principal <id>", summary: "expected object id, client id or sign-in name" }],
  details: `
The first line of a job. --tenant and --subscription are what is expected: the run signs in to where it would go
without them, from variables, the pin, the active context or az. Exit 4 when anything differs or cannot be told.`,
  input: AssertInput,
  run: runAssert,
  view: viewAssert,
});
