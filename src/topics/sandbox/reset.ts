import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { DEFAULT_WORLD, loadBundledWorld, saveWorld, WORLD_NAMES } from "../../sandbox/world-file.ts";
import { verb } from "../../verb.ts";
import { worldPath } from "./world-path.ts";

const ResetInput = z.object({ world: z.string().default(DEFAULT_WORLD) });
type ResetInput = z.infer<typeof ResetInput>;

interface ResetResult {
  world: string;
}

async function runReset({ world: name }: ResetInput, ctx: Context): Promise<ResetResult> {
  const world = await loadBundledWorld(name);
  if (!world) {
    throw new AppError("usage", `no such world: ${name}`, { hint: `there are ${WORLD_NAMES.join(", ")}` });
  }
  await saveWorld(worldPath(ctx), world);
  return { world: name };
}

function viewReset({ world }: ResetResult): View {
  return {
    data: { world },
    tables: [{ columns: [{ header: "world" }], rows: [{ cells: [world] }] }],
    notes: [{ level: "info", text: "the sandbox starts over; use it with --cloud sandbox" }],
  };
}

export const reset = verb({
  name: "reset",
  summary: "Start the sandbox over from a bundled world",
  details: `Worlds: ${WORLD_NAMES.join(", ")}.\nEverything done in the sandbox so far is forgotten: resources, faults and its clock.`,
  args: ["[world]"],
  flags: [],
  examples: ["sandbox reset", "sandbox reset enterprise"],
  input: ResetInput,
  run: runReset,
  view: viewReset,
});
