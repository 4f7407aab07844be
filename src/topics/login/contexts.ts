import * as z from "zod";
import { contextNamed, findPin, readConfig, type SavedContext } from "../../azure/settings.ts";
import type { Context } from "../../context.ts";
import type { Note, View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { contextJson, contextTable, type ShownContext } from "./context-table.ts";
import { laterCloud, pinNotes } from "./pin-note.ts";

const ContextsInput = z.object({});

interface ContextsResult {
  contexts: ShownContext[];
  /** The name of an active context that is not there. */
  dangling: string | undefined;
  /** What the folder's pin changes about the active context. */
  pinNotes: Note[];
}

async function runContexts(_: unknown, ctx: Context): Promise<ContextsResult> {
  const config = await readConfig(ctx.folders.config);
  const contexts = Object.entries(config.contexts ?? {}).map(([name, context]) => ({
    name,
    context,
    active: name === config.active,
  }));
  return {
    contexts: contexts.sort((left, right) => left.name.localeCompare(right.name, "en")),
    dangling: contextNamed(config, config.active) ? undefined : config.active,
    pinNotes: await readPinNotes(contextNamed(config, config.active), ctx),
  };
}

async function readPinNotes(active: SavedContext | undefined, ctx: Context): Promise<Note[]> {
  const pin = await findPin(ctx.cwd);
  return active === undefined ? [] : pinNotes(active, pin, laterCloud(ctx.env, pin, active));
}

function viewContexts({ contexts, dangling, pinNotes }: ContextsResult): View {
  return {
    data: { contexts: contexts.map(contextJson) },
    tables: contexts.length === 0 ? [] : [contextTable(contexts)],
    notes: [...noteNone(contexts), ...noteDangling(dangling), ...pinNotes],
  };
}

function noteNone(contexts: readonly ShownContext[]): Note[] {
  if (contexts.length > 0) return [];
  return [{ level: "info", text: "there is no context yet: azwise login --tenant <tenant> makes one" }];
}

function noteDangling(name: string | undefined): Note[] {
  if (name === undefined) return [];
  const text = `the active context "${name}" does not exist, so none is active: azwise login use <name>`;
  return [{ level: "warning", text }];
}

export const contexts = verb({
  name: "contexts",
  summary: "The saved contexts, with the active one marked",
  examples: ["login contexts", "login contexts -o json"],
  flags: [],
  details: `
Nothing is sent. Tenants and subscriptions are shown by name where it is known; JSON has the ids.`,
  input: ContextsInput,
  run: runContexts,
  view: viewContexts,
});
