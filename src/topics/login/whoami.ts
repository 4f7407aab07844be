import * as z from "zod";
import type { LoginPort, SignedIn } from "../../azure/login-ports.ts";
import { findPinMismatches, type PinMismatch } from "../../azure/pin.ts";
import type { Settings } from "../../azure/settings.ts";
import { checkSubscriptions, type Sourced, type Wanted } from "../../azure/target.ts";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { findTenant, onlySubscription } from "./login-choice.ts";
import { compareTool, type Agreement } from "./tools-compare.ts";
import type { ToolReading } from "./tools-reading.ts";
import { readTools } from "./tools.ts";
import { findDomain, findSubscription, type FoundSubscription, type TenantDomain } from "./whoami-find.ts";
import { viewWhoami } from "./whoami-view.ts";

const WhoamiInput = z.object({ allTools: z.boolean().default(false) });
type WhoamiInput = z.infer<typeof WhoamiInput>;

export interface ComparedTool {
  tool: ToolReading;
  agreement: Agreement;
}

export interface WhoamiResult {
  wanted: Wanted;
  settings: Settings;
  tenant: Sourced;
  domain: TenantDomain;
  subscription: FoundSubscription | undefined;
  signedIn: Pick<SignedIn, "auth" | "principal" | "expires">;
  now: Date;
  azProfile: Pick<LoginPort["azProfile"], "file" | "state">;
  mismatches: PinMismatch[];
  /** Undefined when nobody asked. */
  tools: ComparedTool[] | undefined;
}

async function runWhoami({ allTools }: WhoamiInput, ctx: Context): Promise<WhoamiResult> {
  const login = await ctx.login();
  const { wanted, settings } = login;
  const named = namedSubscription(wanted);
  const tenantId = await findTenant(login, wanted.tenant?.value, named?.value);
  const signedIn = await login.signIn({ tenantId });
  const tenant = { value: signedIn.tenantId, from: wanted.tenant?.from ?? "the subscription's challenge" };
  const [domain, subscription, mismatches] = await Promise.all([
    findDomain(login, signedIn),
    named && findSubscription(named, signedIn),
    findPinMismatches(login),
  ]);
  const result = {
    wanted,
    settings,
    tenant,
    domain,
    subscription,
    signedIn,
    now: login.clock.now(),
    azProfile: login.azProfile,
    mismatches,
  };
  const tools = allTools ? await compareTools(login, ctx.cwd, result) : undefined;
  return { ...result, tools };
}

function namedSubscription({ subscriptions }: Wanted): Sourced | undefined {
  const first = onlySubscription(subscriptions);
  if (!first) return undefined;
  const [value] = checkSubscriptions([first.value]);
  return { value, from: first.from };
}

type Self = Pick<WhoamiResult, "tenant" | "subscription" | "signedIn">;

async function compareTools(login: LoginPort, cwd: string, self: Self): Promise<ComparedTool[]> {
  const own = {
    cloud: login.wanted.cloud.name,
    tenantId: self.tenant.value,
    subscriptionId: self.subscription?.id,
    principal: self.signedIn.principal,
  };
  const tools = await readTools(login, { env: login.env, cwd });
  return tools.map((tool) => ({ tool, agreement: compareTool(tool, own) }));
}

export const whoami = verb({
  name: "whoami",
  summary: "Who this run would be, where it would go, and what says so",
  details: `
Signs in as any other verb would here; a token in the cache is good enough.
--all-tools reads the files and variables of other tools and starts none of them. A tool that leads to another
tenant, subscription or principal is exit 4, and so is a subscription that cannot be used from here.`,
  flags: [
    {
      flag: "--all-tools",
      summary: "compare az, AZURE_* and ARM_* variables, azd, kubelogin, DefaultAzureCredential",
    },
  ],
  examples: ["login whoami", "login whoami --all-tools", "login whoami -o json --query tenant.id"],
  input: WhoamiInput,
  run: runWhoami,
  view: viewWhoami,
});
