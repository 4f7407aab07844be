import { dirname } from "node:path";
import * as z from "zod";
import { findPinFile, readPin, removePin, type Pin } from "../../azure/settings.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { pinJson, pinTable } from "./pin-table.ts";

const UnpinInput = z.object({});

interface UnpinResult {
  /** Undefined when there is no pin. */
  file: string | undefined;
  /** Empty when nobody could read it. */
  pin: Pin;
}

async function runUnpin(_: unknown, ctx: Context): Promise<UnpinResult> {
  const file = await findPinFile(ctx.cwd);
  if (file === undefined) return { file, pin: {} };
  const pin = await readIfValid(dirname(file));
  await removePin(file);
  return { file, pin };
}

async function readIfValid(folder: string): Promise<Pin> {
  try {
    return (await readPin(folder)) ?? {};
  } catch (error) {
    // Whatever is wrong with it ends here.
    if (error instanceof AppError) return {};
    throw error;
  }
}

function viewUnpin({ file, pin }: UnpinResult): View {
  if (file === undefined) {
    const text = "there is no .azwise.json in this folder, or in one above it: nothing to remove";
    return { data: { removed: null }, tables: [], notes: [{ level: "info", text }] };
  }
  return {
    data: { removed: pinJson({ file, pin }) },
    tables: [pinTable(pin)],
    notes: [{ level: "info", text: `${file} is removed` }],
  };
}

export const unpin = verb({
  name: "unpin",
  summary: "Remove the pin of this folder",
  examples: ["login unpin"],
  flags: [],
  details: `
Removes the nearest .azwise.json, from the working directory upward, and shows what it pinned. Where there is
none, nothing is to be done, and the exit code is 0.`,
  input: UnpinInput,
  run: runUnpin,
  view: viewUnpin,
});
