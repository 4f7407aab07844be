import * as z from "zod";
import { useContext, type NamedContext } from "../../azure/contexts.ts";
import { findPin, readConfig, type FoundPin } from "../../azure/settings.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { unknownContext } from "./context-name.ts";
import { contextJson, contextTable } from "./context-table.ts";
import { laterCloud, pinNotes } from "./pin-note.ts";

const UseInput = z.object({ name: z.string() });

interface UseResult extends NamedContext {
  pin: FoundPin | undefined;
  /** Where runs in this folder go from now on. */
  cloud: string | undefined;
}

async function runUse({ name }: z.infer<typeof UseInput>, ctx: Context): Promise<UseResult> {
  const used = await useContext(ctx.folders.config, name);
  if (used === undefined) throw await notThere(name, ctx);
  const pin = await findPin(ctx.cwd);
  return { ...used, pin, cloud: laterCloud(ctx.env, pin, used.context) };
}

async function notThere(name: string, ctx: Context): Promise<AppError> {
  const config = await readConfig(ctx.folders.config);
  if (name !== "-") return unknownContext(name, config);
  const { previous } = config;
  const why = previous === undefined ? "no context was active before" : `context "${previous}" is gone`;
  return new AppError("usage", `cannot go back: ${why}`, { hint: "azwise login contexts" });
}

function viewUse({ name, context, pin, cloud }: UseResult): View {
  const shown = { name, context, active: true };
  return {
    data: contextJson(shown),
    tables: [contextTable([shown])],
    notes: pinNotes(context, pin, cloud),
  };
}

export const use = verb({
  name: "use",
  summary: "Make a saved context the active one",
  examples: ["login use prod", "login use -"],
  args: ["<name>"],
  flags: [],
  details: `
"-" goes back to the context that was active before. Nothing is sent.`,
  input: UseInput,
  run: runUse,
  view: viewUse,
});
