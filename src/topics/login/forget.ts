import * as z from "zod";
import { forgetContext } from "../../azure/contexts.ts";
import { forgetPerson } from "../../azure/saved-account.ts";
import { contextNamed, readConfig, type SavedContext } from "../../azure/settings.ts";
import { createTokenStore } from "../../azure/token-store.ts";
import type { Context } from "../../context.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { unknownContext } from "./context-name.ts";
import { contextJson, contextTable } from "./context-table.ts";

const ForgetInput = z.object({ name: z.string() });

interface ForgetResult {
  name: string;
  context: SavedContext;
  wasActive: boolean;
  /** The context that still needs the tokens of the same tenant; undefined when they were removed. */
  usedBy: string | undefined;
}

async function runForget({ name }: z.infer<typeof ForgetInput>, ctx: Context): Promise<ForgetResult> {
  const config = await readConfig(ctx.folders.config);
  const context = contextNamed(config, name);
  if (context === undefined) throw unknownContext(name, config);
  const others = Object.entries(config.contexts ?? {}).filter(([each]) => each !== name);
  const usedBy = others.find(([, each]) => isSameTenant(each, context))?.[0];
  // First, so that the command can be repeated when they cannot be removed.
  if (usedBy === undefined) await forgetTokens(context, ctx);
  await forgetContext(ctx.folders.config, name);
  return { name, context, wasActive: config.active === name, usedBy };
}

function isSameTenant(one: SavedContext, other: SavedContext): boolean {
  return cloudOf(one) === cloudOf(other) && one.tenant?.toLowerCase() === other.tenant?.toLowerCase();
}

function cloudOf({ cloud = "public" }: SavedContext): string {
  return cloud;
}

async function forgetTokens(context: SavedContext, ctx: Context): Promise<void> {
  const { tenant } = context;
  if (tenant === undefined) return;
  const cloud = cloudOf(context);
  const { env, signal, folders, say } = ctx;
  await createTokenStore({ folder: folders.cache, warn: say }).forgetTenant(cloud, tenant);
  const problem = await forgetPerson(
    { stateFolder: folders.state, cloud, tenantId: tenant },
    { env, signal },
  );
  if (problem !== undefined) say(`warning: the kept sign-in may still be in the secret store: ${problem}`);
}

function viewForget({ name, context, wasActive, usedBy }: ForgetResult): View {
  const shown = { name, context, active: false };
  const tokens =
    usedBy === undefined
      ? "its cached tokens are removed as well"
      : `its cached tokens are kept: context ${usedBy} is of the same tenant`;
  const notes = wasActive ? [tokens, "no context is active now: azwise login use <name>"] : [tokens];
  return {
    data: { forgotten: contextJson(shown), tokensKeptFor: usedBy ?? null },
    tables: [contextTable([shown])],
    notes: notes.map((text) => ({ level: "info", text })),
  };
}

export const forget = verb({
  name: "forget",
  summary: "Remove a saved context and its cached tokens",
  examples: ["login forget prod"],
  args: ["<name>"],
  flags: [],
  details: `
Nothing is sent, and nothing is asked. Tokens stay when another context is of the same tenant.`,
  input: ForgetInput,
  run: runForget,
  view: viewForget,
});
