import * as z from "zod";
import { checkContextName, saveContext } from "../../azure/contexts.ts";
import type { LoginPort, SignedIn, SignInRequest } from "../../azure/login-ports.ts";
import type { Subscription } from "../../azure/ports.ts";
import { findPin, readConfig, type FoundPin, type SavedContext } from "../../azure/settings.ts";
import { requireUsable } from "../../azure/subscriptions.ts";
import { shellWord } from "../../azure/shell-word.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { isGuid } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { sameName } from "./discover-find.ts";
import { findDestination, type Destination } from "./login-destination.ts";
import { chooseName, type ChosenName } from "./login-name.ts";
import { viewLogin } from "./login-view.ts";

const LoginInput = z.object({
  name: z.string().optional(),
  discover: z.boolean().default(false),
  claimsChallenge: z
    .string()
    .refine(isClaims, { error: "this is not a claims challenge: base64 of a JSON object, as it was printed" })
    .optional(),
});
type LoginInput = z.infer<typeof LoginInput>;

export interface LoginResult extends ChosenName {
  context: SavedContext;
  subscription: Subscription | undefined;
  signedIn: SignedIn;
  pin: FoundPin | undefined;
}

async function runLogin(input: LoginInput, ctx: Context): Promise<LoginResult> {
  if (input.name !== undefined) checkContextName(input.name);
  const login = await ctx.login();
  const interactive = mayAskPerson(login, ctx);
  const how = { discover: input.discover, interactive };
  const destination = await findDestination(login, ctx, how).catch((error: unknown) => {
    throw withWholeCommand(error, input, login.flags.subscriptions[0]);
  });
  ctx.progress("signing in");
  const { claimsChallenge: claims } = input;
  const request = {
    tenantId: destination.tenantId,
    fresh: destination.walked !== true,
    interactive,
    ...(claims === undefined ? {} : { claims }),
  };
  const { signedIn, subscription } = await reach(login, request, destination).catch((error: unknown) => {
    throw withWholeCommand(error, input, destination.subscriptionId);
  });
  const context = toContext(login, signedIn, { destination, subscription });
  const chosen = chooseName(input.name, context, await readConfig(ctx.folders.config));
  await saveContext(ctx.folders.config, chosen.name, context);
  return { ...chosen, context, subscription, signedIn, pin: await findPin(ctx.cwd) };
}

async function reach(
  login: LoginPort,
  request: SignInRequest,
  destination: Destination,
): Promise<Pick<LoginResult, "signedIn" | "subscription">> {
  const signedIn = await login.signIn(request);
  return { signedIn, subscription: await readSubscription(signedIn, destination) };
}

/** The command in the hint of a refusal names the tenant alone; who types it wants the same as now. */
function withWholeCommand(error: unknown, { name }: LoginInput, subscription: string | undefined): unknown {
  if (!(error instanceof AppError) || error.hint === undefined) return error;
  const { kind, message, code, because } = error;
  const flags = [
    ...(subscription === undefined ? [] : ["--subscription", shellWord(subscription)]),
    ...(subscription === undefined || isGuid(subscription) ? [] : ["--discover"]),
    ...(name === undefined ? [] : ["--name", name]),
  ];
  const hint = error.hint.replace(/azwise login --tenant \S+/, (command) => [command, ...flags].join(" "));
  if (hint === error.hint) return error;
  return new AppError(kind, message, {
    ...(code === undefined ? {} : { code }),
    hint,
    because,
    cause: error,
  });
}

/** Device and browser are chosen by name, so whoever typed that is there, also where there is no terminal. */
function mayAskPerson({ wanted }: LoginPort, ctx: Context): boolean {
  if (wanted.cloud.name === "sandbox") return ctx.attended;
  return wanted.auth.value === "device" || wanted.auth.value === "browser";
}

/** Exactly the named one, by one request; undefined when none is named. */
async function readSubscription(
  signedIn: SignedIn,
  { subscriptionId: id, expectedName }: Destination,
): Promise<Subscription | undefined> {
  if (id === undefined) return undefined;
  const { tenantId } = signedIn;
  const found = requireUsable(await signedIn.getSubscription(id), { id, tenantId });
  if (expectedName === undefined || sameName(found.name, expectedName)) return found;
  throw new AppError("auth", `subscription ${id} is now called "${found.name}", not "${expectedName}"`, {
    hint: "walk again with azwise login discover, or give the id",
  });
}

interface Reached {
  destination: Destination;
  subscription: Subscription | undefined;
}

function toContext(
  login: LoginPort,
  signedIn: SignedIn,
  { destination, subscription }: Reached,
): SavedContext {
  const { auth, principal, tenantId } = signedIn;
  const { domain } = destination;
  const principalName = principal.name ?? principal.id;
  return {
    cloud: login.wanted.cloud.name,
    tenant: tenantId,
    ...(domain === undefined ? {} : { domain }),
    ...(subscription ? { subscription: subscription.id, subscriptionName: subscription.name } : {}),
    auth,
    ...(principalName === undefined ? {} : { principal: principalName }),
  };
}

function isClaims(text: string): boolean {
  try {
    const claims: unknown = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
    return typeof claims === "object" && claims !== null;
  } catch {
    return false;
  }
}

/** What the noun alone does. */
export const login = verb({
  name: "login",
  summary: "Sign in to one tenant and subscription; contexts, pins, doctor",
  details: `
--tenant takes a GUID or a domain. Without it the subscription's own challenge names its tenant. Exactly the
named subscription is read, nothing is enumerated, and the context is stored and made active.`,
  flags: [
    { flag: "--name <context>", summary: "name of the context; replaces one of that name", once: true },
    { flag: "--discover", summary: "look --subscription up by its name, in the last walk or a new one" },
    { flag: "--claims-challenge <base64>", summary: "satisfy a challenge, as azwise printed it" },
  ],
  examples: [
    "login --tenant contoso.com --subscription <id>",
    "login --subscription <id> --auth device",
    'login --discover --subscription "Contoso Production" --name prod',
  ],
  input: LoginInput,
  run: runLogin,
  view: viewLogin,
});
