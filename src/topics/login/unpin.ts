import * as z from "zod";
import { findPin, removePin, type FoundPin } from "../../azure/settings.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { pinJson, pinTable } from "./pin-table.ts";

const UnpinInput = z.object({});

async function runUnpin(_: unknown, ctx: Context): Promise<FoundPin> {
  const found = await findPin(ctx.cwd);
  if (found === undefined) {
    const hint = "nothing to do; azwise login pin makes one";
    throw new AppError("usage", "there is no .azwise.json in this folder, or in one above it", { hint });
  }
  await removePin(found.file);
  return found;
}

function viewUnpin(found: FoundPin): View {
  return {
    data: { removed: pinJson(found) },
    tables: [pinTable(found.pin)],
    notes: [{ level: "info", text: `${found.file} is removed` }],
  };
}

export const unpin = verb({
  name: "unpin",
  summary: "Remove the pin of this folder",
  examples: ["login unpin"],
  flags: [],
  details: `
Removes the nearest .azwise.json, from the working directory upward, and shows what it pinned.`,
  input: UnpinInput,
  run: runUnpin,
  view: viewUnpin,
});
